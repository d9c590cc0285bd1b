using System.Threading.RateLimiting;
using MockSre.Domain.Signals;

namespace MockSre.Web.Signals;

/// <summary>What the console tells Sentry: its own mistakes, apart from those of the service that it watches.</summary>
internal sealed class ConsoleSignals(IHub hub) : IDisposable
{
    /// <summary>Failures told within <see cref="Window"/>, of all consoles together: a mistake that repeats must not push the incident's signals out.</summary>
    public const int Limit = 10;

    /// <summary>After this as many may be told again.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly FixedWindowRateLimiter _told = new(new FixedWindowRateLimiterOptions { PermitLimit = Limit, Window = Window });

    /// <summary>The one event of an exception in a component.</summary>
    /// <param name="page">The path of the page, without a query.</param>
    public void Failed(Exception exception, string page)
    {
        using var permit = _told.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            return;
        }

        exception.SetSentryMechanism(nameof(ConsoleSignals), "A part of the console was replaced by a message.", handled: false, terminal: false);
        hub.CaptureException(exception, scope => scope.Contexts[SignalNames.ConsoleContext] = new Dictionary<string, object> { [SignalNames.ConsolePage] = page });
    }

    public void Dispose() => _told.Dispose();
}
