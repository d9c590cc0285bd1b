using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;

namespace MockSre.Checks.Faults;

/// <summary>Opens a Blazor circuit without a browser: a websocket to <c>/_blazor</c> that sends the messages of Blazor's script.</summary>
/// <remarks>The encoding: https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md</remarks>
internal sealed class RawCircuit : IDisposable
{
    private const byte Completion = 3;
    private const byte WithResult = 3;
    private const byte Nil = 0xc0;

    private static readonly byte[] Handshake = Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e");

    private readonly ClientWebSocket _socket = new();
    private readonly Uri _page;

    private RawCircuit(Uri server)
    {
        _page = server;
        _socket.Options.Proxy = null;
    }

    /// <summary>Connects and starts a circuit without components. Does not wait for the answer.</summary>
    /// <returns>Null if the service refuses.</returns>
    public static async Task<RawCircuit?> TryOpenAsync(Uri server, CancellationToken stop)
    {
        var circuit = new RawCircuit(server);
        try
        {
            await circuit._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/_blazor" }.Uri, stop);
            await circuit._socket.SendAsync(Handshake, WebSocketMessageType.Text, endOfMessage: true, stop);
            await circuit._socket.SendAsync(circuit.StartCircuit(), WebSocketMessageType.Binary, endOfMessage: true, stop);
            return circuit;
        }
        catch (WebSocketException)
        {
            circuit.Dispose();
            return null;
        }
    }

    /// <summary>Waits for the answer, which tells whether the circuit has started.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        var head = CompletionHead();
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await _socket.ReceiveAsync(buffer.AsMemory(), stop);
            }
            catch (WebSocketException)
            {
                return false;
            }

            if (received.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            var message = buffer.AsSpan(0, received.Count);
            if (message.IndexOf(head) is >= 0 and var at && message[(at + head.Length)..] is [var kind, var result, ..])
            {
                return kind == WithResult && result != Nil;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // The completion message begins with [type, headers, invocation]. The kind of result and the result follow.
    private static byte[] CompletionHead() => [0x95, Completion, 0x80, 0xa1, (byte)'1'];

    // The length of the message, then [1, headers, "1", "StartCircuit", [base URI, URI, components, state], streams].
    private byte[] StartCircuit()
    {
        byte[] message =
        [
            0x96, 0x01, 0x80, .. Text("1"), .. Text("StartCircuit"),
            0x94, .. Text($"{_page}"), .. Text($"{_page}"), .. Text("[]"), .. Text(""),
            0x90,
        ];
        byte[] length = message.Length < 0x80 ? [(byte)message.Length] : [(byte)(message.Length | 0x80), (byte)(message.Length >> 7)];
        return [.. length, .. message];
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)bytes.Length);
        return [0xda, .. length, .. bytes];
    }
}
