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

        var text = JsonSerializer.Serialize(Of(settings, FailureMode.None));

        Assert.All(["publickey", "sentry.example", "correct-horse", "somebody", "/data"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Equal(("[redacted]", "[redacted]"), (Of(settings, FailureMode.None).SentryDsn, Of(settings, FailureMode.None).AdminToken));
    }

    [Fact]
    public void Of_SettingsWithoutSecrets_SaysThatThereAreNone()
    {
        var snapshot = Of(new ServiceSettings(), FailureMode.None);

        Assert.Equal(("", "", "", ""), (snapshot.SentryDsn, snapshot.AdminToken, snapshot.AllowedHosts, snapshot.SentryRelease));
    }

    [Theory]
    [InlineData(FailureMode.None, false, false, 20, 5000)]
    [InlineData(FailureMode.CacheOff, true, false, 20, 5000)]
    [InlineData(FailureMode.SlowQuery, true, true, 20, 5000)]
    [InlineData(FailureMode.PoolSaturation, true, false, 2, 1000)]
    [InlineData(FailureMode.Combined, true, true, 2, 1000)]
    public void Of_AMode_HoldsWhatIsInEffectAndNotWhatWasSet(FailureMode mode, bool cacheOff, bool slowQuery, int poolLimit, int poolTimeoutMs)
    {
        var snapshot = Of(new ServiceSettings(), mode);

        Assert.Equal(
            (cacheOff, slowQuery, poolLimit, poolTimeoutMs, mode.Name()),
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
            FailureMode.None);

        Assert.Equal(("https://demo.example/mocksre/", "127.0.0.1/32,10.0.0.0/8"), (snapshot.PublicUrl, snapshot.ForwardedHeaders));
        Assert.Equal(
            ("demo", "a.example,b.example", "1.2.3", 0.25, false, true),
            (snapshot.Env, snapshot.AllowedHosts, snapshot.SentryRelease, snapshot.SentryTracesSampleRate, snapshot.SignalInbox, snapshot.InjectTimeoutErrors));
    }

    [Fact]
    public void Of_AnyMoment_IsCapturedInWholeSecondsOfUtc() =>
        Assert.Equal(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero), Of(new ServiceSettings(), FailureMode.None).CapturedAt);

    [Fact]
    public void Of_ADeploymentOfNoMode_NamesNone() =>
        Assert.Equal("", ConfigSnapshot.Of(new ServiceSettings(), FailureModes.TraitsOf(FailureMode.None, new ServiceSettings(), new FaultTimings()), null, At).FailureMode);

    private static ConfigSnapshot Of(ServiceSettings settings, FailureMode mode) =>
        ConfigSnapshot.Of(settings, FailureModes.TraitsOf(mode, settings, new FaultTimings()), mode.Name(), At);
}
