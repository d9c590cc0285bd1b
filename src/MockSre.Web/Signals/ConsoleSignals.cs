using MockSre.Domain.Signals;

namespace MockSre.Web.Signals;

/// <summary>What the console tells Sentry: its own mistakes, apart from those of the service that it watches.</summary>
internal static class ConsoleSignals
{
    /// <summary>The one event of an exception in a component.</summary>
    /// <param name="page">The path of the page, without a query.</param>
    public static void Failed(IHub hub, Exception exception, string page)
    {
        exception.SetSentryMechanism(nameof(ConsoleSignals), "A part of the console was replaced by a message.", handled: false, terminal: false);
        hub.CaptureException(exception, scope => scope.Contexts[SignalNames.ConsoleContext] = new Dictionary<string, object> { [SignalNames.ConsolePage] = page });
    }
}
