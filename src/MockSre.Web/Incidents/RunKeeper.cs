using MockSre.Domain.Incidents.Grading;

namespace MockSre.Web.Incidents;

/// <summary>Scores and writes closed runs. A run that cannot be written stays in memory and is tried again.</summary>
internal sealed class RunKeeper(
    IncidentStore store, IncidentHistory history, CurrentRun current, RunLocks locks, Lazy<ConstantAnswer> constant,
    IncidentLog log, TimeProvider time)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    private volatile bool _stopped;

    /// <summary>Scores a closed run and writes it, or holds it in memory until it can be written.</summary>
    public async Task KeepAsync(IncidentRun run)
    {
        var file = new IncidentFile(run.Incident, Grader.Grade(run.Incident, constant.Value));
        if (await TryWriteAsync(run, file))
        {
            history.Remember(file);
            current.Disown(run.Incident.Id);
        }
        else
        {
            history.Hold(file);
            _ = WriteLaterAsync(run, file, locks.TryTakeRuns());
        }
    }

    /// <summary>Ends the retries: the next start of the service closes the run in the database.</summary>
    public void Stop() => _stopped = true;

    private async Task WriteLaterAsync(IncidentRun run, IncidentFile file, IDisposable? hold)
    {
        do
        {
            await Task.Delay(RetryPause, time);
        }
        while (!_stopped && !await TryWriteAsync(run, file));
        history.Forget(run.Incident.Id);
        current.Disown(run.Incident.Id);
        hold?.Dispose();
    }

    // The header says closed only once the last events are written. Until then a restart closes the run again.
    private async Task<bool> TryWriteAsync(IncidentRun run, IncidentFile file)
    {
        try
        {
            if (!await run.TryKeepAsync())
            {
                return false;
            }

            await store.UpdateAsync(IncidentHeader.Of(file.Incident, file.Score));
            log.Kept(lines: 0, signals: 0);
            return true;
        }
        catch (Exception e)
        {
            log.NotKept(e, waiting: 0);
            return false;
        }
    }
}
