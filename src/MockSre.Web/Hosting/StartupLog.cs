using MockSre.Domain.Failures;

namespace MockSre.Web.Hosting;

/// <summary>What the service logs of itself.</summary>
internal static partial class StartupLog
{
    /// <summary>Logs each change of mode from now on.</summary>
    public static void LogChanges(this FailureSwitch failures, ILogger logger) =>
        failures.Subscribe(change => LogChange(logger, change.From ?? "(none named)", change.To ?? "(none named)", change.Release, change.Source));

    /// <summary>Says what is allowed but probably not meant.</summary>
    [LoggerMessage(LogLevel.Warning, "{Notice}")]
    public static partial void LogNotice(this ILogger logger, string notice);

    /// <summary>Says that somebody who only watches failed, which stops nobody else.</summary>
    [LoggerMessage(LogLevel.Error, "An observer failed")]
    public static partial void LogObserverFailed(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Information, "Failure mode {From} -> {To}, release {Release} ({Source})")]
    private static partial void LogChange(ILogger logger, string from, string to, string release, ChangeSource source);
}
