namespace MockSre.Web.Profiles;

/// <summary>The deployment that a request is bound to, as a request feature.</summary>
/// <param name="isOwnLoad">Whether the service's own load generator sent the request.</param>
internal sealed class EnteredDeployment(Deployment deployment, bool isOwnLoad)
{
    public Deployment Deployment => deployment;
    public bool IsOwnLoad => isOwnLoad;

    /// <summary>Whether the deployment separates the request from those of its own load.</summary>
    public bool IsVisitor => !IsOwnLoad && Deployment.SeparatesVisitors;

    /// <inheritdoc cref="Deployment.VisitorProfiles"/>
    public ProfileService Profiles => IsVisitor ? Deployment.VisitorProfiles : Deployment.Profiles;
}
