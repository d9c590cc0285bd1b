using System.Runtime.CompilerServices;
using MockSre.Checks;
using MockSre.Web.Tests.Composition;

namespace MockSre.Web.Tests.Signals;

/// <summary>The real program in its own process, with a fake Sentry on loopback.</summary>
public sealed class SentryFixture : IAsyncLifetime
{
    /// <summary>The value of an environment variable that must not appear in any signal.</summary>
    public const string Canary = "canary-7f3a9c";

    internal SentryReceiver Sentry { get; private set; } = null!;

    internal SentryService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Sentry = await SentryReceiver.StartAsync();
        Service = await SentryService.StartAsync(Sentry.Dsn, ("CANARY", Canary));
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Sentry.DisposeAsync();
    }
}

/// <summary>A service process that sends signals to a DSN, and an HTTP client for it.</summary>
internal sealed class SentryService : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private SentryService(ServerProcess process)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Http { get; }

    public string DatabaseFile => _process.DatabaseFile;

    /// <summary>Waits until the last lines of the log meet a condition. They arrive with a delay.</summary>
    public async Task<string> LogAsync(Func<string, bool> wished, [CallerArgumentExpression(nameof(wished))] string what = "")
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!wished(_process.LastLines))
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30),
                $"The log never met the condition {what}:\n{_process.LastLines}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        return _process.LastLines;
    }

    public static async Task<SentryService> StartAsync(string dsn, params (string Variable, string Value)[] settings) => new(
        await ServerProcess.StartServiceAsync(
            ServiceProgram.File, [("SENTRY_DSN", dsn), .. settings]));

    /// <summary>Sends profile requests for users 1, 2, …, all at once.</summary>
    /// <returns>The statuses.</returns>
    public Task<int[]> SendAsync(int requests) => Task.WhenAll(Enumerable.Range(0, requests).Select(async number =>
    {
        using var answer = await Http.GetProfileAsync((number % 10) + 1);
        return (int)answer.StatusCode;
    }));

    public async Task SetModeAsync(string mode)
    {
        using var answer = await Http.SetModeAsync(mode);
        answer.EnsureSuccessStatusCode();
    }

    public Task<(TimeSpan Took, int? ExitCode)> StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}
