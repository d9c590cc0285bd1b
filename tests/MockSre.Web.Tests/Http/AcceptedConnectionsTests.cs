using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Http;

namespace MockSre.Web.Tests.Http;

public sealed class AcceptedConnectionsTests : IAsyncLifetime
{
    private static readonly ConnectionLimits Two = new(Connections: 2, OwnRequests: 0);

    private readonly OpenConnections _open = new(Two, new FakeTimeProvider(), NullLogger<OpenConnections>.Instance);
    private readonly List<TcpClient> _clients = [];
    private IConnectionListener _listener = null!;

    public async Task InitializeAsync()
    {
        SocketTransportFactory sockets = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _listener = await new AcceptedConnections(sockets, Two, _open).BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        for (var client = 0; client < 3; client++)
        {
            _clients.Add(new TcpClient());
            await _clients[^1].ConnectAsync((IPEndPoint)_listener.EndPoint);
        }
    }

    public async Task DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _listener.DisposeAsync();
    }

    [Fact]
    public async Task Accept_AllPlacesTaken_WaitsUntilAConnectionIsDisposed()
    {
        var first = await _listener.AcceptAsync();
        await using var second = await _listener.AcceptAsync();

        var third = _listener.AcceptAsync().AsTask();
        Assert.False(third.IsCompleted);
        await first!.DisposeAsync();
        await first.DisposeAsync();

        await using var accepted = await third;
        Assert.NotNull(accepted);
        var fourth = _listener.AcceptAsync().AsTask();
        Assert.False(fourth.IsCompleted);
        await _listener.UnbindAsync();
        Assert.Null(await fourth);
    }

    [Fact]
    public async Task Accept_AllPlacesTaken_ClosesAnIdleConnection()
    {
        var idle = await _listener.AcceptAsync();
        await using var second = await _listener.AcceptAsync();
        var closed = new TaskCompletionSource();
        using var registered = idle!.ConnectionClosed.Register(closed.SetResult);
        var served = _open.ServeAsync(idle, async connection =>
        {
            await closed.Task;
            await connection.DisposeAsync();
        });

        await using var third = await _listener.AcceptAsync();

        await served.WithinGuard();
        Assert.NotNull(third);
    }

    [Fact]
    public async Task Listeners_OfTheService_AreThese()
    {
        await using var app = MockSreApp.Start();

        // Kestrel asks the last one first.
        Assert.IsType<AcceptedConnections>(app.Services.GetServices<IConnectionListenerFactory>().Last());
    }
}
