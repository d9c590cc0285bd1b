using System.Text.Json;
using MockSre.Domain.Faults;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Fixtures;

public sealed class ConfigSnapshotTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 12, 10, 0, 0, 789, TimeSpan.Zero);

    [Fact]
    public void Of_SettingsWithSecrets_HoldsNone()
    {
        var settings = new ServiceSettings
        {
            SentryDsn = new Uri("https://publickey@sentry.example/42"),
            AdminToken = "correct-horse",
            Database = new DatabaseUrl("/home/somebody/data/app.db"),
        };

        var text = JsonSerializer.Serialize(Of(settings, Modes.None));

        Assert.All(
            ["publickey", "sentry.example", "correct-horse", "somebody", "/data"],
            secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Equal(("[redacted]", "[redacted]"), (Of(settings, Modes.None).SentryDsn, Of(settings, Modes.None).AdminToken));
    }

    [Fact]
    public void Of_SettingsWithoutSecrets_SaysThatThereAreNone()
    {
        var snapshot = Of(new ServiceSettings(), Modes.None);

        Assert.Equal(("", "", "", ""), (snapshot.SentryDsn, snapshot.AdminToken, snapshot.AllowedHosts, snapshot.SentryRelease));
    }

    [Theory]
    [InlineData("none", false, false, 20, 5000)]
    [InlineData("cache_off", true, false, 20, 5000)]
    [InlineData("slow_query", true, true, 20, 5000)]
    [InlineData("pool_saturation", true, false, 2, 1000)]
    [InlineData("combined", true, true, 2, 1000)]
    public void Of_AMode_HoldsWhatIsInEffectAndNotWhatWasSet(
        string modeName, bool cacheOff, bool slowQuery, int poolLimit, int poolTimeoutMs)
    {
        var mode = Modes.Find(modeName)!;
        var snapshot = Of(new ServiceSettings(), mode);

        Assert.Equal(
            (cacheOff, slowQuery, poolLimit, poolTimeoutMs, mode.Name),
            (snapshot.DisableCache, snapshot.EnableSlowQuery, snapshot.DbPoolLimit, snapshot.DbPoolTimeoutMs, snapshot.FailureMode));
    }

    [Fact]
    public void Of_OtherSettings_HoldsThemAsTheVariablesHaveThem()
    {
        var snapshot = Of(
            new ServiceSettings
            {
                Environment = ServiceEnvironment.Demo,
                AllowedHosts = ["a.example", "b.example"],
                PublicUrl = new Uri("https://demo.example/mocksre/"),
                Forwarders = [System.Net.IPNetwork.Parse("127.0.0.1/32"), System.Net.IPNetwork.Parse("10.0.0.0/8")],
                SentryRelease = "1.2.3",
                TracesSampleRate = 0.25,
                SignalInbox = false,
                InjectTimeoutErrors = true,
            },
            Modes.None);

        Assert.Equal(("https://demo.example/mocksre/", "127.0.0.1/32,10.0.0.0/8"), (snapshot.PublicUrl, snapshot.ForwardedHeaders));
        Assert.Equal(
            ("demo", "a.example,b.example", "1.2.3", 0.25, false, true),
            (
                snapshot.Env,
                snapshot.AllowedHosts,
                snapshot.SentryRelease,
                snapshot.SentryTracesSampleRate,
                snapshot.SignalInbox,
                snapshot.InjectTimeoutErrors));
    }

    [Fact]
    public void Of_AnyMoment_IsCapturedInWholeSecondsOfUtc() =>
        Assert.Equal(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero), Of(new ServiceSettings(), Modes.None).CapturedAt);

    [Fact]
    public void Of_ADeploymentOfNoMode_NamesNone() =>
        Assert.Equal("", ConfigSnapshot.Of(new ServiceSettings(), FaultCatalog.Healthy, null, At).FailureMode);

    private static ConfigSnapshot Of(ServiceSettings settings, FailureMode mode) =>
        ConfigSnapshot.Of(settings, Modes.PlanOf(mode, settings, new FaultTimings()).Traits, mode.Name, At);
}
