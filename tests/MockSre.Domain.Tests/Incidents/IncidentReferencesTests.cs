using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Tests.Incidents;

public sealed class IncidentReferencesTests
{
    private const string PoolCut = "d40f3b2";

    private static readonly IncidentPlan Plan = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios")).Plan("incident_b");

    [Theory]
    [InlineData("d40f3b2")]
    [InlineData("D40F3B2")]
    [InlineData("d40f3")]
    [InlineData("D40F")]
    [InlineData("commit:d40f3b2")]
    [InlineData("commit:D40F3")]
    [InlineData("d40f3b297174")]
    [InlineData("D40F3B297174")]
    public void Commit_ByWhateverNamesItAlone_IsFound(string name) => Assert.Equal(PoolCut, NewIncident(Plan).FindCommit(name, Now)?.Sha);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d40")]
    [InlineData("commit:d40")]
    [InlineData("deploy:d40f3b2")]
    [InlineData("d40f3b3")]
    [InlineData("d40f3b20")]
    [InlineData("d40f3b2000000000000000000000000000000000")]
    [InlineData("d40f3b20000000000000000000000000000000000")]
    [InlineData("d40g")]
    [InlineData(" d40f3b2")]
    [InlineData("d40f3b2\n")]
    public void Commit_ByWhatNamesNone_IsNull(string? name) => Assert.Null(NewIncident(Plan).FindCommit(name, Now));

    [Fact]
    public void Commit_ByItsFullSha_IsFound() => Assert.Equal(PoolCut, NewIncident(Plan).FindCommit(FullSha.Of(PoolCut), Now)?.Sha);

    [Fact]
    public void Commit_DigitsOfSeveral_AreRefusedWithTheChoices()
    {
        var incident = NewIncident(
            Plan with { Commits = [Plan.Commits[0] with { Sha = "abcd123" }, Plan.Commits[1] with { Sha = "abcd456" }] });

        var refused = Assert.Throws<RefusedException>(() => incident.FindCommit("ABCD", Now));

        Assert.Equal((RefusalKind.Invalid, "Ambiguous SHA"), (refused.Refusal.Kind, refused.Refusal.Title));
        Assert.Contains("abcd123, abcd456", refused.Message, StringComparison.Ordinal);
        Assert.Equal("abcd456", incident.FindCommit("abcd4", Now)?.Sha);
    }

    [Fact]
    public void Commit_NewerThanNow_DoesNotExistYet()
    {
        var newest = Plan.Commits[^1];
        var incident = NewIncident(Plan);

        Assert.Null(incident.FindCommit(newest.Sha, incident.At(newest.AtS - 1)));
        Assert.Same(newest, incident.FindCommit(newest.Sha, incident.At(newest.AtS)));
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("deploy:2", 2)]
    [InlineData("02", 2)]
    [InlineData("3", null)]
    [InlineData("deploy:", null)]
    [InlineData("deploy:deploy:2", null)]
    [InlineData("commit:2", null)]
    [InlineData("-2", null)]
    [InlineData("99999999999", null)]
    [InlineData(null, null)]
    public void Deploy_ByItsNumberOrTheIdOfItsEvidence_IsFound(string? name, int? expected)
    {
        var incident = NewIncident(Plan);
        foreach (var (i, deploy) in Plan.Deploys.Take(2).Index())
        {
            incident.Apply(new IncidentEvent.Deployed(
                incident.At(deploy.AtS),
                i + 1,
                deploy.Release,
                DeployCause.Release,
                deploy.Ships,
                deploy.Ships,
                TraitSet.Empty,
                Deployment: 0));
        }

        Assert.Equal(expected, incident.FindDeploy(name)?.Number);
    }

    private static DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddDays(1);

    private static IncidentRecord NewIncident(IncidentPlan plan) => new("named", plan, DateTimeOffset.UnixEpoch, TimeProvider.System);
}
