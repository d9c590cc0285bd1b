using System.Collections.Concurrent;

namespace MockSre.Web.Incidents;

/// <summary>The run that this process plays, if there is one. Safe for threads.</summary>
internal sealed class CurrentRun
{
    private readonly ConcurrentDictionary<string, bool> _owned = [];
    private volatile OpenRun? _open;

    public OpenRun? Open
    {
        get => _open;
        set => _open = value;
    }

    public IncidentRun? Run => _open?.Run;

    /// <summary>The open run, if it is a blind one.</summary>
    public IncidentRun? Blind => Run is { Incident.Plan.IsBlind: true } run ? run : null;

    /// <summary>The open run, if it has this id.</summary>
    public OpenRun? Find(string id) => _open is { } open && open.Run.Incident.Id == id ? open : null;

    /// <summary>Whether this process plays a run, or still has to write it.</summary>
    public bool Owns(string id) => _owned.ContainsKey(id);

    public void Own(string id) => _owned[id] = true;

    public void Disown(string id) => _owned.TryRemove(id, out _);
}

/// <summary>An open run, and its end.</summary>
internal sealed class OpenRun(IncidentRun run)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IncidentRun Run => run;

    /// <summary>Completes when the run is closed and scored, and the service is as it was before.</summary>
    public Task Ended => _ended.Task;

    public void End() => _ended.SetResult();
}
