using System.Net;
using System.Net.Sockets;

namespace MockSre.Checks;

/// <summary>
/// A fake Sentry that discards requests, refuses connections, or never answers. Unlike <see cref="SentryReceiver"/> it parses and stores
/// nothing, because that would cost processor time during a measurement.
/// </summary>
internal sealed class SentryStub : IAsyncDisposable
{
    /// <summary>The length of the backlog. A service opens fewer connections.</summary>
    private const int Backlog = 512;

    private readonly WebApplication? _app;
    private readonly Socket? _socket;

    private SentryStub(WebApplication app)
    {
        _app = app;
        Dsn = DsnOf(new Uri(app.Urls.Single()).Port);
    }

    private SentryStub(Socket socket)
    {
        _socket = socket;
        Dsn = DsnOf(((IPEndPoint)socket.LocalEndPoint!).Port);
    }

    public string Dsn { get; }

    /// <summary>Reads each request to its end and answers with a status.</summary>
    public static Task<SentryStub> AnsweringAsync(int status) => AnsweringAsync(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>Reads each request to its end and answers with a delegate.</summary>
    public static async Task<SentryStub> AnsweringAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await answer(context);
        });
        await app.StartAsync();
        return new SentryStub(app);
    }

    /// <summary>Accepts connections and requests, and never answers.</summary>
    public static SentryStub Silent()
    {
        // Clients see a connection in the backlog as open.
        var socket = Bound();
        socket.Listen(Backlog);
        return new SentryStub(socket);
    }

    /// <summary>Refuses connections. The port stays bound, so no other process can open it.</summary>
    public static SentryStub Refusing() => new(Bound());

    public async ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private static string DsnOf(int port) => $"http://{SentryReceiver.Key}@127.0.0.1:{port}/{SentryReceiver.Project}";

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
