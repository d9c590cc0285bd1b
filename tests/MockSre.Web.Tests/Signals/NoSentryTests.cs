using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Net;
using System.Net.Sockets;

namespace MockSre.Web.Tests.Signals;

/// <summary>Tests with the SDK in this process. A process has only one SDK, so these tests run alone, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SentryInProcess
{
    public const string Name = "Sentry in this process";
}

/// <summary>Without a DSN the service makes the same signals and sends nothing.</summary>
[Collection(SentryInProcess.Name)]
public sealed class NoSentryTests
{
    [Fact]
    public async Task NoDsn_WhateverHappens_NoConnectionIsOpenedAndNoNameResolved()
    {
        using var network = new NetworkEvents();
        await using (var app = MockSreApp.Start(("SIGNAL_INBOX", "true")))
        {
            using var http = app.CreateClient();
            foreach (var mode in new[] { "none", "cache_off", "pool_saturation" })
            {
                using var set = await http.SetModeAsync(mode);
                await Task.WhenAll(Enumerable.Range(1, 5).Select(user => http.GetProfileAsync(user)));
            }

            var summary = await http.GetUntilAsync("/api/signals/summary", summary => summary.GetProperty("states").Of("local") == 20);
            Assert.Equal(("false", "null"), (summary.Text("sentry", "on"), summary.Text("sentry", "host")));
            Assert.Equal((5, 15), (summary.Of("errors"), summary.Of("transactions")));
            Assert.All(
                (await http.GetJsonAsync("/api/signals/events")).GetProperty("events").EnumerateArray(),
                entry => Assert.Equal("local", entry.Text("state")));
        }

        Assert.Empty(network.Seen);
    }

    [Fact]
    public async Task NetworkEvents_AConnection_IsSeen()
    {
        using var network = new NetworkEvents();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);

        Assert.Contains(network.Seen, seen => seen == "System.Net.Sockets ConnectStart");
    }

    [Fact]
    public async Task NoDsn_AReset_EmptiesTheInboxForGood()
    {
        // Requests wait long enough for the test to see all of them waiting.
        await using var app = MockSreApp.Start(
            MockSreApp.Scaled with { SmallPoolTimeout = TimeSpan.FromSeconds(5) }, ("SIGNAL_INBOX", "true"));
        using var http = app.CreateClient();
        using var set = await http.SetModeAsync("pool_saturation");
        var underWay = Enumerable.Range(1, 5).Select(user => http.GetProfileAsync(user)).ToList();
        await http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("pool").Of("waiting") == 5);

        using var reset = await http.PostAsync("/admin/reset");
        await Task.WhenAll(underWay);
        using var one = await http.GetProfileAsync(1);
        var summary = await http.GetUntilAsync("/api/signals/summary", summary => summary.Of("transactions") > 0);

        Assert.Equal((0, 1, 1), (summary.Of("errors"), summary.Of("transactions"), summary.GetProperty("inbox").Of("held")));
    }

    [Fact]
    public async Task SignalsThatTheSdkLeftOut_AreCountedWithTheNextEnvelope()
    {
        await using var app = MockSreApp.Start(("SIGNAL_INBOX", "true"));
        using var http = app.CreateClient();
        using var first = await http.GetProfileAsync(1);
        SentrySdk.CaptureMessage("of no profile request");
        using var second = await http.GetProfileAsync(1);

        var summary = await http.GetUntilAsync("/api/signals/summary", summary => summary.GetProperty("discarded").GetArrayLength() > 0);

        Assert.Equal("""[{"reason":"before_send","category":"error","quantity":1}]""", summary.GetProperty("discarded").GetRawText());
        Assert.Equal((0, 0), (summary.Of("errors"), summary.Of("lost")));
    }

    [Fact]
    public async Task NeitherDsnNorInbox_Requests_AreNoSignals()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        using var answer = await http.GetProfileAsync(1);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var summary = await http.GetJsonAsync("/api/signals/summary");

        Assert.Equal((0, "false"), (summary.Of("transactions"), summary.Text("inbox", "on")));
        Assert.False(SentrySdk.IsEnabled);
    }

    /// <summary>Records the network connections that this process attempts.</summary>
    private sealed class NetworkEvents : EventListener
    {
        private static readonly string[] Sources = ["System.Net.Sockets", "System.Net.NameResolution"];

        private static readonly string[] Attempts = ["ConnectStart", "ResolutionStart"];

        public ConcurrentQueue<string> Seen { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (Sources.Contains(eventSource.Name))
            {
                EnableEvents(eventSource, EventLevel.Informational);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (Attempts.Contains(eventData.EventName))
            {
                Seen.Enqueue($"{eventData.EventSource.Name} {eventData.EventName}");
            }
        }
    }
}
