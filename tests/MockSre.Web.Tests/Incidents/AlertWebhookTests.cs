using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Web.Incidents;

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
            [
                "alerts", "commonAnnotations", "commonLabels", "externalURL", "groupKey", "groupLabels", "receiver", "status",
                "truncatedAlerts", "version",
            ],
            body.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        var alert = Assert.Single(body.GetProperty("alerts").EnumerateArray());
        Assert.Equal(
            ["annotations", "endsAt", "fingerprint", "generatorURL", "labels", "startsAt", "status"],
            alert.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal("ProfileRejectedRequests", alert.GetProperty("labels").GetProperty("alertname").GetString());
        Assert.Equal(id, alert.GetProperty("labels").GetProperty("incident").GetString());
        Assert.Equal("0001-01-01T00:00:00Z", alert.GetProperty("endsAt").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z$", alert.GetProperty("startsAt").GetString());
        Assert.Matches("^[0-9a-f]{16}$", alert.GetProperty("fingerprint").GetString());
        using var linked = await app.Http.GetAsync(new Uri(body.GetProperty("externalURL").GetString()!));
        Assert.Equal(id, (await linked.JsonAsync()).GetProperty("id").GetString());
        await app.GoAsync(60);
        Assert.Equal(1, receiver.Count);
    }

    [Theory]
    [InlineData(503, 5)]
    [InlineData(429, 5)]
    [InlineData(404, 1)]
    [InlineData(301, 1)]
    [InlineData(302, 1)]
    [InlineData(303, 1)]
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

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Alert_RedirectedOnTheSameHost_ArrivesWithItsBody(int status)
    {
        await using var receiver = await Receiver.StartAsync(status, location: "/alert/");
        await using var app = IncidentApp.Start(("ALERT_WEBHOOK_URL", receiver.Url));

        var id = await app.InvestigateAsync();

        Assert.Equal(id, Incident(await receiver.NextAsync()));
        Assert.Equal(id, Incident(await receiver.NextAsync()));
        Assert.Equal(["/hook", "/alert/"], receiver.Paths);
    }

    [Theory]
    [InlineData(302, "/alert/", "302")]
    [InlineData(307, null, "Location")]
    [InlineData(307, "http://127.0.0.2:1/alert/", "same host and port")]
    [InlineData(307, "http://127.0.0.1:1/alert/", "same host and port")]
    [InlineData(307, "//elsewhere.example/alert/", "same host and port")]
    [InlineData(307, "ftp://127.0.0.1/alert/", "same host and port")]
    [InlineData(308, "/hook?key=secret", "loop")]
    public async Task Alert_RedirectedOtherwise_IsNotFollowedAndTheLogSaysWhy(int status, string? location, string why)
    {
        await using var receiver = await Receiver.StartAsync(status, location);

        Assert.Contains(why, await ComplaintAsync(receiver), StringComparison.Ordinal);

        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task Alert_RedirectedAgainAndAgain_IsFollowedAFewTimes()
    {
        await using var receiver = await Receiver.StartAsync(307, location: null, endless: true);

        Assert.Contains($"more than {WebhookRedirect.Limit} redirects", await ComplaintAsync(receiver), StringComparison.Ordinal);

        Assert.Equal(WebhookRedirect.Limit + 1, receiver.Count);
    }

    [Theory]
    [InlineData("http://a.example/x", "https://a.example/y", true)]
    [InlineData("http://a.example/x", "http://A.example/y", true)]
    [InlineData("https://a.example/x", "http://a.example/y", false)]
    [InlineData("https://a.example/x", "https://a.example:8443/y", false)]
    public void Refusal_OfASchemeOrAPort_IsAsTheRuleSays(string from, string to, bool isFollowed)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.TemporaryRedirect);
        answer.Headers.Location = new Uri(to);

        Assert.Equal(isFollowed, WebhookRedirect.Refusal(answer, [new Uri(from)], out var target) is null);
        Assert.Equal(new Uri(to), target);
    }

    // The log line about an alert that was not delivered.
    private static async Task<string> ComplaintAsync(Receiver receiver)
    {
        await using var app = MockSreApp.Start(("ALERT_WEBHOOK_URL", receiver.Url));
        using var log = new LogLines();
        using var webhook = ActivatorUtilities.CreateInstance<AlertWebhook>(app.Services, log);
        var plan = new IncidentPlanner(app.Services.GetRequiredService<ScenarioCatalog>())
            .Plan("noisy_alert", seed: 1, Pace.Demo, blind: false)!;
        var incident = new IncidentRecord("0123456789abcdef", plan, DateTimeOffset.UnixEpoch, TimeProvider.System);
        incident.Apply(new IncidentEvent.AlertRaised(incident.At(100), incident.At(90), 0.5, IsMeasured: true));

        webhook.Page(incident);

        return await log.NextAsync();
    }

    private static string? Incident(JsonElement body) =>
        body.GetProperty("alerts")[0].GetProperty("labels").GetProperty("incident").GetString();

    private sealed class LogLines : ILogger<AlertWebhook>, IDisposable
    {
        private readonly BlockingCollection<string> _lines = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add(formatter(state, exception));

        public Task<string> NextAsync() => Task.Run(() =>
        {
            Assert.True(_lines.TryTake(out var line, TimeSpan.FromSeconds(30)), "Nothing was logged.");
            return line;
        });

        public void Dispose() => _lines.Dispose();
    }

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly BlockingCollection<JsonElement> _bodies = [];
        private int _count;

        private Receiver(WebApplication app) => _app = app;

        public string Url => _app.Urls.Single() + "/hook?key=secret";

        public int Count => Volatile.Read(ref _count);

        public ConcurrentQueue<string> Paths { get; } = [];

        public static async Task<Receiver> StartAsync(int status, string? location = "/elsewhere", bool endless = false)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var receiver = new Receiver(builder.Build());
            receiver._app.MapPost("/{**path}", async (HttpContext context) =>
            {
                receiver._bodies.Add(await context.Request.ReadFromJsonAsync<JsonElement>());
                receiver.Paths.Enqueue(context.Request.Path);
                var count = Interlocked.Increment(ref receiver._count);
                context.Response.StatusCode = context.Request.Path == "/alert/" ? 200 : status;
                context.Response.Headers.Location = endless ? $"/again/{count}" : location;
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
