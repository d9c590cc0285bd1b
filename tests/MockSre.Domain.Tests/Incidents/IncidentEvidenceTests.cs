using System.Text.Json.Nodes;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Tests.Incidents;

public sealed class IncidentEvidenceTests
{
    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    [Fact]
    public async Task Find_EveryItemThatIsShown_IsFoundByItsId()
    {
        await using var play = await PlayedAsync(blind: true);
        var evidence = new IncidentEvidence(play.Incident, play.Clock.GetUtcNow());

        IReadOnlyList<IReadOnlyList<EvidenceItem>> kinds =
        [
            evidence.Commits(),
            evidence.Deploys(),
            evidence.Config(),
            evidence.MetricsByRelease(),
            evidence.MetricsByTime(),
            evidence.Issues(),
            evidence.Errors(),
            [.. evidence.Log().Take(50)],
        ];

        Assert.All(kinds, Assert.NotEmpty);
        var items = kinds.SelectMany(items => items).ToList();
        Assert.Equal(items.Count, items.DistinctBy(item => item.Id).Count());
        Assert.All(items, item =>
        {
            var found = evidence.Find(item.Id);
            Assert.Equal((item.Id, item.Kind), (found?.Id, found?.Kind));
            Assert.True(JsonNode.DeepEquals(CitedEvidence.Of(item).Facts, found!.Facts));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("commit")]
    [InlineData("commit:")]
    [InlineData("commit:0000000")]
    [InlineData("deploy:0")]
    [InlineData("deploy:99")]
    [InlineData("config:disable_cache")]
    [InlineData("metrics:at:1")]
    [InlineData("metrics:release:0000000")]
    [InlineData("signal:issue:None")]
    [InlineData("signal:event:00000000000000000000000000000000")]
    [InlineData("log:0")]
    [InlineData("log:999999")]
    [InlineData("plan:key")]
    public async Task Find_WhatThereIsNot_IsNothing(string id)
    {
        await using var play = await PlayedAsync(blind: true);

        Assert.Null(new IncidentEvidence(play.Incident, play.Clock.GetUtcNow()).Find(id));
    }

    [Fact]
    public void Commits_NewerThanNow_DoNotExistYet()
    {
        var plan = Catalog.Plan("incident_b");
        var incident = new IncidentRecord("shown", plan, DateTimeOffset.UnixEpoch, TimeProvider.System);
        var newest = plan.Commits[^1];

        var before = new IncidentEvidence(incident, incident.At(newest.AtS - 1));
        var after = new IncidentEvidence(incident, incident.At(newest.AtS));

        Assert.Equal(plan.Commits.SkipLast(1).Reverse().Select(commit => $"commit:{commit.Sha}"), before.Commits().Select(item => item.Id));
        Assert.Null(before.Find($"commit:{newest.Sha}"));
        Assert.NotNull(after.Find($"commit:{newest.Sha}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Blind_HasNoTagsAndNoSwitches(bool blind)
    {
        await using var play = await PlayedAsync(blind);
        var evidence = new IncidentEvidence(play.Incident, play.Clock.GetUtcNow());

        Assert.All(evidence.Errors(), error => Assert.Equal(!blind, error.Tags is not null));
        string[] switches = blind ? [] : ["disable_cache", "enable_slow_query", "inject_timeout_errors"];
        Assert.Equal(
            ["db_pool_limit", "db_pool_timeout_ms", .. switches, "profile_cache_ttl_ms"], evidence.Config().Select(item => item.Key));

        // The cache was removed, and its setting with it.
        Assert.Null(evidence.Config()[^1].Value);
        Assert.Equal(5000, evidence.Config()[^1].Before!.GetValue<int>());
    }

    [Fact]
    public async Task Blind_NamesNoRole()
    {
        await using var play = await PlayedAsync(blind: true);
        var evidence = new IncidentEvidence(play.Incident, play.Clock.GetUtcNow());

        IReadOnlyList<EvidenceItem> items =
        [
            .. evidence.Commits(),
            .. evidence.Deploys(),
            .. evidence.Config(),
            .. evidence.MetricsByRelease(),
            .. evidence.Errors(),
        ];
        var facts = string.Join('\n', items.Select(item => CitedEvidence.Of(item).Facts.ToJsonString()));

        Assert.All(play.Incident.Plan.Key.Commits, commit => Assert.DoesNotContain($"\"{commit.Role}\"", facts, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Config_AfterAChange_SaysWhatItWas()
    {
        await using var play = await PlayedAsync(blind: true);

        var limit = new IncidentEvidence(play.Incident, play.Clock.GetUtcNow()).Config().Single(item => item.Key == "db_pool_limit");

        Assert.Equal((2, 20), (limit.Value!.GetValue<int>(), limit.Before!.GetValue<int>()));
    }

    [Fact]
    public void Errors_MoreThanAreShown_AreTheNewestAndTheOthersCanBeFound()
    {
        var incident = new IncidentRecord("shown", Catalog.Plan("incident_b"), DateTimeOffset.UnixEpoch, TimeProvider.System);
        for (var i = 1; i <= IncidentEvidence.MaxErrors + 5; i++)
        {
            incident.Apply(new SignalCaptured(incident.At(i), Envelopes.Of("event", Envelopes.Error(i))));
        }

        var evidence = new IncidentEvidence(incident, incident.At(1000));

        Assert.Equal(
            Enumerable.Range(6, IncidentEvidence.MaxErrors).Reverse().Select(i => $"signal:event:{Envelopes.Id(i)}"),
            evidence.Errors().Select(item => item.Id));
        Assert.NotNull(evidence.Find($"signal:event:{Envelopes.Id(1)}"));
    }

    [Fact]
    public void Transactions_OfSeveralReleases_AreTheSlowestOfEachAndTheNewestReleaseFirst()
    {
        var incident = new IncidentRecord("shown", Catalog.Plan("incident_b"), DateTimeOffset.UnixEpoch, TimeProvider.System);
        for (var i = 1; i <= 20; i++)
        {
            var transaction = Envelopes.Transaction();
            transaction["event_id"] = Envelopes.Id(i);
            transaction["release"] = i <= 10 ? "before" : "after";
            transaction["start_timestamp"] = (Envelopes.At - TimeSpan.FromSeconds(100 - i)).ToString("O");
            incident.Apply(new SignalCaptured(incident.At(i), Envelopes.Of("transaction", transaction)));
        }

        var shown = new IncidentEvidence(incident, incident.At(1000)).Transactions();

        Assert.Equal([89, 88, 87, 86, 85, 99, 98, 97, 96, 95], shown.Select(item => item.DurationMs / 1000));
    }

    [Fact]
    public void Transactions_OfMoreReleasesThanAreShown_AreThoseOfTheNewest()
    {
        var incident = new IncidentRecord("shown", Catalog.Plan("incident_b"), DateTimeOffset.UnixEpoch, TimeProvider.System);
        for (var i = 1; i <= IncidentEvidence.MaxReleases + 2; i++)
        {
            var transaction = Envelopes.Transaction();
            transaction["event_id"] = Envelopes.Id(i);
            transaction["release"] = $"release {i}";
            incident.Apply(new SignalCaptured(incident.At(i), Envelopes.Of("transaction", transaction)));
        }

        var shown = new IncidentEvidence(incident, incident.At(1000)).Transactions();

        Assert.Equal(
            Enumerable.Range(3, IncidentEvidence.MaxReleases).Reverse().Select(i => $"release {i}"), shown.Select(item => item.Release));
    }

    private static async Task<Play> PlayedAsync(bool blind)
    {
        var play = await Play.BeginAsync(Catalog.Plan("incident_b", blind: blind));
        play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
        return play;
    }
}
