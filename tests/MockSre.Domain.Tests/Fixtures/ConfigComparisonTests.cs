using System.Text.Json;
using MockSre.Domain.Faults;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Fixtures;

public sealed class ConfigComparisonTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 12, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Of_AnySnapshots_NamesExactlyTheVariablesOfTheFixtureFile()
    {
        var path = Repository.PathOf(Path.Combine("fixtures", FixtureReader.ConfigFile));
        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(path));

        Assert.Equal(
            file.RootElement.EnumerateObject().Select(property => property.Name).Order(),
            ConfigComparison.Of(Snapshot(Modes.None), Snapshot(Modes.None)).Select(row => row.Name).Order());
    }

    [Fact]
    public void Of_TheSameTwice_DiffersInNothing() =>
        Assert.DoesNotContain(ConfigComparison.Of(Snapshot(Modes.Combined), Snapshot(Modes.Combined)), row => row.Differs);

    [Fact]
    public void Of_TwoMoments_DoesNotCountTheTimeOfCapture()
    {
        var row = ConfigComparison.Of(Snapshot(Modes.None), Snapshot(Modes.None) with { CapturedAt = At.AddDays(1) })
            .Single(row => row.Name == "captured_at");

        Assert.NotEqual(row.Then, row.Now);
        Assert.False(row.Differs);
    }

    [Fact]
    public void Of_TwoModes_GivesTheDifferencesAsJsonHasThem() => Assert.Equal(
        [
            new("disable_cache", "true", "false", true),
            new("enable_slow_query", "true", "false", true),
            new("db_pool_limit", "2", "20", true),
            new("db_pool_timeout_ms", "1000", "5000", true),
            new ConfigDifference("failure_mode", "combined", "none", true),
        ],
        ConfigComparison.Of(Snapshot(Modes.Combined), Snapshot(Modes.None)).Where(row => row.Differs));

    private static ConfigSnapshot Snapshot(FailureMode mode) =>
        ConfigSnapshot.Of(new ServiceSettings(), Modes.PlanOf(mode, new ServiceSettings(), new FaultTimings()).Traits, mode.Name, At);
}
