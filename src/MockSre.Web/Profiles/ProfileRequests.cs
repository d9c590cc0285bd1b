using MockSre.Domain.Profiles;
using MockSre.Web.Http;

namespace MockSre.Web.Profiles;

/// <summary>Marks the endpoint whose requests the failure modes apply to.</summary>
internal sealed class ProfileEndpoint;

/// <summary>
/// Stands right around the profile endpoint. Reports each request to its receivers, and turns a failure into a 500 that tells
/// what a person needs and no more.
/// </summary>
internal sealed partial class ProfileRequests(
    RequestDelegate next, IEnumerable<ProfileTelemetryFactory> telemetry, TimeProvider time, ILogger<ProfileRequests> logger)
{
    private readonly ProfileTelemetryFactory[] _telemetry = [.. telemetry];

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ProfileEndpoint>() is null
            ? next(context)
            : AnswerAsync(context, new ProfileRequest(context, context.Features.Get<EnteredDeployment>()!, _telemetry, time));

    private async Task AnswerAsync(HttpContext context, ProfileRequest request)
    {
        context.Features.Set(request);

        // Counted before the answer leaves, so that a client that has the answer finds it in the figures.
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
            request.Ended();
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
