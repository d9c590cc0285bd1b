using System.Diagnostics.CodeAnalysis;

namespace MockSre.Web.Composition;

internal static partial class StartupLog
{
    /// <summary>Logs each change from now on: modes by name, deploys of an incident run by release.</summary>
    public static void LogChanges(this FailureSwitch failures, ILogger logger) => failures.Subscribe(change =>
    {
        if (IsMode(change.To))
        {
            LogChange(logger, IsMode(change.From) ? change.From : "(incident run)", change.To, change.Release, change.Source);
        }
        else
        {
            LogDeploy(logger, change.Release);
        }

        static bool IsMode([NotNullWhen(true)] string? label) => Modes.Find(label) is not null;
    });

    /// <summary>Warns about a valid setting that is probably a mistake.</summary>
    [LoggerMessage(LogLevel.Warning, "{Notice}")]
    public static partial void LogNotice(this ILogger logger, string notice);

    [LoggerMessage(LogLevel.Information, "Failure mode {From} -> {To}, release {Release} ({Source})")]
    private static partial void LogChange(ILogger logger, string from, string to, string release, ChangeSource source);

    [LoggerMessage(LogLevel.Information, "Deploy {Release}")]
    private static partial void LogDeploy(ILogger logger, string release);
}
