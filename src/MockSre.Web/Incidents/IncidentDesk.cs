using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;
using MockSre.Web.Data;
using MockSre.Web.Load;

namespace MockSre.Web.Incidents;

/// <summary>Where incident runs begin and end: at most one is open, and while it is, nobody else changes the service.</summary>
internal sealed class IncidentDesk(
    ScenarioCatalog catalog,
    ServiceSettings settings,
    FailureSwitch failures,
    ChangeGate changes,
    LoadGenerator loads,
    OwnProfileClient client,
    ServiceReset reset,
    SignalInbox inbox,
    IProfileStore profiles,
    IncidentStore store,
    AlertWebhook webhook,
    VisitorTraces visitors,
    TimeProvider time,
    ILogger<IncidentDesk> logger) : IAsyncDisposable
{
    /// <summary>Why nothing else may change the service while a run is open, in a few words.</summary>
    public const string Occupied = "An incident is open";

    /// <summary>Why this service cannot change a run that is open, in a few words.</summary>
    public const string PlayedElsewhere = "Another service plays this run";

    /// <summary>As many as a fingerprint of Alertmanager has.</summary>
    private const int IdBytes = 8;

    /// <summary>How long another process may hold a lock for a moment: while it starts, or closes what a third one left open.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);

    /// <summary>After this a closed run that could not be kept is tried again.</summary>
    private static readonly TimeSpan KeepAgain = TimeSpan.FromSeconds(2);

    private readonly ConstantAnswer _constant = ConstantAnswer.BestFor(catalog);
    private readonly IncidentPlanner _planner = new(catalog);
    private readonly ConcurrentDictionary<string, IncidentFile> _unkept = [];
    private readonly SemaphoreSlim _reading = new(1);
    private readonly SemaphoreSlim _closingLeftOpen = new(1);
    private readonly IncidentLog _log = new(time, logger);

    // Held while this process plays a run, and until it is kept. A run that is open in the database while the lock is free has lost its
    // process.
    private readonly DatabaseLock _runsLock = new(settings.IncidentsDatabase);

    // Held while this process plays a run, so that no other one touches the rows that the run imports.
    private readonly DatabaseLock _profilesLock = new(settings.Database);

    // Runs that this process plays, or still has to keep.
    private readonly ConcurrentDictionary<string, bool> _ours = [];
    private volatile OpenRun? _open;
    private volatile KeptRun? _lastRead;
    private volatile bool _stopping;

    /// <summary>The run that is open; null for none.</summary>
    public IncidentRun? Open => _open?.Run;

    /// <summary>The blind run that is open; null for none.</summary>
    public IncidentRun? OpenBlind => Open is { Incident.Plan.IsBlind: true } run ? run : null;

    /// <summary>What can be played.</summary>
    public ScenarioCatalog Catalog => catalog;

    /// <summary>Closes runs that other processes left open when they ended: nothing pretends to be running.</summary>
    /// <returns>Whether it could look: not while another process plays a run.</returns>
    public async Task<bool> CloseLeftOpenAsync()
    {
        await _closingLeftOpen.WaitAsync();
        try
        {
            using var hold = _runsLock.TryTake();
            if (hold is null)
            {
                return false;
            }

            foreach (var left in (await store.ListAsync()).Where(IsLeftOpen))
            {
                await CloseLeftOpenAsync(left);
            }

            _log.NoneLeftOpen();
            return true;
        }
        catch (Exception e) when (e is DbException or DbUpdateException or JsonException)
        {
            // A run that cannot be read must not keep the service from starting.
            _log.LeftOpen(e);
            return false;
        }
        finally
        {
            _closingLeftOpen.Release();
        }
    }

    /// <summary>Begins a run: the service is reset, and everything that changes it by hand is refused from now on.</summary>
    /// <exception cref="RefusedException">It cannot begin.</exception>
    public async Task<IncidentRun> StartAsync(IncidentOrder order)
    {
        var seed = order.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var plan = _planner.Plan(order.Scenario, seed, order.Pace, order.IsBlind)
            ?? throw new RefusedException(RefusalKind.Invalid, "Unknown scenario", $"The scenarios are {string.Join(", ", catalog.Scenarios.Select(scenario => scenario.Name).Concat(catalog.Draws.Select(draw => draw.Name)))}.");
        RequirePossible(order, plan);
        var hold = await HoldAsync();
        if (!changes.TryTake())
        {
            hold.Dispose();
            throw new RefusedException(
                RefusalKind.NotNow, _open is null ? "The service is being changed" : Occupied, _open is null ? "Try again in a moment." : "One run is open at a time.");
        }

        IDisposable? signals = null;
        IncidentRun run;
        OpenRun? open = null;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        _ours[id] = true;
        try
        {
            await reset.RunAsync();
            await profiles.RemoveAppendedAsync(CancellationToken.None);
            run = new IncidentRun(
                new IncidentRecord(id, plan, time.GetUtcNow(), time), order.MaxDuration, failures, loads, store, time, webhook.Page, _log);
            await run.PrepareAsync();
            _open = open = new OpenRun(run);
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
            await ClearAsync(open);
            _ours.TryRemove(id, out _);
            hold.Dispose();
            if (e is DbException or DbUpdateException)
            {
                _log.NotBegun(e);
                throw new RefusedException(RefusalKind.NotNow, "The run cannot be kept", "Its database cannot be written: if its file was deleted, restart the service.");
            }

            throw;
        }

        // It outlives the call, and is no part of it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = EndAsync(open!, signals!, hold);
        }

        if (_stopping)
        {
            await run.CloseAsync(CloseReason.Restarted);
        }

        return run;
    }

    /// <summary>Closes a run that is open, and waits until the service is as it was before.</summary>
    /// <returns>False where it is not open.</returns>
    public async Task<bool> CloseAsync(string id, CloseReason reason)
    {
        if (_open is not { } open || open.Run.Incident.Id != id)
        {
            return false;
        }

        await open.Run.CloseAsync(reason);
        await open.Ended;
        return true;
    }

    /// <summary>Finds a run that this process plays; null for an unknown one.</summary>
    /// <exception cref="RefusedException">It is closed, or another service plays it.</exception>
    public async Task<IncidentRun?> FindOpenAsync(string id)
    {
        if (Open is { } run && run.Incident.Id == id)
        {
            return run;
        }

        return await FindAsync(id) switch
        {
            null => null,
            { Incident.Closed: null } => throw new RefusedException(
                RefusalKind.NotNow, PlayedElsewhere, "Only the service that began it can act on it, diagnose it or close it."),
            _ => throw new RefusedException(RefusalKind.NotNow, "Closed", "This incident is closed."),
        };
    }

    /// <summary>Every run that is kept, newest first; the open one as it stands.</summary>
    public async Task<IReadOnlyList<IncidentHeader>> ListAsync()
    {
        var kept = await store.ListAsync();
        if (kept.Any(IsLeftOpen) && await CloseLeftOpenAsync())
        {
            kept = await store.ListAsync();
        }

        var open = Open;
        return
        [
            .. kept.Select(header =>
                header.Id == open?.Incident.Id ? IncidentHeader.Of(open.Incident, header.Score)
                : _unkept.TryGetValue(header.Id, out var file) ? IncidentHeader.Of(file.Incident, file.Score)
                : header),
        ];
    }

    /// <summary>Finds a run, open or closed, one that is being closed as soon as it has its score; null for an unknown one.</summary>
    /// <remarks>A run that another service plays is read as far as that service has kept it.</remarks>
    public async Task<IncidentFile?> FindAsync(string id)
    {
        if (_open is { } open && open.Run.Incident.Id == id)
        {
            if (open.Run.Incident.Closed is null)
            {
                return new IncidentFile(open.Run.Incident, null);
            }

            await open.Ended;
        }

        if (_unkept.TryGetValue(id, out var unkept))
        {
            return unkept;
        }

        if (_lastRead is { IsFinal: true } last && last.Incident.Id == id)
        {
            return FileOf(last);
        }

        // One at a time: a long run takes seconds to read, and what one caller has read the next one wants.
        await _reading.WaitAsync();
        try
        {
            return await ReadAsync(id) is { } kept ? FileOf(kept) : null;
        }
        finally
        {
            _reading.Release();
        }
    }

    private static IncidentFile FileOf(KeptRun kept) => new(kept.Incident, kept.Header.Score);

    // Evidence is asked for again and again; one run at a time is enough to hold. A run that is open elsewhere is read on from there.
    private async Task<KeptRun?> ReadAsync(string id)
    {
        var known = _lastRead is { } last && last.Incident.Id == id ? last : null;
        if (known is { IsFinal: true })
        {
            return known;
        }

        var kept = await store.FollowAsync(id, known);
        if (kept is not null && IsLeftOpen(kept.Header) && await CloseLeftOpenAsync())
        {
            kept = await store.FollowAsync(id, kept);
        }

        if (kept is not null)
        {
            _lastRead = kept;
        }

        return kept;
    }

    /// <summary>Whether a run is open that another service plays.</summary>
    public bool IsPlayedElsewhere(IncidentRecord incident) => incident.Closed is null && incident.Id != Open?.Incident.Id;

    private bool IsLeftOpen(IncidentHeader header) => header.ClosedAt is null && !_ours.ContainsKey(header.Id);

    /// <summary>Closes what is open because the service stops.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        if (Open is { } run)
        {
            await CloseAsync(run.Incident.Id, CloseReason.Restarted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _runsLock.Dispose();
        _profilesLock.Dispose();
    }

    private async Task CloseLeftOpenAsync(IncidentHeader left)
    {
        var incident = (await store.ReadAsync(left.Id))!;
        if (incident.Closed is null)
        {
            IncidentEvent.StateChanged closed = new(time.GetUtcNow(), IncidentState.Abandoned, CloseReason.Restarted);
            await store.AppendAsync(left.Id, [closed]);
            incident.Apply(closed);
        }

        await store.UpdateAsync(IncidentHeader.Of(incident, Grader.Grade(incident, _constant)));
    }

    private void RequirePossible(IncidentOrder order, IncidentPlan plan)
    {
        Require(!_stopping, "The service stops", "It begins nothing any more.");
        Require(settings.SignalInbox, "The inbox is off", "An incident's signals are evidence: start the service with SIGNAL_INBOX=true.");
        Require(client.Address is not null, "No address to call", "The service listens nowhere that plain HTTP over TCP could reach.");
        Require(!plan.IsBlind || settings.AdminToken is not null, "No admin token", "A blind run locks everybody out who has no ADMIN_TOKEN: start the service with one.");
        Require(
            plan.Base[GrowingTableFault.RowsPerS] == 0 || !settings.Database.IsInMemory,
            "The database is in memory",
            "A table that grows while it is read needs a file: start the service with another DATABASE_URL.");
        var least = IncidentOrder.LeastDuration(plan);
        if (order.MaxDuration < least || order.MaxDuration > IncidentOrder.MaxMaxDuration)
        {
            throw new RefusedException(
                RefusalKind.Invalid,
                "Not a duration",
                FormattableString.Invariant($"max_duration_s is a whole number from {Math.Ceiling(least.TotalSeconds)} (for this scenario at this pace) to {IncidentOrder.MaxMaxDuration.TotalSeconds}."));
        }

        static void Require(bool condition, string title, string detail) =>
            RefusedException.ThrowIf(!condition, RefusalKind.NotNow, title, detail);
    }

    // Takes what a process must hold to play a run.
    private async Task<IDisposable> HoldAsync()
    {
        var runs = await _runsLock.TakeAsync(LockPatience) ?? throw Busy("INCIDENTS_DATABASE_URL");
        if (await _profilesLock.TakeAsync(LockPatience) is not { } rows)
        {
            runs.Dispose();
            throw Busy("DATABASE_URL");
        }

        return new RunHold(runs, rows);

        static RefusedException Busy(string setting) => new(
            RefusalKind.NotNow,
            "Another service plays a run",
            $"It uses the same database: wait until that run is closed, or start this service with another {setting}.");
    }

    private async Task EndAsync(OpenRun open, IDisposable signals, IDisposable hold)
    {
        var run = open.Run;
        var id = run.Incident.Id;
        var kept = true;
        try
        {
            await run.Completion;
            var score = Grader.Grade(run.Incident, _constant);
            var file = new IncidentFile(run.Incident, score);
            kept = await TryKeepAsync(run, file);
            if (kept)
            {
                _lastRead = new KeptRun(IncidentHeader.Of(run.Incident, score), run.Incident, LastBatch: 0);
            }
            else
            {
                _unkept[id] = file;
                _ = KeepLaterAsync(run, file, _runsLock.TryTake());
            }
        }
        catch (Exception e)
        {
            // Whatever it was, nobody may be locked out for it.
            kept = false;
            _log.NotScored(e);
        }

        signals.Dispose();
        await ClearAsync(open);
        if (kept)
        {
            _ours.TryRemove(id, out _);
        }

        hold.Dispose();
    }

    // The header says closed only once the events that say so are kept: until then a restart closes the run again.
    private async Task<bool> TryKeepAsync(IncidentRun run, IncidentFile file)
    {
        try
        {
            if (!await run.TryKeepAsync())
            {
                return false;
            }

            await store.UpdateAsync(IncidentHeader.Of(file.Incident, file.Score));
            _log.Kept(lines: 0, signals: 0);
            return true;
        }
        catch (Exception e)
        {
            _log.NotKept(e, waiting: 0);
            return false;
        }
    }

    private async Task KeepLaterAsync(IncidentRun run, IncidentFile file, IDisposable? hold)
    {
        var id = run.Incident.Id;
        do
        {
            await Task.Delay(KeepAgain, time);
        }
        while (!_stopping && !await TryKeepAsync(run, file));
        _unkept.TryRemove(id, out _);
        _ours.TryRemove(id, out _);
        hold?.Dispose();
    }

    // Takes the service back to where it was before, and lets others have it.
    private async Task ClearAsync(OpenRun? open)
    {
        try
        {
            failures.Restore(ChangeSource.Incident);
            await profiles.RemoveAppendedAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            _log.NotRestored(e);
        }

        _open = null;
        changes.GiveBack();
        open?.End();
    }

    /// <summary>What a process holds while it plays a run.</summary>
    private sealed class RunHold(IDisposable runs, IDisposable rows) : IDisposable
    {
        public void Dispose()
        {
            rows.Dispose();
            runs.Dispose();
        }
    }

    /// <summary>The run that has the service.</summary>
    private sealed class OpenRun(IncidentRun run)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IncidentRun Run => run;

        /// <summary>Until it is closed, scored, and the service as it was before.</summary>
        public Task Ended => _ended.Task;

        public void End() => _ended.SetResult();
    }
}
