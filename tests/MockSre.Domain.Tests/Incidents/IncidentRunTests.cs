using System.Text.Json;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Tests.Incidents;

public sealed class IncidentRunTests
{
    private const string CacheRemoved = "b71e4d8";
    private const string Scan = "c95a017";
    private const string PoolCut = "d40f3b2";

    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    public static TheoryData<RepairAction, RefusalKind, string> Refused => new()
    {
        { new(RepairKind.Rollback, "99", null), RefusalKind.Invalid, "Unknown deploy" },
        { new(RepairKind.Rollback, null, null), RefusalKind.Invalid, "Unknown deploy" },
        { new(RepairKind.Revert, "0000000", null), RefusalKind.Invalid, "Unknown commit" },
        { new(RepairKind.Revert, null, null), RefusalKind.Invalid, "Unknown commit" },
        { new(RepairKind.SetConfig, "db_path", "x"), RefusalKind.Invalid, "Unknown setting" },
        { new(RepairKind.SetConfig, null, "x"), RefusalKind.Invalid, "Unknown setting" },
        { new(RepairKind.SetConfig, "db_pool_limit", "0"), RefusalKind.Invalid, "Not a value" },
        { new(RepairKind.SetConfig, "db_pool_limit", "many"), RefusalKind.Invalid, "Not a value" },
        { new(RepairKind.SetConfig, "db_pool_timeout_ms", null), RefusalKind.Invalid, "Not a value" },
        { new(RepairKind.SetConfig, "disable_cache", "1"), RefusalKind.Invalid, "Not a value" },
    };

    [Fact]
    public async Task ActAsync_Rollback_BringsBackWhatWasInEffectThen()
    {
        await using var play = await InvestigatedAsync("incident_b");
        var target = play.Incident.Deploys[3];

        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Rollback, "4", null)));

        var deploy = play.Incident.Deploys[^1];
        Assert.Equal((7, DeployCause.Rollback, target.Release), (deploy.Number, deploy.Cause, deploy.Release));
        Assert.Equal(target.InEffect, deploy.InEffect);
        Assert.Equal(
            (false, true, 20), (play.Traits[CacheOffFault.Enabled], play.Traits[FullScanFault.Enabled], play.Traits[SmallPoolFault.Limit]));
        Assert.Equal(7, Assert.Single(play.Incident.Actions).Deploy);
    }

    [Theory]
    [InlineData(CacheRemoved, true, true, 2, 2000)]
    [InlineData(Scan, false, false, 2, 2000)]
    [InlineData(PoolCut, false, true, 20, 2000)]
    [InlineData("e18c5a9", false, true, 2, 1000)]
    public async Task ActAsync_Revert_TakesBackItsTraitsAlone(string sha, bool cacheEnabled, bool fullScan, int poolLimit, int waitMs)
    {
        await using var play = await InvestigatedAsync("incident_b");
        var before = play.Incident.Deploys[^1];

        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, sha, null)));

        Assert.Equal(
            (cacheEnabled, fullScan, poolLimit, TimeSpan.FromMilliseconds(waitMs)),
            (
                play.Traits[CacheOffFault.Enabled],
                play.Traits[FullScanFault.Enabled],
                play.Traits[SmallPoolFault.Limit],
                play.Traits.Time(SmallPoolFault.TimeoutMs)));
        var deploy = play.Incident.Deploys[^1];
        Assert.Equal(before.InEffect.Where(other => other != sha), deploy.InEffect);
        Assert.DoesNotContain(deploy.Release, play.Incident.Plan.Commits.Select(commit => commit.Sha));
    }

    [Theory]
    [InlineData(RepairKind.Revert, "D40F3B2", PoolCut)]
    [InlineData(RepairKind.Revert, "d40f3", PoolCut)]
    [InlineData(RepairKind.Revert, "commit:D40F", PoolCut)]
    [InlineData(RepairKind.Rollback, "deploy:1", "1")]
    [InlineData(RepairKind.SetConfig, "config:db_pool_limit", "db_pool_limit")]
    public async Task ActAndSubmit_ByTheIdOrAnAbbreviation_RecordTheCanonicalTarget(RepairKind kind, string target, string expected)
    {
        await using var play = await InvestigatedAsync("incident_b");
        var action = new RepairAction(kind, target, kind == RepairKind.SetConfig ? "7" : null);

        var acted = await play.DoAsync(run => run.ActAsync(action));
        var diagnosed = await play.DoAsync(run => run.SubmitAsync(Nothing() with { Repair = [action] }));

        Assert.Equal((expected, expected), (acted.Action.Target, Assert.Single(diagnosed.Diagnosis.Repair).Target));
        Assert.True(play.Traits[SmallPoolFault.Limit] > 2);
    }

    [Theory]
    [InlineData("db_pool_limit", "7")]
    [InlineData("db_pool_timeout_ms", "1234")]
    [InlineData("profile_cache_ttl_ms", "777")]
    [InlineData("disable_cache", "true")]
    [InlineData("enable_slow_query", "true")]
    [InlineData("inject_timeout_errors", "true")]
    public async Task ActAsync_SetConfig_ChangesThatSettingAlone(string key, string value)
    {
        await using var play = await InvestigatedAsync("pool_alone");
        var plan = play.Incident.Plan;
        var before = Settings();

        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.SetConfig, key, value)));

        before[key] = value;
        if (key == "disable_cache")
        {
            before.Remove("profile_cache_ttl_ms");
        }

        Assert.Equal(before, Settings());
        Assert.Equal(plan.Deploys[^1].Release, play.Incident.Deploys[^1].Release);

        Dictionary<string, string> Settings() => ServiceConfig.Of(plan, play.Traits).ToDictionary(
            setting => setting.Key, setting => setting.Value.ToJsonString());
    }

    [Fact]
    public async Task ActAsync_SetConfig_OutlivesOtherSettingsAndARollback()
    {
        await using var play = await InvestigatedAsync("incident_b");

        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.SetConfig, "db_pool_limit", "9")));
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.SetConfig, "db_pool_timeout_ms", "1234")));
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Rollback, "2", null)));

        Assert.Equal((9, TimeSpan.FromMilliseconds(1234)), (play.Traits[SmallPoolFault.Limit], play.Traits.Time(SmallPoolFault.TimeoutMs)));
    }

    [Theory]
    [InlineData("disable_cache")]
    [InlineData("enable_slow_query")]
    [InlineData("inject_timeout_errors")]
    public async Task ActAsync_ASwitchOfABlindRun_IsUnknown(string key)
    {
        await using var play = await InvestigatedAsync("pool_alone", blind: true);

        await RefusedAsync(
            play, run => run.ActAsync(new RepairAction(RepairKind.SetConfig, key, "false")), RefusalKind.Invalid, "Unknown setting");
    }

    [Fact]
    public async Task ActAsync_Restart_CuresNothing()
    {
        await using var play = await InvestigatedAsync("scan_alone");
        var (before, traits) = (play.Incident.Deploys[^1], play.Traits);

        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)));
        play.Go(60);

        var after = play.Incident.Deploys[^1];
        Assert.Equal((before.Release, before.Deployment + 1), (after.Release, after.Deployment));
        Assert.Equal(traits, play.Traits);
        Assert.Equal(IncidentState.Investigating, play.Incident.State);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task ActAsync_WhatCannotBeDone_IsRefusedAndChangesNothing(RepairAction action, RefusalKind kind, string title)
    {
        await using var play = await InvestigatedAsync("pool_alone");
        var events = play.Kept.Events.Count;

        await RefusedAsync(play, run => run.ActAsync(action), kind, title);

        Assert.Equal(events, play.Kept.Events.Count);
    }

    [Fact]
    public async Task ActAsync_RevertOfWhatIsNotDeployed_IsRefused()
    {
        await using var play = await InvestigatedAsync("pool_alone");
        var waiting = play.Incident.Plan.Commits.First(commit => play.Incident.Deploys.All(deploy => !deploy.Ships.Contains(commit.Sha)));
        var atFault = play.Incident.Plan.AtFault[0];
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, atFault.Sha, null)));

        await RefusedAsync(
            play, run => run.ActAsync(new RepairAction(RepairKind.Revert, waiting.Sha, null)), RefusalKind.NotNow, "Not deployed");
        await RefusedAsync(
            play, run => run.ActAsync(new RepairAction(RepairKind.Revert, atFault.Sha, null)), RefusalKind.NotNow, "Not deployed");
    }

    [Fact]
    public async Task ActAsync_BeforeTheInvestigation_IsTooEarly()
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("pool_alone"));

        play.Go(5);
        await EarlyAsync("Nothing has been paged yet.");
        Assert.True(play.GoUntil(() => play.Incident.Alert is not null, limitS: 200));
        await EarlyAsync("The investigation has not begun yet. Try again in a few seconds.");

        async Task EarlyAsync(string why)
        {
            var restart = new RepairAction(RepairKind.Restart, null, null);
            var refused = await RefusedAsync(play, run => run.ActAsync(restart), RefusalKind.TooEarly, "Too early");
            Assert.Equal(why, refused.Message);
            await RefusedAsync(play, run => run.SubmitAsync(Nothing()), RefusalKind.TooEarly, "Too early");
        }
    }

    [Fact]
    public async Task ActAsync_AfterTheClose_IsRefused()
    {
        await using var play = await InvestigatedAsync("pool_alone");
        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));

        await RefusedAsync(play, run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)), RefusalKind.NotNow, "Closed");
        await RefusedAsync(play, run => run.SubmitAsync(Nothing()), RefusalKind.NotNow, "Closed");
    }

    [Fact]
    public async Task ActAsync_MoreThanARunTakes_IsRefused()
    {
        await using var play = await InvestigatedAsync("pool_alone");
        for (var i = 1; i <= IncidentRun.MaxActions; i++)
        {
            Assert.Equal(i, (await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)))).Number);
        }

        await RefusedAsync(
            play, run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)), RefusalKind.NotNow, "Too many actions");
    }

    [Fact]
    public async Task SubmitAsync_MoreThanARunTakes_IsRefused()
    {
        await using var play = await InvestigatedAsync("pool_alone");
        for (var i = 0; i < IncidentRun.MaxDiagnoses; i++)
        {
            await play.DoAsync(run => run.SubmitAsync(Nothing()));
        }

        await RefusedAsync(play, run => run.SubmitAsync(Nothing()), RefusalKind.NotNow, "Too many diagnoses");
        Assert.Equal(IncidentRun.MaxDiagnoses, play.Incident.Diagnoses.Count);
    }

    [Fact]
    public async Task SubmitAsync_UnknownEvidenceOrCommits_AreRefused()
    {
        await using var play = await InvestigatedAsync("pool_alone");

        await RefusedAsync(
            play, run => run.SubmitAsync(Nothing() with { Evidence = ["commit:0000000"] }), RefusalKind.Invalid, "Unknown evidence");
        await RefusedAsync(play, run => run.SubmitAsync(Nothing() with { Commits = ["0000000"] }), RefusalKind.Invalid, "Unknown commit");
        Assert.Empty(play.Incident.Diagnoses);
    }

    [Theory]
    [InlineData(RepairKind.Rollback, "99", null, "Unknown deploy")]
    [InlineData(RepairKind.Rollback, "d40f3b2", null, "Unknown deploy")]
    [InlineData(RepairKind.Revert, "0000000", null, "Unknown commit")]
    [InlineData(RepairKind.SetConfig, "admin_token", "x", "Unknown setting")]
    [InlineData(RepairKind.SetConfig, "db_pool_limit", "many", "Not a value")]
    [InlineData(RepairKind.SetConfig, "db_pool_limit", "0", "Not a value")]
    public async Task SubmitAsync_RepairThatNoActionCouldBe_IsRefused(RepairKind kind, string target, string? value, string title)
    {
        await using var play = await InvestigatedAsync("pool_alone");

        await RefusedAsync(
            play, run => run.SubmitAsync(Nothing() with { Repair = [new(kind, target, value)] }), RefusalKind.Invalid, title);

        Assert.Empty(play.Incident.Diagnoses);
    }

    [Fact]
    public async Task SubmitAsync_SettingThatTheRepairBringsBack_IsTaken()
    {
        await using var play = await InvestigatedAsync("incident_b");
        RepairAction setting = new(RepairKind.SetConfig, "profile_cache_ttl_ms", "60000");
        await RefusedAsync(play, run => run.ActAsync(setting), RefusalKind.Invalid, "Unknown setting");

        var diagnosed = await play.DoAsync(run =>
            run.SubmitAsync(Nothing() with { Repair = [new(RepairKind.Revert, CacheRemoved, null), setting] }));

        Assert.Equal(setting, diagnosed.Diagnosis.Repair[1]);
    }

    [Fact]
    public async Task SubmitAsync_AbbreviatedShas_AreRecordedInFullAndOnce()
    {
        await using var play = await InvestigatedAsync("incident_b");

        var diagnosed = await play.DoAsync(run => run.SubmitAsync(Nothing() with
        {
            Commits = ["D40F3B2", "c95a0", "commit:b71e", "COMMIT:d40f", "d40f3b2"],
            Evidence = ["commit:D40F3", "commit:d40f3b2", "deploy:01", "metrics:release:D40F3B2"],
            Repair = [new(RepairKind.Revert, "d40f3b2", null), new(RepairKind.Revert, "Commit:D40F", null)],
        }));

        Assert.Equal([PoolCut, Scan, CacheRemoved], diagnosed.Diagnosis.Commits);
        Assert.Equal([new RepairAction(RepairKind.Revert, PoolCut, null)], diagnosed.Diagnosis.Repair);
        Assert.Equal(["commit:d40f3b2", "deploy:1", "metrics:release:d40f3b2"], diagnosed.Diagnosis.Evidence);
        Assert.Equal(diagnosed.Diagnosis.Evidence, diagnosed.Cited.Select(item => item.Id));
    }

    [Fact]
    public async Task AbbreviationsOfSeveralCommits_AreRefused()
    {
        var plan = Catalog.Plan("pool_alone");
        var other = plan.Commits.First(commit => plan.Deploys.All(deploy => !deploy.Ships.Contains(commit.Sha)));
        var sha = plan.AtFault[0].Sha;
        var twin = sha[..6] + (sha[6] == '0' ? '1' : '0');
        var commits = plan.Commits.Select(commit => commit == other ? commit with { Sha = twin } : commit);
        await using var play = await Play.BeginAsync(plan with { Commits = [.. commits] });
        play.Go(plan.InvestigationBeginsS + 2);

        await RefusedAsync(
            play, run => run.ActAsync(new RepairAction(RepairKind.Revert, sha[..6], null)), RefusalKind.Invalid, "Ambiguous SHA");
        await RefusedAsync(play, run => run.SubmitAsync(Nothing() with { Commits = [sha[..6]] }), RefusalKind.Invalid, "Ambiguous SHA");
        await RefusedAsync(
            play, run => run.SubmitAsync(Nothing() with { Evidence = [$"commit:{sha[..6]}"] }), RefusalKind.Invalid, "Ambiguous SHA");
        await RefusedAsync(
            play,
            run => run.SubmitAsync(Nothing() with { Repair = [new(RepairKind.Revert, sha[..6], null)] }),
            RefusalKind.Invalid,
            "Ambiguous SHA");
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, sha, null)));
    }

    [Fact]
    public async Task SubmitAsync_Evidence_IsKeptOnceAndAsItWas()
    {
        await using var play = await InvestigatedAsync("pool_alone");

        var diagnosed = await play.DoAsync(run =>
            run.SubmitAsync(Nothing() with { Evidence = ["config:db_pool_limit", "config:db_pool_limit"] }));
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.SetConfig, "db_pool_limit", "20")));

        Assert.Equal(2, Assert.Single(diagnosed.Cited).Facts["value"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(5, 3200, 2700, 30)]
    [InlineData(3, 3200, 2700, 50)]
    [InlineData(5, 20_000, 2000, 44)]
    public async Task Recovered_OnlyAfterTheTimeTheRequestsAndTheBursts(double rate, int freeMs, int heldMs, double expectedS)
    {
        var plan = Catalog.Plan("scan_alone");
        await using var play = await Play.BeginAsync(plan with
        {
            Load = plan.Load with { Rate = rate },
            Base = plan.Base.With(SmallPoolFault.ExportFreeMs, freeMs).With(SmallPoolFault.ExportHeldMs, heldMs),
        });
        play.Go(plan.InvestigationBeginsS + 2);
        var from = play.Clock.GetUtcNow();
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, plan.AtFault[0].Sha, null)));

        Assert.True(play.GoUntil(() => play.Incident.State == IncidentState.Recovered, limitS: 90));

        Assert.InRange((play.Clock.GetUtcNow() - from).TotalSeconds, expectedS, expectedS + 2);
    }

    [Fact]
    public async Task Recovered_IsNotReachedByTheRequestsOfOthers()
    {
        await using var play = await InvestigatedAsync("scan_alone");

        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 1000; i++)
            {
                play.Run.Count(play.Incident.Deploys[^1].Release, new RequestSample(200, TimeSpan.FromMilliseconds(1), null, 0, false));
            }

            play.Go(1);
        }

        Assert.Equal(IncidentState.Investigating, play.Incident.State);
    }

    [Fact]
    public async Task Recovered_BrokenAgainByAnAction_IsInvestigatingAtOnce()
    {
        await using var play = await InvestigatedAsync("noisy_alert");
        Assert.True(play.GoUntil(() => play.Incident.State == IncidentState.Recovered, limitS: 60));

        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.SetConfig, "enable_slow_query", "true")));

        Assert.Equal(IncidentState.Investigating, play.Incident.State);
        play.Go(60);
        Assert.Equal(IncidentState.Investigating, play.Incident.State);
    }

    [Fact]
    public async Task Recovered_BrokenAgainByItself_IsInvestigating()
    {
        // The scan is deployed after the investigation has begun.
        var plan = Catalog.Plan("scan_alone");
        await using var play = await Play.BeginAsync(plan with
        {
            Alert = plan.Alert with { EarliestS = 20, LatestS = 20 },
            Witness = new ScenarioWitness([], Kept: true, 15),
            InvestigationBeginsS = 40,
        });
        Assert.True(play.GoUntil(() => play.Incident.State == IncidentState.Recovered, limitS: 60));

        Assert.True(play.GoUntil(() => play.Incident.State == IncidentState.Investigating, limitS: 60));

        Assert.Empty(play.Incident.Actions);
        Assert.False(play.GoUntil(() => play.Incident.State == IncidentState.Recovered, limitS: 60));
    }

    [Fact]
    public async Task Log_AfterTheClose_IsNotTaken()
    {
        await using var play = await InvestigatedAsync("pool_alone");
        var line = new IncidentEvent.Logged(play.Clock.GetUtcNow(), LogSeverity.Information, "Test", "late", null, "r", "/", null, null);
        play.Run.Log(line);
        Assert.Same(line, play.Incident.Lines[^1].Line);
        var lines = play.Incident.Lines.Count;

        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));
        play.Run.Log(line);

        Assert.Equal(lines, play.Incident.Lines.Count);
        Assert.Same(play.Incident.Closed, play.Kept.Events[^1]);
    }

    [Fact]
    public async Task Tell_ASignalOfAnotherDeployment_IsNoneOfTheRuns()
    {
        await using var play = await InvestigatedAsync("scan_alone");
        var inbox = new SignalInbox(play.Clock);
        var error = Envelopes.Error();
        error["contexts"]!["deployment"]!["number"] = 1;
        play.Run.Tell(inbox.Add(Envelopes.Of("event", error), SignalState.Local));
        Assert.Empty(play.Incident.Signals);

        error["contexts"]!["deployment"]!["number"] = play.Incident.Deploys[^1].Deployment;
        play.Run.Tell(inbox.Add(Envelopes.Of("event", error), SignalState.Local));

        Assert.Single(play.Incident.Signals);
    }

    [Fact]
    public async Task Kept_ThoughTheStoreFailsForAWhile_IsAllInItsOrder()
    {
        var undisturbed = await EventsAsync(fails: false);

        Assert.Equal(undisturbed, await EventsAsync(fails: true));

        static async Task<List<string>> EventsAsync(bool fails)
        {
            await using var play = await InvestigatedAsync("pool_alone");
            var before = play.Kept.Events.Count;
            play.Kept.Fails = fails;
            var line = 0;
            play.Kept.Keeping = () => play.Run.Log(new IncidentEvent.Logged(
                play.Clock.GetUtcNow(), LogSeverity.Information, "Test", $"line {++line}", null, "r", "/", null, null));
            await play.DoAsync(run => run.SubmitAsync(Nothing()));
            await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)));
            play.Go(10);
            Assert.Equal(fails, play.Kept.Events.Count == before);
            (play.Kept.Fails, play.Kept.Keeping) = (false, null);
            play.Go(10);
            await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));
            return [.. play.Kept.Events.Select(Json)];
        }
    }

    [Fact]
    public async Task Kept_ThoughTheStoreIsSlowAndFailsAtTheClose_HasTheClose()
    {
        await using var play = await InvestigatedAsync("pool_alone");
        var slowness = new TaskCompletionSource();
        play.Kept.Slowness = slowness.Task;
        var closing = play.Run.CloseAsync(CloseReason.Finished);
        await Task.WhenAny(play.Run.Completion, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        Assert.False(play.Run.Completion.IsCompleted);

        (play.Kept.Fails, play.Kept.Keeping) = (true, () => play.Kept.Fails = false);
        slowness.SetResult();
        await closing.WithinGuard();

        Assert.Same(play.Incident.Closed, play.Kept.Events[^1]);
        Assert.True(play.Run.IsKept);
    }

    [Fact]
    public async Task Owns_EveryDeploymentWhileItIsOpen_AndNoneFromBeforeOrAfter()
    {
        await using var play = await InvestigatedAsync("pool_alone");
        Assert.All(play.Incident.Deploys.Where(deploy => deploy.Deployment > 0), deploy => Assert.True(play.Run.Owns(deploy.Deployment)));
        Assert.False(play.Run.Owns(1));

        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));

        Assert.False(play.Run.Owns(play.Incident.Deploys[^1].Deployment));
    }

    [Fact]
    public async Task Kept_AppliedToAnEmptyRecord_MakesTheSameOneAgain()
    {
        await using var play = await InvestigatedAsync("incident_b");
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, Scan, null)));
        await play.DoAsync(run =>
            run.SubmitAsync(Nothing() with { Commits = [Scan], Evidence = [$"commit:{Scan}", "config:db_pool_limit"] }));
        play.Go(20);
        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));
        var live = play.Incident;

        var plan = JsonSerializer.Deserialize<IncidentPlan>(Json(live.Plan), IncidentJson.Options)!;
        var read = new IncidentRecord(live.Id, plan, live.StartedAt, play.Clock);
        foreach (var happened in play.Kept.Events)
        {
            read.Apply(JsonSerializer.Deserialize<IncidentEvent>(Json(happened), IncidentJson.Options)!);
        }

        Assert.NotEmpty(live.Lines);
        Assert.NotEmpty(live.Signals);
        Assert.Equal(AllOf(live), AllOf(read));
        var constant = ConstantAnswer.BestFor(Catalog);
        Assert.Equal(Json(Grader.Grade(live, constant)), Json(Grader.Grade(read, constant)));

        static string AllOf(IncidentRecord incident) => Json(new
        {
            incident.Plan,
            incident.State,
            incident.States,
            incident.Closed,
            incident.Alert,
            incident.Deploys,
            incident.Actions,
            incident.Diagnoses,
            incident.Seconds,
            Lines = incident.Lines.Select(line => new { line.Number, line.Line }),
            Signals = incident.Signals.Select(entry => new { entry.EventId, Bytes = entry.Bytes.ToArray() }),
            incident.Version,
        });
    }

    private static async Task<Play> InvestigatedAsync(string scenario, bool blind = false)
    {
        var play = await Play.BeginAsync(Catalog.Plan(scenario, blind: blind));
        play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
        return play;
    }

    private static async Task<RefusedException> RefusedAsync(Play play, Func<IncidentRun, Task> what, RefusalKind kind, string title)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => play.DoAsync(what));
        Assert.Equal((kind, title), (refused.Refusal.Kind, refused.Refusal.Title));
        return refused;
    }

    private static Diagnosis Nothing() => new(Verdict.NothingWrong, null, [], "alerting_rule", "alert_too_sensitive", [], []);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, IncidentJson.Options);
}
