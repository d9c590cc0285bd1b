using MockSre.Checks;
using MockSre.Web.Tests.Signals;

namespace MockSre.Web.Tests.Incidents;

/// <summary>The Sentry project that receives the signals of a blind run.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class BlindSignalsTests
{
    private const string Token = "correct-horse-battery-staple";

    [Fact]
    public async Task BlindDsn_Set_GetsTheRunsSignalsWithoutAnythingThatTells()
    {
        await using var labelled = await SentryReceiver.StartAsync();
        await using var blind = await SentryReceiver.StartAsync();
        await using var service = await StartAsync(labelled, blind.Dsn);

        using var before = await service.Http.GetProfileAsync(1);
        await BeginAsync(service);
        await blind.UntilAsync(sentry => sentry.Transactions.Count >= 10);

        Assert.Single(labelled.Transactions);
        Assert.All(blind.Transactions, transaction =>
        {
            Assert.Equal("production", transaction.GetProperty("environment").GetString());
            Assert.DoesNotContain("failure_mode", transaction.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain("demo", transaction.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain("incident_b", transaction.GetRawText(), StringComparison.Ordinal);
        });
        Assert.All(blind.All, received => Assert.DoesNotContain("\"trace\":", received.Text.Split('\n')[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task BlindDsn_NotSet_KeepsTheRunsSignalsHere()
    {
        await using var labelled = await SentryReceiver.StartAsync();
        await using var service = await StartAsync(labelled, "");

        await BeginAsync(service);
        await service.Http.GetUntilAsync("/api/signals/summary", summary => summary.Of("transactions") >= 10);

        var states = (await service.Http.GetJsonAsync("/api/signals/summary")).GetProperty("states");
        Assert.True(states.Of("local") >= 10, states.ToString());
        Assert.Empty(labelled.Transactions);
    }

    private static async Task<SentryService> StartAsync(SentryReceiver labelled, string blindDsn)
    {
        var service = await SentryService.StartAsync(labelled.Dsn, ("SENTRY_BLIND_DSN", blindDsn), ("ADMIN_TOKEN", Token));
        service.Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return service;
    }

    private static async Task BeginAsync(SentryService service)
    {
        using var started = await service.Http.PostAsync("/admin/incidents", new { scenario = "incident_b", blind = true });
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
    }
}
