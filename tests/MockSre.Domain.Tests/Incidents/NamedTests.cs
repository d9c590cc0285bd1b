using MockSre.Domain.Incidents;

namespace MockSre.Domain.Tests.Incidents;

public sealed class NamedTests
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
    public void Commit_ByWhateverNamesItAlone_IsFound(string name) => Assert.Equal(PoolCut, Named.Commit(NewDossier(Plan), name, Now)?.Sha);

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
    public void Commit_ByWhatNamesNone_IsNull(string? name) => Assert.Null(Named.Commit(NewDossier(Plan), name, Now));

    [Fact]
    public void Commit_ByItsFullSha_IsFound() => Assert.Equal(PoolCut, Named.Commit(NewDossier(Plan), FullSha.Of(PoolCut), Now)?.Sha);

    [Fact]
    public void Commit_DigitsOfSeveral_AreRefusedWithTheChoices()
    {
        var dossier = NewDossier(Plan with { Commits = [Plan.Commits[0] with { Sha = "abcd123" }, Plan.Commits[1] with { Sha = "abcd456" }] });

        var refused = Assert.Throws<IncidentRefusedException>(() => Named.Commit(dossier, "ABCD", Now));

        Assert.Equal((RefusalKind.Invalid, "Ambiguous SHA"), (refused.Kind, refused.Title));
        Assert.Contains("abcd123, abcd456", refused.Message, StringComparison.Ordinal);
        Assert.Equal("abcd456", Named.Commit(dossier, "abcd4", Now)?.Sha);
    }

    [Fact]
    public void Commit_NewerThanNow_DoesNotExistYet()
    {
        var newest = Plan.Commits[^1];
        var dossier = NewDossier(Plan);

        Assert.Null(Named.Commit(dossier, newest.Sha, dossier.At(newest.AtS - 1)));
        Assert.Same(newest, Named.Commit(dossier, newest.Sha, dossier.At(newest.AtS)));
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
        var dossier = NewDossier(Plan);
        foreach (var (i, deploy) in Plan.Deploys.Take(2).Index())
        {
            dossier.Apply(new IncidentEvent.Deployed(
                dossier.At(deploy.AtS), i + 1, deploy.Release, DeployCause.Release, deploy.Ships, deploy.Ships, TraitChanges.None, Deployment: 0));
        }

        Assert.Equal(expected, Named.Deploy(dossier, name)?.Number);
    }

    private static DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddDays(1);

    private static Dossier NewDossier(IncidentPlan plan) => new("named", plan, DateTimeOffset.UnixEpoch, TimeProvider.System);
}
