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
    /// <summary>The working directory. Null creates an empty one and deletes it at the end.</summary>
    public DirectoryInfo? Directory { get; init; }

    /// <summary>A command that starts the server, such as a shell that sets a limit first.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>The program's command and options.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = ["--urls", "http://127.0.0.1:0"];

    /// <summary>Environment variables in addition to ENV=demo.</summary>
    public IEnumerable<(string Variable, string Value)> Settings { get; init; } = [];
}

/// <summary>A server process on a free port, without the caller's settings; by default in an empty directory.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 30;
    private const int SigTerm = 15;
    private const long GarbageCollectKeyword = 0x800000;
    private const int Collections = 20;

    /// <summary>The variables that a .NET program needs. Others are not inherited, because they could be settings.</summary>
    private static readonly string[] InheritedVariables =
    [
        "PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64",
        "DOTNET_TC_CallCounting", "DOTNET_TieredCompilation", "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit",
    ];

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

    public Uri Address => Addresses[0];

    /// <summary>The server's addresses, in the order of its log.</summary>
    public IReadOnlyList<Uri> Addresses => _addresses.Task.Result;

    public bool IsRunning => !_process.HasExited;

    /// <summary>The database of the service.</summary>
    public string DatabaseFile => Path.Combine(_directory.FullName, "app.db");

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Private memory in bytes, without memory that is shared or backed by files.</summary>
    public long PrivateMemory => Status("RssAnon");

    public long WorkingSet => Status("VmRSS");

    /// <summary>Open connections of all clients.</summary>
    public int OpenConnections
    {
        get
        {
            // Example: "0: 0100007F:1F40 0100007F:C350 01 ..." is number, local address, remote address, state.
            var end = $":{Address.Port:X4}";
            return File.ReadLines("/proc/net/tcp")
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Count(fields => fields[1].EndsWith(end, StringComparison.Ordinal) && fields[3] == "01");
        }
    }

    /// <summary>Called with each output line, on any thread.</summary>
    public Action<string> Wrote { get; set; } = _ => { };

    /// <summary>The last output lines.</summary>
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

    /// <summary>Starts the service with <c>ENV=demo</c>, a new database, and more settings.</summary>
    public static Task<ServerProcess> StartServiceAsync(string service, params IEnumerable<(string Variable, string Value)> settings) =>
        StartServiceAsync(service, new ServerSetup { Settings = settings });

    /// <summary>Starts the service on a given port, such as the port of a service that has ended.</summary>
    public static Task<ServerProcess> StartServiceAsync(
        string service, int port, params IEnumerable<(string Variable, string Value)> settings) =>
        StartServiceAsync(service, new ServerSetup
        {
            Arguments = ["--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")],
            Settings = settings,
        });

    public static Task<ServerProcess> StartServiceAsync(string service, ServerSetup setup) =>
        StartAsync(new ServerProcess([service], setup));

    /// <summary>Starts the service without waiting until it listens.</summary>
    public static ServerProcess LaunchService(string service, ServerSetup setup) => new ServerProcess([service], setup).Launched();

    /// <summary>Starts the bare host with the service's database, runtime settings and log settings.</summary>
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

    /// <summary>Forces several garbage collections. The runtime releases memory only after some collections without use.</summary>
    public async Task CollectGarbageAsync()
    {
        for (var time = 0; time < Collections; time++)
        {

            // A trace session with this keyword makes the runtime collect.
            var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GarbageCollectKeyword);
            using var session = new DiagnosticsClient(_process.Id).StartEventPipeSession(provider, requestRundown: false);
            var events = session.EventStream.CopyToAsync(Stream.Null);
            await Task.Delay(CollectionTime, TimeProvider.System);
            await session.StopAsync(CancellationToken.None);
            await events;
        }
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The time to stop, and the exit code; null if the server did not end within <see cref="StopLimit"/>.</returns>
    public async Task<(TimeSpan Took, int? ExitCode)> StopAsync()
    {
        var start = Stopwatch.GetTimestamp();
        _ = SendSignal(_process.Id, SigTerm);
        var exitCode = await EndAsync(StopLimit);
        return (Stopwatch.GetElapsedTime(start), exitCode);
    }

    /// <summary>Kills the server, like <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until the server listens.</summary>
    /// <returns>False if the server has ended, or does not listen within the limit.</returns>
    public async Task<bool> ServesAsync(TimeSpan limit)
    {
        await ((Task)_addresses.Task).WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _addresses.Task.IsCompletedSuccessfully;
    }

    /// <summary>Waits until the server ends by itself.</summary>
    /// <returns>The exit code; null if the server did not end within the limit.</returns>
    public async Task<int?> EndAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.HasExited ? _process.ExitCode : null;
    }

    /// <summary>Stops the server, kills it if needed, and removes its directory.</summary>
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
            throw new TimeoutException($"The server did not log its address within {StartLimit.TotalSeconds} s.\n{server.LastLines}");
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

    // Both pipes are always read. A full pipe would block the server.
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
