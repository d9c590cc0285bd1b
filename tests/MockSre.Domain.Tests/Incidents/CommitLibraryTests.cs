using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>The commits that runs draw from are well formed and do not reveal the answer.</summary>
public sealed class CommitLibraryTests
{
    private static readonly string Directory = Repository.PathOf("fixtures/scenarios");

    private static readonly CommitLibrary Library = ScenarioCatalog.Read(Directory).Library;

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
    public void Diffs_OfEveryCommit_AreUnifiedDiffsThatChangeSomething() => Assert.All(Library.Commits, commit =>
    {
        var lines = UnifiedDiff.Parse(commit.Diff);
        Assert.Equal(commit.Files, lines.Select(line => line.File).Distinct());
        Assert.All(lines.GroupBy(line => line.File), file => Assert.Contains(file, line => line.Sign is '+' or '-'));
    });

    [Theory]
    [InlineData("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n")]
    [InlineData("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n a\n-b\n-c\n")]
    [InlineData("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\na\n-b\n")]
    [InlineData("diff --git a/x b/x\n--- a/y\n+++ b/y\n@@ -1,2 +1 @@\n a\n-b\n")]
    [InlineData("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +2 @@\n a\n-b\n")]
    [InlineData("@@ -1,2 +1 @@\n a\n-b\n")]
    [InlineData("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n a\n-b")]
    public void Parse_OfABrokenDiff_Throws(string diff) => Assert.Throws<FormatException>(() => UnifiedDiff.Parse(diff));

    [Fact]
    public void Contradiction_OfADecoyAfterWhatTakesItsCodeAway_IsFound() => Assert.All(
        Library.Decoys.Where(decoy => decoy.Before.Contains("cache_removed")),
        decoy => Assert.Contains(Library.OfRole("cache_removed"), fault => UnifiedDiff.Contradiction([fault, decoy]) is not null));

    [Fact]
    public void Diffs_OfEveryCommit_TouchFilesThatThereAre() =>
        Assert.All(
            Library.Commits.SelectMany(commit => commit.Files).Distinct(), file => Assert.True(File.Exists(Repository.PathOf(file)), file));

    [Fact]
    public void Decoys_TouchEveryFileThatACommitWithAnEffectTouches()
    {
        var risky = Library.Decoys.SelectMany(commit => commit.Files).ToHashSet();

        Assert.All(
            Library.Commits.Where(commit => !commit.Sets.IsEmpty && commit.Sha is not null)
                .SelectMany(commit => commit.Files)
                .Where(file => file.StartsWith("src/", StringComparison.Ordinal)),
            file => Assert.Contains(file, risky));
        Assert.InRange(Library.Decoys.Count, 20, int.MaxValue);
    }
}
