using System.Threading.RateLimiting;

namespace MockSre.Web.Signals;

/// <summary>Reports exceptions of the console to Sentry, separately from those of the service that it watches.</summary>
internal sealed class ConsoleSignals(IHub hub) : IDisposable
{
    /// <summary>Reports per <see cref="Window"/>, over all consoles, so that a repeating mistake cannot fill the inbox.</summary>
    public const int Limit = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly FixedWindowRateLimiter _limiter = new(new FixedWindowRateLimiterOptions { PermitLimit = Limit, Window = Window });

    /// <summary>Reports an exception in a component.</summary>
    /// <param name="page">The path of the page, without a query.</param>
    public void Failed(Exception exception, string page)
    {
        using var permit = _limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            return;
        }

        exception.SetSentryMechanism(
            nameof(ConsoleSignals), "A part of the console was replaced by a message.", handled: false, terminal: false);
        hub.CaptureException(exception, scope =>
            scope.Contexts[SignalNames.ConsoleContext] = new Dictionary<string, object> { [SignalNames.ConsolePage] = page });
    }

    public void Dispose() => _limiter.Dispose();
}
