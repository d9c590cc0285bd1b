using AngleSharp.Dom;
using Bunit;
using MockSre.Domain.Faults;
using MockSre.Domain.Fixtures;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Pages;

public class FixturesPageTests : ComponentTest
{
    // A test's service has databases in memory, no token and no DSN.
    private static readonly string[] DiffersInTests = ["admin_token", "database_url", "incidents_database_url", "sentry_dsn"];

    private static readonly string Own = Path.Combine(AppContext.BaseDirectory, "fixtures");

    private readonly string _commits = File.ReadAllText(Path.Combine(Own, FixtureReader.CommitsFile));
    private readonly string _config = File.ReadAllText(Path.Combine(Own, FixtureReader.ConfigFile));

    public FixturesPageTests()
    {
        Fixtures.Write(FixtureReader.CommitsFile, _commits);
        Fixtures.Write(FixtureReader.ConfigFile, _config);
    }

    [Fact]
    public async Task Commits_OfTheStory_SayWhichTraitEachExplains()
    {
        var page = await ShowAsync();

        var commits = page.FindAll(".commits > li");
        var all = Get<FixtureReader>().ReadCommits().Value;
        Assert.Equal(all.Select(commit => commit.Sha), commits.Select(commit => commit.QuerySelector("code")!.TextContent));
        Assert.Equal(
            IncidentStory.Commits.Reverse().Select(commit => (commit.Sha, $"Cause: {commit.Trait} {commit.Change}")),
            commits.Where(commit => commit.ClassList.Contains("of-story"))
                .Select(commit => (commit.QuerySelector("code")!.TextContent, commit.QuerySelector(".explains")!.TextContent.Trim())));
    }

    [Fact]
    public async Task Commits_AMessage_IsItsSubjectAndBehindItTheRestAndTheFiles()
    {
        Fixtures.Write(FixtureReader.CommitsFile, """
            [{"sha":"0123abc","timestamp":"2026-03-12T10:00:00Z","author":"Ines <b> <ines@example.com>",
              "message":"Shrink it\n\nBecause.\nReally.","files_changed":["a.cs","b.cs"]},
            {"sha":"0123abd","timestamp":"2026-03-12T09:00:00Z","author":"Ines","message":"One line","files_changed":["a.cs"]}]
            """);

        var commits = (await ShowAsync()).FindAll(".commits > li");

        Assert.Equal(["Shrink it", "One line"], commits.Select(commit => commit.QuerySelector("h3")!.TextContent));
        Assert.Equal(["2 files changed", "1 file changed"], commits.Select(commit => commit.QuerySelector("summary")!.TextContent));
        Assert.Equal("Because.\nReally.", commits[0].QuerySelector(".message")!.TextContent);
        Assert.Null(commits[1].QuerySelector(".message"));
        Assert.Equal("Ines", commits[0].QuerySelector(".commit-head span")!.TextContent);
    }

    [Fact]
    public async Task Config_AgainstAHealthyService_MarksWhatTheIncidentChanged()
    {
        var page = await ShowAsync();

        Assert.Equal(
            [
                "disable_cache: true, false",
                "enable_slow_query: true, false",
                "db_pool_limit: 2, 20",
                "db_pool_timeout_ms: 1000, 5000",
                "failure_mode: combined, none",
            ],
            Differences(page).Where(row => !DiffersInTests.Contains(row.Split(':')[0])));
        Assert.Contains("admin_token: [redacted], (empty)", Differences(page));
    }

    [Fact]
    public async Task Config_TheIncidentIsSet_DiffersNoMoreInAnyTrait()
    {
        var page = await ShowAsync();

        Failures.Set(Modes.Combined, ChangeSource.AdminApi);
        Time.Advance(ConsoleFeed.PollInterval);

        Assert.Equal(DiffersInTests, Differences(page).Select(row => row.Split(':')[0]).Order());
    }

    [Fact]
    public async Task AFile_Broken_SaysSoAndTheOtherLivesOn()
    {
        Fixtures.Write(FixtureReader.CommitsFile, "[{\"sha\":");

        var page = await ShowAsync();

        var problem = Assert.Single(page.FindAll("[role=alert]"));
        Assert.StartsWith("recent_commits.json: is not the expected JSON", problem.TextContent.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain(Fixtures.FullName, page.Markup, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll(".config tbody tr"));
        Assert.Empty(Hub.Events);
    }

    [Fact]
    public async Task ReadAgain_BrokenAndMended_ShowsWhatIsThereNow()
    {
        Fixtures.Write(FixtureReader.ConfigFile, "{}");
        var page = await ShowAsync();

        await Again(page).ClickAsync(new());
        page.WaitForElement("[role=alert]");

        Fixtures.Write(FixtureReader.ConfigFile, _config);
        await Again(page).ClickAsync(new());
        page.WaitForElement(".config");
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task RawJson_OfAFile_IsItAsItStandsOnDisk()
    {
        var page = await ShowAsync();

        page.FindAll("details.raw summary")[1].Click();

        Assert.Equal(_config, page.Find("pre").TextContent);
        Assert.Equal(
            ("api/fixtures/config", FixtureReader.ConfigFile),
            (page.Find(".raw a").GetAttribute("href"), page.Find(".raw a").GetAttribute("download")));
    }

    private static IElement Again(IRenderedComponent<LiveSnapshot> page) =>
        page.FindAll("button").Single(button => button.TextContent == "Reload");

    private static IEnumerable<string> Differences(IRenderedComponent<LiveSnapshot> page) =>
        page.FindAll(".config tr.differs").Select(
            row => $"{row.Children[0].TextContent}: {row.Children[1].TextContent}, {row.Children[2].TextContent}");

    // Another thread reads the files. It may still be in the renderer when its result is visible.
    private async Task<IRenderedComponent<LiveSnapshot>> ShowAsync()
    {
        var page = RenderLive<FixturesPage>();
        await page.WaitForStateAsync(() => page.FindAll("details.raw, [role=alert]").Count == 2);
        await page.InvokeAsync(() => { });
        return page;
    }
}
