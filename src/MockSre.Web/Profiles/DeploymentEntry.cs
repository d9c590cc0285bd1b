using MockSre.Domain.Faults;

namespace MockSre.Web.Profiles;

/// <summary>Enters each request into the current deployment until the request ends, and names its mode in the answer.</summary>
/// <param name="next">The rest of the request.</param>
/// <param name="failures">Has the current deployment.</param>
/// <param name="isOwnLoad">Whether this service sent a request, as part of a load.</param>
internal sealed class DeploymentEntry(RequestDelegate next, FailureSwitch failures, Func<HttpRequest, bool> isOwnLoad)
{
    /// <summary>The header that names the mode a request met.</summary>
    public const string ModeHeader = "X-Failure-Mode";

    public async Task InvokeAsync(HttpContext context)
    {
        var isOwn = isOwnLoad(context.Request);
        var deployment = isOwn ? failures.BeginRequest() : failures.BeginVisit();
        try
        {
            context.Response.Headers[ModeHeader] = deployment.Label;
            context.Features.Set(new EnteredDeployment(deployment, isOwn));
            await next(context);
        }
        finally
        {
            if (isOwn)
            {
                deployment.EndRequest();
            }
            else
            {
                deployment.EndVisit();
            }
        }
    }
}
