using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.NETCore.Client;

namespace MockSre.Checks;

/// <summary>How a server is started.</summary>
internal sealed record ServerSetup
{
    /// <summary>The working directory, which stays. Null means an empty one that goes with the process.</summary>
    public DirectoryInfo? Directory { get; init; }

    /// <summary>Runs the rest of the command, such as a shell that sets a limit first.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>The program's command and options.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = ["--urls", "http://127.0.0.1:0"];

    /// <summary>Variables on top of ENV=demo.</summary>
    public IEnumerable<(string Variable, string Value)> Settings { get; init; } = [];
}

/// <summary>A server as a process of its own, on a free port, in an empty directory, with nothing of the caller's settings.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 30;
    private const int SigTerm = 15;
    private const long GarbageCollectKeyword = 0x800000;
    private const int Collections = 20;

    /// <summary>All that a .NET program needs of the caller's environment. Everything else could be a setting.</summary>
    private static readonly string[] InheritedVariables = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"];

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CollectionTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _directory;
    private readonly bool _ownsDirectory;
    private readonly TaskCompletionSource<IReadOnlyList<Uri>> _addresses = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastLines = new();
    private readonly Process _process;

    private ServerProcess(IEnumerable<string> program, ServerSetup setup)
    {
        _ownsDirectory = setup.Directory is null;
        _directory = setup.Directory ?? Directory.CreateTempSubdirectory("mocksre-checks-");
        string[] command = [.. setup.Launcher, "dotnet", .. program, .. setup.Arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
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
        foreach (var (variable, value) in setup.Settings)
        {
            start.Environment[variable] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _addresses.TrySetException(new InvalidOperationException($"The server ended at once.\n{LastLines}"));
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    /// <summary>Where it serves.</summary>
    public Uri Address => Addresses[0];

    /// <summary>Everywhere it serves, in the order in which it says so.</summary>
    public IReadOnlyList<Uri> Addresses => _addresses.Task.Result;

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !_process.HasExited;

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
        StartServiceAsync(service, new ServerSetup { Settings = settings });

    /// <summary>Starts it on a port that is known, such as the one of a service that has ended.</summary>
    public static Task<ServerProcess> StartServiceAsync(
        string service, int port, params IEnumerable<(string Variable, string Value)> settings) =>
        StartServiceAsync(service, new ServerSetup
        {
            Arguments = ["--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")],
            Settings = settings,
        });

    /// <summary>Starts it as told.</summary>
    public static Task<ServerProcess> StartServiceAsync(string service, ServerSetup setup) =>
        StartAsync(new ServerProcess([service], setup));

    /// <summary>Starts it and does not wait until it serves.</summary>
    public static ServerProcess LaunchService(string service, ServerSetup setup) => new ServerProcess([service], setup).Launched();

    /// <summary>Starts the bare host that the service is measured against: its database, its settings of the runtime and of logging.</summary>
    public static Task<ServerProcess> StartBareAsync(string service, string databaseFile) => StartAsync(new ServerProcess([
        "exec",
        "--runtimeconfig",
        Path.ChangeExtension(service, ".runtimeconfig.json"),
        typeof(ServerProcess).Assembly.Location,
        BareHost.CommandName,
        databaseFile,
        "--contentRoot",
        Path.GetDirectoryName(service)!,
    ], new ServerSetup()));

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
        var exitCode = await EndAsync(StopLimit);
        return (Stopwatch.GetElapsedTime(start), exitCode);
    }

    /// <summary>Kills it, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it serves.</summary>
    /// <returns>False where it has ended, or does not serve within the limit.</returns>
    public async Task<bool> ServesAsync(TimeSpan limit)
    {
        await ((Task)_addresses.Task).WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _addresses.Task.IsCompletedSuccessfully;
    }

    /// <summary>Waits for it to end by itself.</summary>
    /// <returns>The exit code; null for a server that did not end within the limit.</returns>
    public async Task<int?> EndAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.HasExited ? _process.ExitCode : null;
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
            await server.Launched()._addresses.Task.WaitAsync(StartLimit);
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

    private ServerProcess Launched()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return this;
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
            _addresses.TrySetResult([.. greeting.Groups[1].Value.Split(", ").Select(address => new Uri(address))]);
        }
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(StopLimit);
        }

        if (_ownsDirectory && _directory.Exists)
        {
            _directory.Delete(recursive: true);
            _directory.Refresh();
        }
    }

    [GeneratedRegex(@" is at (http://[0-9.:]+(, http://[0-9.:]+)*)")]
    private static partial Regex Greeting();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
