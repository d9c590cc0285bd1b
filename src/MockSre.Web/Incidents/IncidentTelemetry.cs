using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.Incidents;

/// <summary>Reports one profile request to the open run: its figures, and the log lines that the deployed code would write.</summary>
internal sealed class IncidentTelemetry(IncidentRun run, Deployment deployment, string path, string? traceId, TimeProvider time)
    : IProfileTelemetry
{
    /// <summary>Characters of a path that are logged. A valid path has fewer than forty.</summary>
    public const int MaxPathLength = 100;

    private const string Requests = "MockSre.Web.Profiles.ProfileRequests";
    private const string Cache = "MockSre.Domain.Profiles.ProfileCache";
    private const string Pool = "MockSre.Domain.Profiles.ConnectionPool";

    private readonly string _path = path.Length <= MaxPathLength ? path : path[..MaxPathLength] + "…";

    public void CacheAnswered(CacheOutcome outcome)
    {
        if (outcome == CacheOutcome.Miss)
        {
            Write(LogSeverity.Debug, Cache, "The profile is not in the cache.");
        }
    }

    public void ConnectionAwaited(ConnectionPool pool)
    {
        var status = pool.Status;
        Write(LogSeverity.Information, Pool, string.Create(
            CultureInfo.InvariantCulture, $"No connection is free: {status.InUse} of {status.Limit} in use, {status.Waiting} waiting."));
    }

    public void Failed(Exception exception) =>
        Write(
            LogSeverity.Error, exception is PoolTimeoutException ? Pool : Requests,
            exception is ProfileTimeoutException timeout ? timeout.Details : "The profile could not be read.");

    public void Answered(in RequestSample sample, Exception? failure)
    {
        run.Count(deployment.Release, sample);
        var ms = Math.Round(sample.Latency.TotalMilliseconds, 1);
        Write(
            sample.Status >= 500 ? LogSeverity.Error : sample.Status >= 400 ? LogSeverity.Warning : LogSeverity.Information,
            Requests,
            string.Create(CultureInfo.InvariantCulture, $"GET {_path} answered {sample.Status} in {ms:F1} ms."), sample.Status, ms);
    }

    private void Write(LogSeverity level, string logger, string message, int? status = null, double? durationMs = null) =>
        run.Log(new Logged(time.GetUtcNow(), level, logger, message, traceId, deployment.Release, _path, status, durationMs));
}
