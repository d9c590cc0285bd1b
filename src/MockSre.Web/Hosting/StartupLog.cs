using MockSre.Domain.Failures;

namespace MockSre.Web.Hosting;

/// <summary>What the service logs of itself.</summary>
internal static partial class StartupLog
{
    /// <summary>Logs each change of mode from now on.</summary>
    public static void LogChanges(this FailureSwitch failures, ILogger logger) =>
        failures.Subscribe(change => LogChange(logger, change.From?.Name(), change.To.Name(), change.Source));

    [LoggerMessage(LogLevel.Warning, "SENTRY_DSN is set, but this version sends nothing to Sentry yet")]
    public static partial void LogSentryNotWired(this ILogger logger);

    [LoggerMessage(LogLevel.Information, "Failure mode {From} -> {To} ({Source})")]
    private static partial void LogChange(ILogger logger, string? from, string to, ChangeSource source);
}
