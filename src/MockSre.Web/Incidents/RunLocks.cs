using MockSre.Web.Data;

namespace MockSre.Web.Incidents;

/// <summary>Locks that a process holds while it plays a run, because other processes can use the same databases.</summary>
internal sealed class RunLocks(ServiceSettings settings) : IDisposable
{
    /// <summary>Another process holds a lock for a moment while it starts, or while it closes a run that was left open.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Held until the run is written. A run that is open in the database while this lock is free has lost its process.
    private readonly DatabaseLock _runs = new(settings.IncidentsDatabase);

    // Protects the rows that the run imports.
    private readonly DatabaseLock _profiles = new(settings.Database);

    /// <returns>Null while another process plays a run.</returns>
    public IDisposable? TryTakeRuns() => _runs.TryTake();

    /// <summary>Takes both locks.</summary>
    /// <exception cref="RefusedException">Another process plays a run.</exception>
    public async Task<IDisposable> TakeAsync()
    {
        var runs = await _runs.TakeAsync(Patience) ?? throw Busy("INCIDENTS_DATABASE_URL");
        if (await _profiles.TakeAsync(Patience) is not { } profiles)
        {
            runs.Dispose();
            throw Busy("DATABASE_URL");
        }

        return new Hold(runs, profiles);

        static RefusedException Busy(string setting) => new(
            RefusalKind.NotNow, "Another service plays a run",
            $"It uses the same database: wait until that run is closed, or start this service with another {setting}.");
    }

    public void Dispose()
    {
        _runs.Dispose();
        _profiles.Dispose();
    }

    private sealed class Hold(IDisposable runs, IDisposable profiles) : IDisposable
    {
        public void Dispose()
        {
            profiles.Dispose();
            runs.Dispose();
        }
    }
}
