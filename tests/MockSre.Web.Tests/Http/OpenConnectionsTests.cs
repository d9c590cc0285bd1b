using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Http;

namespace MockSre.Web.Tests.Http;

public sealed class OpenConnectionsTests : IDisposable
{
    private static readonly ConnectionLimits Few = new(Connections: 15, OwnRequests: 5);

    private readonly FakeTimeProvider _time = new();
    private readonly LoggedLines _logged = new();
    private readonly OpenConnections _connections;

    public OpenConnectionsTests() =>
        _connections = new OpenConnections(Few, _time, new LoggerFactory([_logged]).CreateLogger<OpenConnections>());

    public void Dispose() => _logged.Dispose();

    [Fact]
    public async Task Serve_AllTaken_ClosesTheOneThatHasBeenIdleLongest()
    {
        var open = Enumerable.Range(0, Few.FullFrom).Select(_ => Open()).ToList();
        open[0].Busy();
        open[1].Busy();
        _time.Advance(TimeSpan.FromSeconds(1));
        open[1].Free();

        var newest = Open();

        Assert.Equal([2], Closed(open));
        Open();
        Assert.Equal([2, 3], Closed(open));
        Assert.False(newest.IsClosed);
        Assert.Equal(Few.FullFrom, _connections.Count);
        await Task.WhenAll(open.Append(newest).Select(connection => connection.EndAsync()));
    }

    [Fact]
    public void Serve_AllBusy_RefusesOneMoreUntilOneIsIdle()
    {
        var open = Enumerable.Range(0, Few.FullFrom).Select(_ => Open()).ToList();
        open.ForEach(connection => connection.Busy());

        Assert.False(Open().IsServed);
        Assert.Empty(Closed(open));

        open[4].Free();
        Assert.True(Open().IsServed);
        Assert.Equal([4], Closed(open));
    }

    [Fact]
    public async Task Serve_Ended_GivesThePlaceBack()
    {
        var open = Enumerable.Range(0, Few.FullFrom).Select(_ => Open()).ToList();
        await open[7].EndAsync();

        Open();

        Assert.Empty(Closed(open.Where((_, i) => i != 7)));
    }

    [Fact]
    public void Serve_AgainAndAgainWhileFull_LogsOnceAMinute()
    {
        for (var connection = 0; connection < 1000; connection++)
        {
            Open();
        }

        Assert.Single(_logged.Lines);
        _time.Advance(OpenConnections.LogInterval);
        Open();
        Assert.Equal(2, _logged.Lines.Count);
        Assert.Contains("990", _logged.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_WhileAClientHoldsMoreSilentConnectionsThanThereAre_Answers()
    {
        await using var app = MockSreApp.StartOnSocket(Few);
        using var client = app.CreateClient();
        var address = client.BaseAddress!;
        var silent = new List<TcpClient>();
        for (var connection = 0; connection < 100; connection++)
        {
            silent.Add(new TcpClient());
            await silent[^1].ConnectAsync(address.Host, address.Port);
        }

        using var http = new HttpClient { BaseAddress = address };
        await http.GetUntilAsync("/health", health => health.GetProperty("status").GetString() == "ok");

        var connections = app.Services.GetRequiredService<OpenConnections>();
        Assert.InRange(connections.Count, 1, Few.FullFrom);
        silent.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Request_UnderWayWhileOthersCome_IsAnswered()
    {
        await using var app = MockSreApp.StartOnSocket(Few);
        using var client = app.CreateClient();
        var address = client.BaseAddress!;
        using var slow = new TcpClient();
        await slow.ConnectAsync(address.Host, address.Port);
        var stream = slow.GetStream();

        // The request is in flight, because its body has not arrived.
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /admin/load HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"));
        var connections = app.Services.GetRequiredService<OpenConnections>();
        using var http = new HttpClient { BaseAddress = address };

        // The connection of /health is idle after its answer, so the busy one is the slow one.
        await http.GetUntilAsync("/health", _ => connections.Busy >= 1);
        var silent = new List<TcpClient>();
        for (var connection = 0; connection < 100; connection++)
        {
            silent.Add(new TcpClient());
            await silent[^1].ConnectAsync(address.Host, address.Port);
        }

        await http.GetUntilAsync("/health", health => health.GetProperty("status").GetString() == "ok");
        await stream.WriteAsync("""{"requests":-1}"""u8.ToArray().AsMemory(0, 14));
        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer);

        Assert.Equal("HTTP/1.1 400", Encoding.ASCII.GetString(answer));
        silent.ForEach(connection => connection.Dispose());
    }

    private static IEnumerable<int> Closed(IEnumerable<Served> connections) =>
        connections.Select((connection, i) => (connection, i)).Where(pair => pair.connection.IsClosed).Select(pair => pair.i);

    private Served Open()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return new Served(_connections);
    }

    private sealed class Served
    {
        private readonly TaskCompletionSource _end = new();
        private readonly IFeatureCollection _features;
        private readonly Task _serving;

        public Served(OpenConnections connections)
        {
            var context = new Abortable(() => IsClosed = true);
            _features = context.Features;
            _serving = connections.ServeAsync(context, _ =>
            {
                IsServed = true;
                return _end.Task;
            });
        }

        public bool IsServed { get; private set; }

        public bool IsClosed { get; private set; }

        public void Busy() => _features.Get<OpenConnection>()!.BeginRequest();

        public void Free() => _features.Get<OpenConnection>()!.EndRequest();

        public Task EndAsync()
        {
            _end.TrySetResult();
            return _serving;
        }
    }

    private sealed class Abortable(Action aborted) : DefaultConnectionContext
    {
        public override void Abort(ConnectionAbortedException abortReason) => aborted();
    }
}
