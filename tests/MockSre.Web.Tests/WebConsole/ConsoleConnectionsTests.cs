using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Http;
using MockSre.Web.WebConsole;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>Raw websockets to the console, used as no browser does.</summary>
public sealed class ConsoleConnectionsTests : IAsyncLifetime
{
    private const string Local = "local";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero));
    private readonly MockSreApp _app;
    private readonly ConsolePlaces _places;
    private readonly HttpClient _http;

    public ConsoleConnectionsTests()
    {
        _app = MockSreApp.StartOnSocket(new ConnectionLimits(60, 10), _time, ("ADMIN_TOKEN", "open-sesame-4c1f"));
        _places = _app.Services.GetRequiredService<ConsolePlaces>();
        _http = _app.CreateClient();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Websockets_EachWithACircuit_AreAsManyAsAClientMayAndTheSignInPageIsThere()
    {
        var open = new List<ClientWebSocket>();
        for (var connection = 0; connection < _places.MostPerClient; connection++)
        {
            open.Add(await OpenAsync(circuit: true));
        }

        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(circuit: true));
        Assert.Equal(_places.MostPerClient, _places.Taken);
        using var console = await _http.GetAsync(new Uri("/", UriKind.Relative));
        using var signIn = await _http.GetAsync(new Uri("/sign-in", UriKind.Relative));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (console.StatusCode, signIn.StatusCode));
        Assert.Contains(
            "<form method=\"post\" action=\"/session/sign-in\">", await signIn.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        open.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Websocket_WithoutACircuit_IsClosedSoon()
    {
        using var socket = await OpenAsync(circuit: false);
        Assert.Equal(1, _places.Taken);

        // The service may start its timer after its answer. A single advance could be too early.
        var end = EndAsync(socket);
        await UntilAsync(() =>
        {
            _time.Advance(ConsoleConnections.StartWindow);
            return end.IsCompleted;
        });
        await end;
        await UntilAsync(() => _places.Taken == 0);
    }

    [Fact]
    public async Task Websocket_WithACircuit_StaysAndItsPlaceIsKeptForAMinuteWhenItCloses()
    {
        var socket = await OpenAsync(circuit: true);
        _time.Advance(ConsoleConnections.StartWindow + TimeSpan.FromSeconds(1));
        Assert.Equal((1, WebSocketState.Open), (_places.Taken, socket.State));

        socket.Dispose();

        // The place stays taken, but its own client can use it.
        await UntilAsync(() =>
        {
            while (_places.Taken < _places.MostPerClient && _places.TryReserve(Local))
            {
            }

            return _places.HasRoom(Local);
        });
        Assert.Equal(_places.MostPerClient, _places.Taken);
        _time.Advance(ConsoleRegistration.ReconnectWindow);
        Assert.Equal(0, _places.Taken);
    }

    [Fact]
    public async Task Websocket_ThatNeverSaysAnything_CountsToo()
    {
        var address = _http.BaseAddress!;
        var open = new List<TcpClient>();
        var statuses = new List<string>();
        for (var connection = 0; connection <= _places.MostPerClient; connection++)
        {
            var client = new TcpClient();
            open.Add(client);
            await client.ConnectAsync(address.Host, address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"GET /_blazor HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
            var answer = new byte["HTTP/1.1 101".Length];
            await client.GetStream().ReadExactlyAsync(answer);
            statuses.Add(Encoding.ASCII.GetString(answer)[^3..]);
        }

        Assert.Equal([.. Enumerable.Repeat("101", _places.MostPerClient), "503"], statuses);
        open.ForEach(client => client.Dispose());
    }

    private async Task<ClientWebSocket> OpenAsync(bool circuit)
    {
        var address = new UriBuilder(_http.BaseAddress!) { Scheme = "ws", Path = "/_blazor" }.Uri;
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, default);
        await socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Binary, true, default);
        var answer = new byte[4096];
        var handshake = await socket.ReceiveAsync(answer, default);
        Assert.Equal("{}\u001e", Encoding.UTF8.GetString(answer, 0, handshake.Count));
        if (circuit)
        {
            await socket.SendAsync(StartCircuit(), WebSocketMessageType.Binary, true, default);
            await socket.ReceiveAsync(answer, default);
        }

        // The service may count the connection a moment after its answer.
        await UntilAsync(() => _places.Taken > 0);
        return socket;
    }

    // An invocation in MessagePack, after its length: [1, {}, "0", "StartCircuit", [base, address, "[]", ""]].
    private byte[] StartCircuit()
    {
        var page = _http.BaseAddress!.ToString();
        List<byte> message =
        [
            0x95, 0x01, 0x80, .. Text("0"), .. Text("StartCircuit"), 0x94, .. Text(page), .. Text(page), .. Text("[]"), .. Text(""),
        ];
        return [checked((byte)message.Count), .. message];

        static byte[] Text(string text) => [checked((byte)(0xa0 + text.Length)), .. Encoding.ASCII.GetBytes(text)];
    }

    private static async Task EndAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer, default)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // The service aborts the connection instead of closing it.
        }
    }

    private static async Task UntilAsync(Func<bool> wished)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!wished())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
