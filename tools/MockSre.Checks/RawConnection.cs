using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MockSre.Checks;

/// <summary>A keep-alive connection that repeats one request with little work for the client.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int LongestAnswer = 16 * 1024;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _received = new byte[LongestAnswer];

    public RawConnection(Uri server, string path)
    {
        _request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n");
        _socket.ReceiveTimeout = _socket.SendTimeout = (int)AnswerLimit.TotalMilliseconds;
        _socket.Connect(IPAddress.Loopback, server.Port);
    }

    public void Send()
    {
        if (_socket.Send(_request) != _request.Length)
        {
            throw new IOException("Only a part of the request was sent.");
        }
    }

    /// <summary>Waits for the whole answer to one request.</summary>
    /// <returns>The status of the answer.</returns>
    public int Receive()
    {
        for (var length = 0; length < _received.Length;)
        {
            var count = _socket.Receive(_received.AsSpan(length));
            if (count == 0)
            {
                throw new IOException("The server closed the connection in the middle of an answer.");
            }

            length += count;
            if (TryReadAnswer(_received.AsSpan(0, length), out var status))
            {
                return status;
            }
        }

        throw new IOException($"An answer is longer than {LongestAnswer} bytes.");
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Whether an answer is complete, by its Content-Length or its last chunk.</summary>
    private static bool TryReadAnswer(ReadOnlySpan<byte> answer, out int status)
    {
        status = 0;
        var headEnd = answer.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0 || !Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out status, out _))
        {
            return false;
        }

        var body = answer[(headEnd + 4)..];
        return Header(answer[..headEnd], "Content-Length"u8, out var length)
            ? Utf8Parser.TryParse(length, out int bytes, out _) && body.Length >= bytes
            : !Header(answer[..headEnd], "Transfer-Encoding"u8, out _) || HasLastChunk(body);
    }

    private static bool Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var end = head.IndexOf("\r\n"u8); end >= 0; end = head.IndexOf("\r\n"u8))
        {
            head = head[(end + 2)..];
            if (head.Length > name.Length && head[name.Length] == ':' && Ascii.EqualsIgnoreCase(head[..name.Length], name))
            {
                value = head[(name.Length + 1)..].TrimStart((byte)' ');
                return true;
            }
        }

        value = default;
        return false;
    }

    private static bool HasLastChunk(ReadOnlySpan<byte> chunks)
    {
        while (Utf8Parser.TryParse(chunks, out int size, out var digits, 'x'))
        {
            var end = digits + 2 + size + 2;
            if (chunks.Length < end || size == 0)
            {
                return chunks.Length >= end;
            }

            chunks = chunks[end..];
        }

        return false;
    }
}
