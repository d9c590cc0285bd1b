using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.NETCore.Client;

namespace MockSre.Checks;

/// <summary>A server as a process of its own, on a free port, in an empty directory, with nothing of the caller's settings.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 30;
    private const int SigTerm = 15;
    private const long GarbageCollectKeyword = 0x800000;
    private const int Collections = 20;

    /// <summary>Whatever port the system chooses.</summary>
    private const int FreePort = 0;

    /// <summary>All that a .NET program needs of the caller's environment. Everything else could be a setting.</summary>
    private static readonly string[] InheritedVariables = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"];

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CollectionTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-checks-");
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastLines = new();
    private readonly Process _process;

    private ServerProcess(IEnumerable<string> command, int port, params IEnumerable<(string Variable, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [.. command, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in start.Environment.Keys.Except(InheritedVariables).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["ENV"] = "demo";
        start.Environment["DATABASE_URL"] = $"sqlite:///{DatabaseFile}";
        foreach (var (variable, value) in settings)
        {
            start.Environment[variable] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The server ended at once.\n{LastLines}"));
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    /// <summary>Where it serves.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>The database that a service started here has made.</summary>
    public string DatabaseFile => Path.Combine(_directory.FullName, "app.db");

    /// <summary>Processor time it has taken so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that it holds for itself alone, in bytes: what it shares with other programs or can read again is left out.</summary>
    public long PrivateMemory => Status("RssAnon");

    /// <summary>All memory of its that is present, in bytes.</summary>
    public long WorkingSet => Status("VmRSS");

    /// <summary>Connections to it that are open, whoever opened them.</summary>
    public int OpenConnections
    {
        get
        {
            // Such as "0: 0100007F:1F40 0100007F:C350 01 ...": number, own end, other end, state.
            var end = $":{Address.Port:X4}";
            return File.ReadLines("/proc/net/tcp")
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Count(fields => fields[1].EndsWith(end, StringComparison.Ordinal) && fields[3] == "01");
        }
    }

    /// <summary>Called with each line that it writes, on any thread.</summary>
    public Action<string> Wrote { get; set; } = _ => { };

    /// <summary>The last lines that it wrote.</summary>
    public string LastLines
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    /// <summary>Starts the service, in ENV=demo with a fresh database, with the settings given on top.</summary>
    public static Task<ServerProcess> StartServiceAsync(string service, params IEnumerable<(string Variable, string Value)> settings) =>
        StartServiceAsync(service, FreePort, settings);

    /// <summary>Starts it on a port that is known, such as the one of a service that has ended.</summary>
    public static Task<ServerProcess> StartServiceAsync(string service, int port, params IEnumerable<(string Variable, string Value)> settings) =>
        StartAsync(new ServerProcess([service], port, settings));

    /// <summary>Starts the bare host that the service is measured against: its database, its settings of the runtime and of logging.</summary>
    public static Task<ServerProcess> StartBareAsync(string service, string databaseFile) => StartAsync(new ServerProcess([
        "exec",
        "--runtimeconfig",
        Path.ChangeExtension(service, ".runtimeconfig.json"),
        typeof(ServerProcess).Assembly.Location,
        BareHost.Command,
        databaseFile,
        "--contentRoot",
        Path.GetDirectoryName(service)!,
    ], FreePort));

    /// <summary>Makes it collect its garbage, and often: the runtime parts with memory only when it has gone unused for some collections.</summary>
    public async Task CollectGarbageAsync()
    {
        for (var time = 0; time < Collections; time++)
        {

            // Whoever listens for this keyword makes the runtime collect.
            using var session = new DiagnosticsClient(_process.Id).StartEventPipeSession(
                new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GarbageCollectKeyword), requestRundown: false);
            var events = session.EventStream.CopyToAsync(Stream.Null);
            await Task.Delay(CollectionTime, TimeProvider.System);
            await session.StopAsync(CancellationToken.None);
            await events;
        }
    }

    /// <summary>Tells the server to stop, as a terminal or a container does, and waits for its end.</summary>
    /// <returns>How long it took, and the exit code; null for a server that did not end within <see cref="StopLimit"/>.</returns>
    public async Task<(TimeSpan Took, int? ExitCode)> StopAsync()
    {
        var start = Stopwatch.GetTimestamp();
        _ = SendSignal(_process.Id, SigTerm);
        using var limit = new CancellationTokenSource(StopLimit);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (Stopwatch.GetElapsedTime(start), _process.HasExited ? _process.ExitCode : null);
    }

    /// <summary>Asks it to stop, insists if it does not, and leaves nothing behind.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                await StopAsync();
            }
        }
        finally
        {
            Kill(this, EventArgs.Empty);
            AppDomain.CurrentDomain.ProcessExit -= Kill;
            _process.Dispose();
        }
    }

    private static async Task<ServerProcess> StartAsync(ServerProcess server)
    {
        try
        {
            server._process.Start();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            await server._address.Task.WaitAsync(StartLimit);
            return server;
        }
        catch (TimeoutException)
        {
            await server.DisposeAsync();
            throw new TimeoutException($"The server did not say within {StartLimit.TotalSeconds} s where it is.\n{server.LastLines}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private long Status(string field) => File.ReadLines($"/proc/{_process.Id}/status")
        .Where(line => line.StartsWith($"{field}:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024)
        .Single();

    // Both pipes are read to the end: a full one would stop the server at its next line of log.
    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept)
            {
                _lastLines.Dequeue();
            }
        }

        Wrote(line);
        if (Greeting().Match(line) is { Success: true } greeting)
        {
            _address.TrySetResult(new Uri(greeting.Groups[1].Value));
        }
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(StopLimit);
        }

        if (_directory.Exists)
        {
            _directory.Delete(recursive: true);
            _directory.Refresh();
        }
    }

    [GeneratedRegex(@" is at (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Greeting();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
