using MockSre.Domain.Faults;

namespace MockSre.Web.WebConsole;

/// <summary>What is in force, as everybody may know it.</summary>
internal static class DeploymentNames
{
    /// <summary>The name of a mode, or else the release: the label that an incident run gives its deployments would tell which scenario it is.</summary>
    public static string PublicName(this DeploymentChange change) => change.IsMode() ? change.Name : change.Release;

    /// <summary>Whether a mode is in force.</summary>
    public static bool IsMode(this DeploymentChange change) => Modes.All.Any(mode => mode.Name == change.To);
}
