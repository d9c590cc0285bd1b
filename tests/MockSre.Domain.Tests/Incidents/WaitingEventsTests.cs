using System.Text.Json;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>A run while its events cannot be stored.</summary>
public sealed class WaitingEventsTests
{
    /// <summary>Two megabytes in memory.</summary>
    private const int LongLine = 1_000_000;

    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    private static readonly string Filling = new('x', LongLine);

    [Fact]
    public async Task Kept_MoreThanMayWait_DropsTheOldestLinesAloneAndKeepsTheirNumbers()
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("pool_alone"));
        play.Go(2);
        play.Kept.Fails = true;
        play.Go(2);
        for (var i = 0; i < 300; i++)
        {
            Log(play, i);
            if (i % 100 == 99)
            {
                play.Go(1);
            }
        }

        play.Kept.Fails = false;
        play.Go(2);
        await play.DoAsync(run => run.CloseAsync(CloseReason.Cancelled));

        var dropped = Assert.Single(play.Kept.Events.OfType<Dropped>());
        var kept = play.Kept.Events.OfType<Logged>().Where(line => line.Message == Filling).ToList();
        Assert.Equal(300, kept.Count + dropped.Lines);
        Assert.InRange(2L * LongLine * kept.Count, WaitingEvents.MaxBytes / 2, WaitingEvents.MaxBytes);
        Assert.Equal(299, kept[^1].Status);
        Assert.Equal(play.Incident.States, play.Kept.Events.OfType<StateChanged>());
        Assert.Equal(play.Incident.Deploys, play.Kept.Events.OfType<Deployed>());
        Assert.Equal(play.Incident.Seconds, play.Kept.Events.OfType<SecondCounted>());

        var read = new IncidentRecord("read", play.Incident.Plan, play.Incident.StartedAt, play.Clock);
        play.Kept.Events.ForEach(read.Apply);
        Assert.Equal(play.Incident.Lines[^1], read.Lines[^1]);
        Assert.Equal(dropped.Lines, read.LinesEvicted);
        Assert.Equal(dropped.Signals, read.SignalsEvicted);
        var json = JsonSerializer.Serialize<IncidentEvent>(dropped, IncidentJson.Options);
        Assert.Equal(dropped, JsonSerializer.Deserialize<IncidentEvent>(json, IncidentJson.Options));
    }

    [Fact]
    public async Task Log_WhileTheStoreFails_HasHowManyWaitAndOnceAllIsKeptWhatWasDropped()
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("pool_alone"));
        play.Go(2);
        Assert.Empty(play.Log.NotKept);
        Assert.Empty(play.Log.Kept);

        play.Kept.Fails = true;
        play.Go(5);
        for (var i = 0; i < 150; i++)
        {
            Log(play, i);
        }

        play.Go(1);
        play.Kept.Fails = false;
        play.Go(3);

        Assert.InRange(play.Log.NotKept.Count, 4, 7);
        Assert.Equal(play.Log.NotKept.Take(4).Order(), play.Log.NotKept.Take(4));
        Assert.Equal(play.Kept.Events.OfType<Dropped>().Select(dropped => (dropped.Lines, dropped.Signals)), play.Log.Kept);
    }

    [Fact]
    public async Task Kept_ManyWait_AreKeptInBatches()
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("pool_alone"));
        play.Kept.Fails = true;
        for (var i = 0; i < 30; i++)
        {
            for (var line = 0; line < 90; line++)
            {
                play.Run.Log(new Logged(play.Clock.GetUtcNow(), LogSeverity.Information, "Test", "line", null, "r", null, null, null));
            }

            play.Go(1);
        }

        play.Kept.Fails = false;
        play.Go(2);

        Assert.Equal(1000, play.Kept.Largest);
        Assert.True(play.Kept.Events.OfType<Logged>().Count() >= 30 * 90);
    }

    private static void Log(Play play, int number) =>
        play.Run.Log(new Logged(play.Clock.GetUtcNow(), LogSeverity.Information, "Test", Filling, null, "r", "/", number, null));
}
