using System.Diagnostics;
using System.Globalization;
using MockSre.Domain.Settings;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Tests.Composition;

/// <summary>The real program in its own process and working directory.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string OwnStatus = "/proc/self/status";
    private const ulong InterruptBit = 0x2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServiceProcess(Process process) => _process = process;

    public static DirectoryInfo NewDirectory() => Directory.CreateTempSubdirectory("mocksre-test");

    public static ServiceProcess Start(
        DirectoryInfo directory, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(directory, environment, "dotnet", [ServiceProgram.File, .. arguments]);

    /// <summary>Starts the program with a limit on open files and sockets.</summary>
    public static ServiceProcess StartWithDescriptors(int descriptors, DirectoryInfo directory, params string[] arguments) => Start(
        directory,
        new Dictionary<string, string>(),
        "sh",
        [
            "-c", string.Create(CultureInfo.InvariantCulture, $"ulimit -n {descriptors}; exec dotnet \"$@\""), "sh", ServiceProgram.File,
            .. arguments,
        ]);

    private static ServiceProcess Start(
        DirectoryInfo directory, IReadOnlyDictionary<string, string> environment, string command, IEnumerable<string> arguments)
    {
        string[] words = [.. InterruptiblePrefix(), command, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = directory.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Settings in the environment of the test run must not reach the program.
        foreach (var variable in ServiceSettings.Variables.Concat(SentryAccess.Variables))
        {
            start.Environment.Remove(variable);
        }

        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>Waits for the line with the service's address.</summary>
    public async Task<(string Line, Uri Address)> GreetingAsync()
    {
        var line = await OutputLineAsync("MockSre is at ");
        return (line, new Uri(line.Split(' ')[3].TrimEnd(',')));
    }

    /// <summary>Waits for an output line with this beginning.</summary>
    public async Task<string> OutputLineAsync(string beginning)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("The service did not start: " + await _process.StandardError.ReadToEndAsync(limit.Token));
    }

    /// <summary>Waits for the program to end by itself.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var output = _process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = _process.StandardError.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await output, await error);
    }

    /// <summary>Sends a signal with <c>kill</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    // Background jobs of a shell without job control ignore SIGINT, and so do their children. GNU env restores the default.
    private static string[] InterruptiblePrefix() => IgnoresInterrupts() ? ["env", "--default-signal=INT"] : [];

    // SigIgn is a hexadecimal mask with one bit for each signal. SIGINT is signal 2, so its bit is the second.
    private static bool IgnoresInterrupts() =>
        File.Exists(OwnStatus)
        && File.ReadLines(OwnStatus).First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (ulong.Parse(ignored.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & InterruptBit) != 0;
}
