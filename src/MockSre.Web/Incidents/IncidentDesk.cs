using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Failures;
using MockSre.Domain.Incidents;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;
using MockSre.Web.Hosting;
using MockSre.Web.Load;

namespace MockSre.Web.Incidents;

/// <summary>Where incident runs begin and end: at most one is open, and while it is, nobody else changes the service.</summary>
internal sealed partial class IncidentDesk(
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
    Visitors visitors,
    TimeProvider time,
    ILogger<IncidentDesk> logger) : IAsyncDisposable
{
    /// <summary>Why nothing else may change the service while a run is open, in a few words.</summary>
    public const string Occupied = "An incident is open";

    /// <summary>As many as a fingerprint of Alertmanager has.</summary>
    private const int IdBytes = 8;

    /// <summary>After this a closed run that could not be kept is tried again.</summary>
    private static readonly TimeSpan KeepAgain = TimeSpan.FromSeconds(2);

    private readonly ConstantAnswer _constant = ConstantAnswer.BestFor(catalog);
    private readonly IncidentPlanner _planner = new(catalog);
    private readonly ConcurrentDictionary<string, IncidentFile> _unkept = [];
    private readonly SemaphoreSlim _reading = new(1);
    private volatile OpenRun? _open;
    private volatile IncidentFile? _lastRead;
    private volatile bool _stopping;

    /// <summary>The run that is open; null for none.</summary>
    public IncidentRun? Open => _open?.Run;

    /// <summary>The blind run that is open; null for none.</summary>
    public IncidentRun? OpenBlind => Open is { Dossier.Plan.IsBlind: true } run ? run : null;

    /// <summary>What can be played.</summary>
    public ScenarioCatalog Catalog => catalog;

    /// <summary>Closes what a process before this one left open: nothing pretends to be running.</summary>
    public async Task CloseLeftOpenAsync()
    {
        if (!store.IsOurs)
        {
            return;
        }

        try
        {
            foreach (var left in (await store.ListAsync()).Where(header => header.ClosedAt is null))
            {
                await CloseLeftOpenAsync(left);
            }
        }
        catch (Exception e) when (e is DbException or DbUpdateException or JsonException)
        {
            // A run that cannot be read must not keep the service from starting.
            LogNotKept(logger, e);
        }
    }

    /// <summary>Begins a run: the service is reset, and everything that changes it by hand is refused from now on.</summary>
    /// <exception cref="IncidentRefusedException">It cannot begin.</exception>
    public async Task<IncidentRun> StartAsync(IncidentOrder order)
    {
        var seed = order.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var plan = _planner.Plan(order.Scenario, seed, order.Pace, order.IsBlind)
            ?? throw new IncidentRefusedException(RefusalKind.Invalid, "Unknown scenario", $"The scenarios are {string.Join(", ", catalog.Scenarios.Select(scenario => scenario.Name).Concat(catalog.Draws.Select(draw => draw.Name)))}.");
        RequirePossible(order, plan);
        if (!changes.TryTake())
        {
            throw new IncidentRefusedException(
                RefusalKind.NotNow, _open is null ? "The service is being changed" : Occupied, _open is null ? "Try again in a moment." : "One run is open at a time.");
        }

        IDisposable? signals = null;
        IncidentRun run;
        OpenRun? open = null;
        try
        {
            await reset.RunAsync();
            await profiles.RemoveAppendedAsync(CancellationToken.None);
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
            run = await IncidentRun.BeginAsync(
                new Dossier(id, plan, time.GetUtcNow(), time),
                order.MaxDuration,
                failures,
                loads,
                store,
                time,
                webhook.Page,
                e => LogNotKept(logger, e),
                deployed =>
                {
                    _open = open = new OpenRun(deployed);
                    signals = inbox.Subscribe(entry =>
                    {
                        if (!visitors.Told(entry))
                        {
                            deployed.Tell(entry);
                        }
                    });
                });
        }
        catch (Exception e)
        {
            signals?.Dispose();
            await ClearAsync(open);
            if (e is DbException or DbUpdateException)
            {
                LogNotKept(logger, e);
                throw new IncidentRefusedException(RefusalKind.NotNow, "The run cannot be kept", "Its database cannot be written: if its file was deleted, restart the service.");
            }

            throw;
        }

        // It outlives the call, and is no part of it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = EndAsync(open!, signals!);
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
        if (_open is not { } open || open.Run.Dossier.Id != id)
        {
            return false;
        }

        await open.Run.CloseAsync(reason);
        await open.Ended;
        return true;
    }

    /// <summary>Every run that is kept, newest first; the open one as it stands.</summary>
    public async Task<IReadOnlyList<IncidentHeader>> ListAsync()
    {
        var open = Open;
        return
        [
            .. (await store.ListAsync()).Select(header =>
                header.Id == open?.Dossier.Id ? IncidentHeader.Of(open.Dossier, header.Score)
                : _unkept.TryGetValue(header.Id, out var file) ? IncidentHeader.Of(file.Dossier, file.Score)
                : header),
        ];
    }

    /// <summary>Finds a run, open or closed, one that is being closed as soon as it has its score; null for an unknown one.</summary>
    public async Task<IncidentFile?> FindAsync(string id)
    {
        if (_open is { } open && open.Run.Dossier.Id == id)
        {
            if (open.Run.Dossier.Closed is null)
            {
                return new IncidentFile(open.Run.Dossier, null);
            }

            await open.Ended;
        }

        if (_unkept.TryGetValue(id, out var unkept))
        {
            return unkept;
        }

        if (_lastRead is { } last && last.Dossier.Id == id)
        {
            return last;
        }

        // One at a time: a long run takes seconds to read, and what one caller has read the next one wants.
        await _reading.WaitAsync();
        try
        {
            return _lastRead is { } meanwhile && meanwhile.Dossier.Id == id ? meanwhile : await ReadAsync(id);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<IncidentFile?> ReadAsync(string id)
    {
        if ((await store.ListAsync()).FirstOrDefault(header => header.Id == id) is not { } header || await store.ReadAsync(id) is not { } dossier)
        {
            return null;
        }

        // Evidence is asked for again and again; one run at a time is enough to hold.
        return _lastRead = new IncidentFile(dossier, header.Score);
    }

    /// <summary>Closes what is open because the service stops.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        if (Open is { } run)
        {
            await CloseAsync(run.Dossier.Id, CloseReason.Restarted);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task CloseLeftOpenAsync(IncidentHeader left)
    {
        var dossier = (await store.ReadAsync(left.Id))!;
        if (dossier.Closed is null)
        {
            IncidentEvent.StateChanged closed = new(time.GetUtcNow(), IncidentState.Abandoned, CloseReason.Restarted);
            await store.AppendAsync(left.Id, [closed]);
            dossier.Apply(closed);
        }

        await store.UpdateAsync(IncidentHeader.Of(dossier, Grader.Grade(dossier, _constant)));
    }

    private void RequirePossible(IncidentOrder order, IncidentPlan plan)
    {
        Require(!_stopping, "The service stops", "It begins nothing any more.");
        Require(store.IsOurs, "Another service has the runs", "It keeps them in the same file: start this one with another INCIDENTS_DATABASE_URL.");
        Require(settings.SignalInbox, "The inbox is off", "An incident's signals are evidence: start the service with SIGNAL_INBOX=true.");
        Require(client.Address is not null, "No address to call", "The service listens nowhere that plain HTTP over TCP could reach.");
        Require(!plan.IsBlind || settings.AdminToken is not null, "No admin token", "A blind run locks everybody out who has no ADMIN_TOKEN: start the service with one.");
        Require(
            plan.Base.ImportRowsPerS == 0 || !settings.Database.IsInMemory,
            "The database is in memory",
            "A table that grows while it is read needs a file: start the service with another DATABASE_URL.");
        var least = IncidentOrder.LeastDuration(plan);
        if (order.MaxDuration < least || order.MaxDuration > IncidentOrder.MaxMaxDuration)
        {
            throw new IncidentRefusedException(
                RefusalKind.Invalid,
                "Not a duration",
                FormattableString.Invariant($"max_duration_s is a whole number from {Math.Ceiling(least.TotalSeconds)} (for this scenario at this pace) to {IncidentOrder.MaxMaxDuration.TotalSeconds}."));
        }

        static void Require(bool condition, string title, string detail)
        {
            if (!condition)
            {
                throw new IncidentRefusedException(RefusalKind.NotNow, title, detail);
            }
        }
    }

    private async Task EndAsync(OpenRun open, IDisposable signals)
    {
        var run = open.Run;
        try
        {
            await run.Completion;
            var score = Grader.Grade(run.Dossier, _constant);
            var file = new IncidentFile(run.Dossier, score);
            _lastRead = file;
            if (!await TryKeepAsync(run, file))
            {
                _unkept[run.Dossier.Id] = file;
                _ = KeepLaterAsync(run, file);
            }
        }
        catch (Exception e)
        {
            // Likewise. Whatever it was, nobody may be locked out for it.
            LogNotKept(logger, e);
        }

        signals.Dispose();
        await ClearAsync(open);
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

            await store.UpdateAsync(IncidentHeader.Of(file.Dossier, file.Score));
            return true;
        }
        catch (Exception e)
        {
            LogNotKept(logger, e);
            return false;
        }
    }

    private async Task KeepLaterAsync(IncidentRun run, IncidentFile file)
    {
        do
        {
            await Task.Delay(KeepAgain, time);
        }
        while (!_stopping && !await TryKeepAsync(run, file));
        _unkept.TryRemove(run.Dossier.Id, out _);
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
            LogNotRestored(logger, e);
        }

        _open = null;
        changes.GiveBack();
        open?.End();
    }

    [LoggerMessage(LogLevel.Error, "Something about the incident run could not be kept yet, or not be told")]
    private static partial void LogNotKept(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "The service could not be taken back to where it was before the incident run")]
    private static partial void LogNotRestored(ILogger logger, Exception exception);

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
