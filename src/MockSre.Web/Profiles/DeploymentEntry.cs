namespace MockSre.Web.Profiles;

/// <summary>Binds each request to the current deployment until the request ends, and names its mode in a header.</summary>
/// <param name="isOwnLoad">Whether the service's own load generator sent a request.</param>
internal sealed class DeploymentEntry(RequestDelegate next, FailureSwitch failures, Func<HttpRequest, bool> isOwnLoad)
{
    /// <summary>The header with the request's failure mode.</summary>
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
