using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Incidents.Grading;

namespace MockSre.Web.Incidents;

/// <summary>Closes runs that are open in the database although their process has ended.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to release.")]
internal sealed class LeftOpenRuns(
    IncidentStore store, RunLocks locks, CurrentRun current, Lazy<ConstantAnswer> constant, IncidentLog log, TimeProvider time)
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether a run may have been left open: another process may also still play it.</summary>
    public bool MayInclude(IncidentHeader header) => header.ClosedAt is null && !current.Owns(header.Id);

    /// <returns>False while another process plays a run, and where a run cannot be read or written.</returns>
    public async Task<bool> CloseAsync()
    {
        await _turn.WaitAsync();
        try
        {
            using var hold = locks.TryTakeRuns();
            if (hold is null)
            {
                return false;
            }

            var runs = await store.IsEmptyAsync() ? [] : await store.ListAsync();
            foreach (var left in runs.Where(MayInclude))
            {
                await CloseAsync(left.Id);
            }

            log.NoneLeftOpen();
            return true;
        }
        catch (Exception e) when (e is DbException or DbUpdateException or JsonException)
        {
            // A run that cannot be read must not keep the service from starting.
            log.LeftOpen(e);
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CloseAsync(string id)
    {
        var incident = (await store.ReadAsync(id))!;
        if (incident.Closed is null)
        {
            IncidentEvent.StateChanged closed = new(time.GetUtcNow(), IncidentState.Abandoned, CloseReason.Restarted);
            await store.AppendAsync(id, [closed]);
            incident.Apply(closed);
        }

        await store.UpdateAsync(IncidentHeader.Of(incident, Grader.Grade(incident, constant.Value)));
    }
}
