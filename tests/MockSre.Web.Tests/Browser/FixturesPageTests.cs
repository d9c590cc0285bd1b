using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MockSre.Checks;
using MockSre.Web.Tests.Composition;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.OtherPages)]
public sealed partial class FixturesPageTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserFact]
    public async Task Commits_OfTheIncident_StandNewestFirstWithTheFourOfTheStoryExplained()
    {
        var page = await OpenAsync("/fixtures");
        var commits = page.Panel("Commits").Locator(".commits > li");

        await Expect(commits).ToHaveCountAsync(14);
        await Expect(page.Locator(".commits > li.of-story code").First).ToHaveTextAsync("e18c5a9");
        Assert.Equal(
            ["e18c5a9", "d40f3b2", "c95a017", "b71e4d8"],
            await page.Locator(".commits > li.of-story .commit-head code").AllInnerTextsAsync());
        await Expect(commits.Filter(new() { HasText = "b71e4d8" })).ToContainTextAsync("Cause: Cache");

        var files = commits.Filter(new() { HasText = "b71e4d8" }).Locator("details");
        await files.Locator("summary").ClickAsync();
        await Expect(files.Locator(".files")).ToContainTextAsync("src/MockSre.Domain/Profiles/ProfileService.cs");
    }

    [BrowserFact]
    public async Task Config_AgainstTheRunningOne_MarksWhatDiffersWhileModesChange()
    {
        var page = await OpenAsync("/fixtures");
        var mode = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "failure_mode" });
        await Expect(mode).ToContainTextAsync("combined");
        await Expect(mode).ToContainTextAsync("differs");
        var before = await page.Locator("tr.differs").CountAsync();

        await SetModeAsync("combined");

        await Expect(mode).Not.ToContainTextAsync("differs");
        await Expect(page.Locator("tr.differs")).Not.ToHaveCountAsync(before);
        await Expect(page.Locator("tr.differs").Filter(new() { HasText = "db_pool_limit" })).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task RawJson_CopiedAndDownloaded_IsTheFileByteForByte()
    {
        await Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var file = await File.ReadAllTextAsync(Path.Combine(ServiceProgram.Directory, "fixtures", "recent_commits.json"));
        var page = await OpenAsync("/fixtures");
        var raw = page.Panel("Commits").Locator("details.raw");
        await raw.Locator("summary").ClickAsync();
        await Expect(raw.Locator("pre")).ToHaveTextAsync(file);

        await raw.Button("Copy recent_commits.json").ClickAsync();
        await Expect(page.GetByText("Copied recent_commits.json.")).ToBeVisibleAsync();
        Assert.Equal(file, await page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));

        var download = await page.RunAndWaitForDownloadAsync(() => raw.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("recent_commits.json", download.SuggestedFilename);
        Assert.Equal(file, await File.ReadAllTextAsync(await download.PathAsync()));
    }
}

/// <summary>A service with one broken fixture file.</summary>
[Collection(BrowserCollections.OwnService)]
public sealed partial class BrokenFixtureTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("mocksre-broken-");
    private ServerProcess? _service;

    private string CommitsFile => Path.Combine(_copy.FullName, "fixtures", "recent_commits.json");

    [BrowserFact]
    public async Task File_BrokenAndMended_SaysWhatIsWrongThenShowsIt()
    {
        // The API answers an error for a broken file. The page does not call the API, so no request of the browser fails.
        var page = await OpenAsync("/fixtures");

        await Expect(page.Panel("Commits").GetByRole(AriaRole.Alert)).ToHaveTextAsync(Explained());
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "failure_mode" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Console", Exact = true }).ClickAsync();
        await page.Mode("cache_off").ClickAsync();
        await Expect(page.Badge()).ToHaveTextAsync("Mode cache_off");

        await page.GetByRole(AriaRole.Link, new() { Name = "Fixtures" }).ClickAsync();
        await Expect(page.Panel("Commits").GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        File.Copy(Path.Combine(ServiceProgram.Directory, "fixtures", "recent_commits.json"), CommitsFile, overwrite: true);
        await page.Button("Reload").ClickAsync();
        await Expect(page.Panel("Commits").Locator(".commits > li")).ToHaveCountAsync(14);
    }

    internal override async Task<ServerProcess> ServiceAsync()
    {
        // The program reads the fixtures from its own directory. So the test runs a copy of the program, with links to all unchanged files.
        foreach (var entry in new DirectoryInfo(ServiceProgram.Directory).EnumerateFileSystemInfos().Where(
            entry => entry.Name is not ("fixtures" or ".playwright")))
        {
            var target = Path.Combine(_copy.FullName, entry.Name);
            if (entry is FileInfo file && entry.Name.StartsWith("MockSre.Web.", StringComparison.Ordinal))
            {
                file.CopyTo(target);
            }
            else
            {
                File.CreateSymbolicLink(target, entry.FullName);
            }
        }

        _copy.CreateSubdirectory("fixtures");
        File.Copy(
            Path.Combine(ServiceProgram.Directory, "fixtures", "config_snapshot.json"),
            Path.Combine(_copy.FullName, "fixtures", "config_snapshot.json"));
        foreach (var unchanged in new[] { "scenarios", "faults", "blind" })
        {
            Directory.CreateSymbolicLink(
                Path.Combine(_copy.FullName, "fixtures", unchanged), Path.Combine(ServiceProgram.Directory, "fixtures", unchanged));
        }

        await File.WriteAllTextAsync(CommitsFile, "[{\n\"sha\": 1}]");
        return _service = await ServerProcess.StartServiceAsync(
            Path.Combine(_copy.FullName, "MockSre.Web.dll"), ServiceProgram.Settings);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _copy.Delete(recursive: true);
    }

    [GeneratedRegex("recent_commits.json: is not the expected JSON at .+, line 2")]
    private static partial Regex Explained();
}
