using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Load;

namespace MockSre.Web.Profiles;

/// <summary>Marks the endpoint whose requests the failure modes apply to.</summary>
internal sealed class ProfileEndpoint;

/// <summary>
/// Takes each profile request through one deployment, right around the endpoint: labels the answer, counts it, and turns a
/// failure into a 500 that tells what a person needs and no more.
/// </summary>
internal sealed partial class ProfileRequests(
    RequestDelegate next,
    FailureSwitch failures,
    IHub hub,
    LiveMetrics metrics,
    IncidentDesk incidents,
    Visitors visitors,
    OwnProfileClient client,
    FailureLog failureLog,
    TimeProvider time,
    ILogger<ProfileRequests> logger)
{
    /// <summary>The header that names the mode a request met.</summary>
    public const string ModeHeader = "X-Failure-Mode";

    public async Task InvokeAsync(HttpContext context)
    {
        var isOwn = client.Sent(context.Request);
        var deployment = isOwn ? failures.Enter() : failures.EnterFromOutside();
        try
        {
            context.Response.Headers[ModeHeader] = deployment.Label;
            if (context.GetEndpoint()?.Metadata.GetMetadata<ProfileEndpoint>() is null)
            {
                await next(context);
            }
            else if (isOwn || !deployment.SeparatesVisitors)
            {
                var run = isOwn && incidents.Open is { } open && open.Owns(deployment.Number) ? open : null;
                await AnswerAsync(context, new ProfileRequest(context, deployment, run, visitors: null, hub, metrics, failureLog, time));
            }
            else
            {
                await AnswerVisitorAsync(context, deployment);
            }
        }
        finally
        {
            if (isOwn)
            {
                deployment.Leave();
            }
            else
            {
                deployment.LeaveFromOutside();
            }
        }
    }

    private async Task AnswerVisitorAsync(HttpContext context, Deployment deployment)
    {
        using var place = visitors.Enter();
        if (place.IsAcquired)
        {
            await AnswerAsync(context, new ProfileRequest(context, deployment, run: null, visitors, hub, metrics, failureLog, time));
        }
        else
        {
            context.Response.Headers.RetryAfter = "1";
            await context.WriteProblemAsync(StatusCodes.Status429TooManyRequests, "Too many requests", "Try again in a second.");
        }
    }

    private async Task AnswerAsync(HttpContext context, ProfileRequest request)
    {
        context.Features.Set(request);

        // Counted before the answer leaves: who has the answer finds it in the figures.
        context.Response.OnStarting(
            static state =>
            {
                ((ProfileRequest)state).Record();
                return Task.CompletedTask;
            },
            request);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            request.Abandoned();
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = RequestSample.ClientClosedRequest;
            }
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            request.Failed(e);
            await FailAsync(context, e);
        }
        finally
        {
            request.End();
        }
    }

    private async Task FailAsync(HttpContext context, Exception exception)
    {
        var (title, detail) = exception switch
        {
            PoolTimeoutException timeout => ("No database connection was free in time", timeout.Details),
            ProfileDeadlineException timeout => ("The profile took too long", timeout.Details),
            _ => ("The profile could not be read", "The reason is in the service's log."),
        };
        LogFailed(logger, context.Request.Path, detail);
        await context.WriteProblemAsync(StatusCodes.Status500InternalServerError, title, detail);
    }

    // Each failure has a line only at this level; FailureLog sums them up.
    [LoggerMessage(LogLevel.Debug, "GET {Path} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, PathString path, string reason);
}
