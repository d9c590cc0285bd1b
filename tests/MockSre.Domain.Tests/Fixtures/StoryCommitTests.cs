using MockSre.Domain.Faults;
using MockSre.Domain.Fixtures;

namespace MockSre.Domain.Tests.Fixtures;

public sealed class StoryCommitTests
{
    [Fact]
    public void Commits_OfTheStory_AreAmongTheFixturesOldestFirst()
    {
        var commits = new FixtureReader(Repository.PathOf("fixtures")).ReadCommits().Value;

        Assert.Equal(
            commits.Reverse().Select(commit => commit.Sha).Where(sha => IncidentStory.Find(sha) is not null),
            IncidentStory.Commits.Select(commit => commit.Sha));
    }

    [Fact]
    public void Commits_OfTheStory_AreTheReleasesOfTheFaultyModesAndTheHotfix()
    {
        var releases = Modes.All.Where(mode => !mode.IsHealthy).Select(mode => mode.Release).Distinct();

        Assert.Equal([.. releases, "e18c5a9"], IncidentStory.Commits.Select(commit => commit.Sha));
    }

    [Theory]
    [InlineData("8a2c5e0")]
    [InlineData("")]
    [InlineData("B71E4D8")]
    public void Find_ACommitOfNoPartInIt_GivesNone(string sha) => Assert.Null(IncidentStory.Find(sha));
}
