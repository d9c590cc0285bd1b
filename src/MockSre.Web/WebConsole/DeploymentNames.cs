namespace MockSre.Web.WebConsole;

/// <summary>Names of deployments that do not give an incident away.</summary>
internal static class DeploymentNames
{
    /// <summary>A mode's name, else the release: the label of an incident run's deployment would reveal its scenario.</summary>
    public static string PublicName(this DeploymentChange change) =>
        Modes.All.Any(mode => mode.Name == change.To) ? change.Name : change.Release;
}
