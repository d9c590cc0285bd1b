using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace MockSre.Web.Incidents;

/// <summary>Reads runs: the open one, closed ones, and those of other processes as far as they are written.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to release.")]
internal sealed class IncidentHistory(IncidentStore store, CurrentRun current, LeftOpenRuns leftOpen)
{
    private readonly ConcurrentDictionary<string, IncidentFile> _unwritten = [];
    private readonly SemaphoreSlim _reading = new(1);

    // Evidence is read again and again. One run at a time is enough to hold in memory.
    private volatile KeptRun? _lastRead;

    /// <summary>All runs, newest first.</summary>
    public async Task<IReadOnlyList<IncidentHeader>> ListAsync()
    {
        var kept = await store.ListAsync();
        if (kept.Any(leftOpen.MayInclude) && await leftOpen.CloseAsync())
        {
            kept = await store.ListAsync();
        }

        var open = current.Run;
        return
        [
            .. kept.Select(header =>
                header.Id == open?.Incident.Id ? IncidentHeader.Of(open.Incident, header.Score)
                : _unwritten.TryGetValue(header.Id, out var file) ? IncidentHeader.Of(file.Incident, file.Score)
                : header),
        ];
    }

    /// <exception cref="RefusedException">There is no such run.</exception>
    public async Task<IncidentFile> GetAsync(string id) => await FindAsync(id) ?? throw new RefusedException(
        RefusalKind.NotFound, "Unknown incident", $"No incident of this id is among the last {IncidentStore.KeptRuns}.");

    /// <summary>Finds a run. One that is being closed is returned as soon as it has its score.</summary>
    /// <returns>Null for an unknown id.</returns>
    public async Task<IncidentFile?> FindAsync(string id)
    {
        if (current.Find(id) is { } open)
        {
            if (open.Run.Incident.Closed is null)
            {
                return new IncidentFile(open.Run.Incident, null);
            }

            await open.Ended;
        }

        if (_unwritten.TryGetValue(id, out var unwritten))
        {
            return unwritten;
        }

        if (_lastRead is { IsFinal: true } last && last.Incident.Id == id)
        {
            return last.File;
        }

        // One caller at a time: a long run takes seconds to read, and the next caller often wants the same run.
        await _reading.WaitAsync();
        try
        {
            return (await ReadAsync(id))?.File;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Remembers a closed run that is written.</summary>
    public void Remember(IncidentFile file) =>
        _lastRead = new KeptRun(IncidentHeader.Of(file.Incident, file.Score), file.Incident, LastBatch: 0);

    /// <summary>Holds a closed run that could not be written.</summary>
    public void Hold(IncidentFile file) => _unwritten[file.Incident.Id] = file;

    /// <summary>Lets go of a run that was held.</summary>
    public void Forget(string id) => _unwritten.TryRemove(id, out _);

    // A run of another process is read on from where the last call ended.
    private async Task<KeptRun?> ReadAsync(string id)
    {
        var known = _lastRead is { } last && last.Incident.Id == id ? last : null;
        if (known is { IsFinal: true })
        {
            return known;
        }

        var kept = await store.FollowAsync(id, known);
        if (kept is not null && leftOpen.MayInclude(kept.Header) && await leftOpen.CloseAsync())
        {
            kept = await store.FollowAsync(id, kept);
        }

        if (kept is not null)
        {
            _lastRead = kept;
        }

        return kept;
    }
}
