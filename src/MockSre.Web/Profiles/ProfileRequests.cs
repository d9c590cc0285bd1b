using MockSre.Web.Http;

namespace MockSre.Web.Profiles;

/// <summary>Marks the endpoint that the failure modes apply to.</summary>
internal sealed class ProfileEndpoint;

/// <summary>Wraps the profile endpoint: reports each request to its receivers, and answers 500 to a failure.</summary>
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

        // Record before the answer is sent, so that a client that has the answer finds it in the metrics.
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

    // One line per failure only at debug level; FailureLog writes summaries.
    [LoggerMessage(LogLevel.Debug, "GET {Path} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, PathString path, string reason);
}
