using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Incidents;

namespace MockSre.Web.Incidents;

/// <summary>Starts and closes incident runs. At most one is open, and while it is, nothing else changes the service.</summary>
internal sealed class IncidentRuns(
    IncidentPlanning planning, ServiceReset reset, ChangeGate changes, FailureSwitch failures, LoadGenerator loads,
    IProfileStore profiles, SignalInbox inbox, VisitorTraces visitors, AlertWebhook webhook, IncidentStore store, RunLocks locks,
    CurrentRun current, RunKeeper keeper, IncidentHistory history, IncidentLog log, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>As many as a fingerprint of Alertmanager has.</summary>
    private const int IdBytes = 8;

    private volatile bool _stopping;

    /// <summary>Resets the service and starts a run on it. Manual changes are refused from now on.</summary>
    /// <exception cref="RefusedException">The run cannot start.</exception>
    public async Task<IncidentRun> StartAsync(IncidentOrder order)
    {
        RefusedException.ThrowIf(_stopping, RefusalKind.NotNow, "The service stops", "It begins nothing any more.");
        var plan = planning.Plan(order);
        var hold = await locks.TakeAsync();
        if (!changes.TryTake())
        {
            hold.Dispose();
            throw new RefusedException(current.Open is null
                ? new(RefusalKind.NotNow, "The service is being changed", "Try again in a moment.")
                : new(RefusalKind.NotNow, ManualChange.Refusal.Title, "One run is open at a time."));
        }

        IDisposable? signals = null;
        OpenRun? open = null;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        current.Own(id);
        try
        {
            await reset.RunAsync();
            await profiles.RemoveAppendedAsync(CancellationToken.None);
            var record = new IncidentRecord(id, plan, time.GetUtcNow(), time);
            var run = new IncidentRun(record, order.MaxDuration, failures, loads, store, time, webhook.Page, log);
            await run.PrepareAsync();
            current.Open = open = new OpenRun(run);
            signals = inbox.Subscribe(entry =>
            {
                if (!visitors.Caused(entry))
                {
                    run.Tell(entry);
                }
            });
            run.Start();
        }
        catch (Exception e)
        {
            signals?.Dispose();
            await ReleaseAsync(open);
            current.Disown(id);
            hold.Dispose();
            if (e is DbException or DbUpdateException)
            {
                log.NotBegun(e);
                throw new RefusedException(
                    RefusalKind.NotNow, "The run cannot be kept",
                    "Its database cannot be written: if its file was deleted, restart the service.");
            }

            throw;
        }

        // The run outlives this call and its trace.
        using (ExecutionContext.SuppressFlow())
        {
            _ = EndAsync(open, signals, hold);
        }

        if (_stopping)
        {
            await open.Run.CloseAsync(CloseReason.Restarted);
        }

        return open.Run;
    }

    /// <summary>Closes a run if it is open here, and waits until the service is as it was before.</summary>
    public async Task CloseAsync(string id, CloseReason reason)
    {
        if (current.Find(id) is { } open)
        {
            await open.Run.CloseAsync(reason);
            await open.Ended;
        }
    }

    /// <summary>Closes an open run without a score. A closed run stays as it is.</summary>
    /// <exception cref="RefusedException">There is no such run, or another process plays it.</exception>
    public async Task<IncidentFile> CancelAsync(string id)
    {
        await CloseAsync(id, CloseReason.Cancelled);
        var file = await history.GetAsync(id);
        RefusedException.ThrowIf(
            file.Incident.Closed is null, RefusalKind.NotNow, Investigation.PlayedElsewhere,
            "Only the service that began it can close it.");
        return file;
    }

    /// <summary>Closes the open run because the service stops.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        keeper.Stop();
        if (current.Run is { } run)
        {
            await CloseAsync(run.Incident.Id, CloseReason.Restarted);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task EndAsync(OpenRun open, IDisposable signals, IDisposable hold)
    {
        try
        {
            await open.Run.Completion;
            await keeper.KeepAsync(open.Run);
        }
        catch (Exception e)
        {
            // Whatever failed, the service must be released.
            log.NotScored(e);
        }

        signals.Dispose();
        await ReleaseAsync(open);
        hold.Dispose();
    }

    // Restores the service and allows changes again.
    private async Task ReleaseAsync(OpenRun? open)
    {
        try
        {
            failures.Restore(ChangeSource.Incident);
            await profiles.RemoveAppendedAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            log.NotRestored(e);
        }

        current.Open = null;
        changes.GiveBack();
        open?.End();
    }
}
