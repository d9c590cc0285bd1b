using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MockSre.Web.Tests.Incidents;

public sealed class AlertWebhookTests
{
    [Fact]
    public async Task Alert_OfARun_IsPostedOnceAsAlertmanagerDoes()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var app = IncidentApp.Start(("ALERT_WEBHOOK_URL", receiver.Url));

        var id = await app.InvestigateAsync();

        var body = await receiver.NextAsync();
        Assert.Equal(("4", "firing"), (body.GetProperty("version").GetString(), body.GetProperty("status").GetString()));
        Assert.Equal(
            ["alerts", "commonAnnotations", "commonLabels", "externalURL", "groupKey", "groupLabels", "receiver", "status", "truncatedAlerts", "version"],
            body.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        var alert = Assert.Single(body.GetProperty("alerts").EnumerateArray());
        Assert.Equal(
            ["annotations", "endsAt", "fingerprint", "generatorURL", "labels", "startsAt", "status"], alert.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal("ProfileRejectedRequests", alert.GetProperty("labels").GetProperty("alertname").GetString());
        Assert.Equal(id, alert.GetProperty("labels").GetProperty("incident").GetString());
        using var linked = await app.Http.GetAsync(new Uri(body.GetProperty("externalURL").GetString()!));
        Assert.Equal(id, (await linked.JsonAsync()).GetProperty("id").GetString());
        await app.GoAsync(60);
        Assert.Equal(1, receiver.Count);
    }

    [Theory]
    [InlineData(503, 5)]
    [InlineData(429, 5)]
    [InlineData(404, 1)]
    [InlineData(302, 1)]
    public async Task Alert_NotTaken_IsPostedAgainAsOftenAsItMayHelp(int status, int posts)
    {
        await using var receiver = await Receiver.StartAsync(status);
        await using var app = IncidentApp.Start(("ALERT_WEBHOOK_URL", receiver.Url));
        await app.InvestigateAsync();
        await receiver.NextAsync();

        for (var second = 0; second < 60; second++)
        {
            await app.GoAsync(1);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.Equal(posts, receiver.Count);
    }

    [Fact]
    public async Task Alert_WithAPublicUrl_LinksToIt()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var app = IncidentApp.Start(("ALERT_WEBHOOK_URL", receiver.Url), ("PUBLIC_URL", "http://localhost:9/mocksre/"));

        var id = await app.InvestigateAsync();

        var body = await receiver.NextAsync();
        var alert = Assert.Single(body.GetProperty("alerts").EnumerateArray());
        var link = $"http://localhost:9/mocksre/api/incidents/{id}";
        Assert.Equal((link, link), (body.GetProperty("externalURL").GetString(), alert.GetProperty("generatorURL").GetString()));
    }

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly BlockingCollection<JsonElement> _bodies = [];
        private int _count;

        private Receiver(WebApplication app) => _app = app;

        public string Url => _app.Urls.Single() + "/hook?key=secret";

        public int Count => Volatile.Read(ref _count);

        public static async Task<Receiver> StartAsync(int status)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var receiver = new Receiver(builder.Build());
            receiver._app.MapPost("/hook", async (HttpContext context) =>
            {
                receiver._bodies.Add(await context.Request.ReadFromJsonAsync<JsonElement>());
                Interlocked.Increment(ref receiver._count);
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/elsewhere";
            });
            await receiver._app.StartAsync();
            return receiver;
        }

        public Task<JsonElement> NextAsync() => Task.Run(() =>
        {
            Assert.True(_bodies.TryTake(out var body, TimeSpan.FromSeconds(30)), "Nothing was posted.");
            return body;
        });

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _bodies.Dispose();
        }
    }
}
