using MockSre.Domain.Incidents;
using NJsonSchema;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>The commits that runs draw from: in form, and giving nothing away.</summary>
public sealed class CommitLibraryTests
{
    private static readonly string Directory = Repository.PathOf("fixtures/scenarios");

    private static readonly CommitLibrary Library = ScenarioCatalog.Read(Directory).Library;

    [Fact]
    public async Task File_AgainstItsSchema_IsValid()
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(Directory, "commits.schema.json"));

        Assert.Empty(schema.Validate(await File.ReadAllTextAsync(Path.Combine(Directory, ScenarioCatalog.LibraryFile))));
    }

    [Theory]
    [InlineData("inject")]
    [InlineData("chaos")]
    [InlineData("simulat")]
    [InlineData("scenario")]
    [InlineData("trait")]
    [InlineData("blind")]
    [InlineData("decoy")]
    [InlineData("on purpose")]
    [InlineData("root cause")]
    [InlineData("failure_mode")]
    [InlineData("failure mode")]
    [InlineData("cache_off")]
    [InlineData("slow_query")]
    [InlineData("pool_saturation")]
    [InlineData("saturat")]
    public void Texts_OfEveryCommit_HaveNoWordThatGivesItAway(string word) =>
        Assert.All(Library.Commits, commit => Assert.All(
            new[] { commit.Message, commit.PullRequest, commit.Diff },
            text => Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void Decoys_TouchEveryFileThatACommitWithAnEffectTouches()
    {
        var risky = Library.Decoys.SelectMany(commit => commit.Files).ToHashSet();

        Assert.All(
            Library.Commits.Where(commit => !commit.Sets.AreNone && commit.Sha is not null).SelectMany(commit => commit.Files).Where(file => file.StartsWith("src/", StringComparison.Ordinal)),
            file => Assert.Contains(file, risky));
        Assert.InRange(Library.Decoys.Count, 20, int.MaxValue);
    }
}
