using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Settings;
using MockSre.Web.Incidents;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.Tests.Incidents;

public sealed class IncidentStoreTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-test");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 12, 9, 0, 0, TimeSpan.Zero));
    private readonly IncidentPlan _plan =
        new IncidentPlanner(ScenarioCatalog.Read(Path.Combine(AppContext.BaseDirectory, "fixtures", "scenarios")))
            .Plan("incident_b", 7, Pace.Demo, blind: true)!;

    private IncidentStore _store = null!;

    private string File => Path.Combine(_directory.FullName, "incidents.db");

    public async Task InitializeAsync()
    {
        _store = new IncidentStore(new DatabaseUrl(File), _time);
        Assert.Null(await _store.PrepareAsync());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Read_WhatWasKept_IsThePlanAndEveryEventInOrder()
    {
        await _store.CreateAsync(IncidentHeader.Of(Incident("a"), null), _plan);
        IncidentEvent[] events =
        [
            new StateChanged(_time.GetUtcNow(), IncidentState.Armed, null),
            new Deployed(
                _time.GetUtcNow(),
                1,
                "abc1234",
                DeployCause.Release,
                ["abc1234"],
                ["abc1234"],
                TraitSet.Empty.With(SmallPoolFault.Limit, 3),
                17),
            new SecondCounted(_time.GetUtcNow(), "abc1234", 5, 1, 0, 2, 3, 3, 1, [1.5, 2]),
            new Logged(_time.GetUtcNow(), LogSeverity.Error, "a", "b\nc", "t", "abc1234", "/x", 500, 12.5),
            new AlertRaised(_time.GetUtcNow(), _time.GetUtcNow(), 0.5, true),
            new Acted(_time.GetUtcNow(), 1, new RepairAction(RepairKind.SetConfig, "db_pool_limit", "5"), 2),
            new Diagnosed(
                _time.GetUtcNow(),
                new Diagnosis(
                    Verdict.Ongoing,
                    _time.GetUtcNow(),
                    ["abc1234"],
                    "connection_pool",
                    "pool_exhaustion",
                    ["commit:abc1234"],
                    [new RepairAction(RepairKind.Restart, null, null)]),
                [new CitedEvidence("commit:abc1234", EvidenceKind.Commit, new() { ["sha"] = "abc1234" })]),
            new StateChanged(_time.GetUtcNow(), IncidentState.Abandoned, CloseReason.Cancelled),
        ];
        await _store.AppendAsync("a", events[..3]);
        await _store.AppendAsync("a", events[3..]);

        using var another = new IncidentStore(new DatabaseUrl(File), _time);
        var read = (await another.ReadAsync("a"))!;

        Assert.Equal(JsonSerializer.Serialize(_plan, IncidentJson.Options), JsonSerializer.Serialize(read.Plan, IncidentJson.Options));
        IncidentEvent[] kept =
        [
            read.States[0], read.Deploys[0], read.Seconds[0], read.Lines[0].Line, read.Alert!, read.Actions[0], read.Diagnoses[0],
            read.States[1],
        ];
        Assert.Equal(events.Select(Json), kept.Select(Json));
        Assert.Equal((IncidentState.Abandoned, CloseReason.Cancelled), (read.State, read.Closed!.Closed!.Value));

        static string Json(IncidentEvent happened) => JsonSerializer.Serialize(happened, IncidentJson.Options);
    }

    [Fact]
    public async Task Update_AHeader_KeepsItsScore()
    {
        await _store.CreateAsync(IncidentHeader.Of(Incident("a"), null), _plan);

        await _store.UpdateAsync(
            IncidentHeader.Of(
                Incident("a"),
                new Score(0.5, [new ScorePart("verdict", 0.15, 1, "Right.")], 1, 2, 3, null, [new TrivialScore("newest_commit", 0.1)])));

        var header = Assert.Single(await _store.ListAsync());
        Assert.Equal((0.5, "verdict", "newest_commit"), (header.Score!.Total, header.Score.Parts[0].Name, header.Score.Beside[0].Name));
    }

    [Fact]
    public async Task Create_MoreThanAreKept_LetsTheOldestGoWithItsEvents()
    {
        for (var number = 0; number <= IncidentStore.KeptRuns; number++)
        {
            var id = number.ToString(CultureInfo.InvariantCulture);
            await _store.CreateAsync(IncidentHeader.Of(Incident(id), null), _plan);
            await _store.AppendAsync(id, [new StateChanged(_time.GetUtcNow(), IncidentState.Armed, null)]);
        }

        var kept = await _store.ListAsync();

        Assert.Equal(IncidentStore.KeptRuns, kept.Count);
        Assert.Equal("100", kept[0].Id);
        Assert.Null(await _store.ReadAsync("0"));
        Assert.NotNull(await _store.ReadAsync("1"));
    }

    [Fact]
    public async Task Read_AnUnknownRun_IsNothing() => Assert.Null(await _store.ReadAsync("unknown"));

    [Fact]
    public async Task Prepare_AFileThatIsNoDatabase_SaysSo()
    {
        var path = Path.Combine(_directory.FullName, "text.db");
        await System.IO.File.WriteAllTextAsync(
            path, "This is a text, and long enough to be taken for the header of a database file by nobody at all.");
        using var store = new IncidentStore(new DatabaseUrl(path), _time);

        Assert.Contains("the file is something else", await store.PrepareAsync(), StringComparison.Ordinal);
    }

    private IncidentRecord Incident(string id) => new(id, _plan, _time.GetUtcNow(), _time);
}
