using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;

namespace MockSre.Web.Profiles;

/// <summary>The deployment that a request entered, as a feature of the request.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="isOwnLoad">Whether this service sent the request, as part of a load.</param>
internal sealed class EnteredDeployment(Deployment deployment, bool isOwnLoad)
{
    public Deployment Deployment => deployment;

    public bool IsOwnLoad => isOwnLoad;

    /// <summary>Whether the deployment keeps the request apart from those of its own load.</summary>
    public bool IsVisitor => !isOwnLoad && deployment.SeparatesVisitors;

    /// <inheritdoc cref="Deployment.VisitorProfiles"/>
    public ProfileService Profiles => IsVisitor ? deployment.VisitorProfiles : deployment.Profiles;
}
