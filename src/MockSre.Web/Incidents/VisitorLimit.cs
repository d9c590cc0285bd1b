using MockSre.Web.Http;
using MockSre.Web.Profiles;

namespace MockSre.Web.Incidents;

/// <summary>Answers 429 to visitors beyond the limit. The other visitors' traces are remembered.</summary>
internal sealed class VisitorLimit(RequestDelegate next, VisitorRateLimiter limiter, VisitorTraces traces, IHub hub)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ProfileEndpoint>() is not null
        && context.Features.Get<EnteredDeployment>() is { IsVisitor: true }
            ? LimitAsync(context)
            : next(context);

    private async Task LimitAsync(HttpContext context)
    {
        using var permit = limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "1";
            await context.WriteProblemAsync(StatusCodes.Status429TooManyRequests, "Too many requests", "Try again in a second.");
            return;
        }

        if (hub.CurrentTraceId() is { } trace)
        {
            traces.Add(trace);
        }

        await next(context);
    }
}
