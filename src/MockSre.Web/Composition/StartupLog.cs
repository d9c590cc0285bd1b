using System.Diagnostics.CodeAnalysis;
using MockSre.Domain.Faults;

namespace MockSre.Web.Composition;

/// <summary>What the service logs of itself.</summary>
internal static partial class StartupLog
{
    /// <summary>Logs each change from now on: a mode by its name, a deploy of an incident run by its release.</summary>
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

    /// <summary>Says what is allowed but probably not meant.</summary>
    [LoggerMessage(LogLevel.Warning, "{Notice}")]
    public static partial void LogNotice(this ILogger logger, string notice);

    [LoggerMessage(LogLevel.Information, "Failure mode {From} -> {To}, release {Release} ({Source})")]
    private static partial void LogChange(ILogger logger, string from, string to, string release, ChangeSource source);

    [LoggerMessage(LogLevel.Information, "Deploy {Release}")]
    private static partial void LogDeploy(ILogger logger, string release);
}
