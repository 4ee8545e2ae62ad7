using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Kta.Functional.Soak.Load;

/// <summary>
/// A kept-alive connection that sends one request after the other. It reads as much of HTTP as the servers under test
/// write, so that the load costs as little as possible of the machine they share.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[64 * 1024];
    private int _length;

    /// <summary>Whether the last reply was the last one on this connection.</summary>
    internal bool Closes { get; private set; }

    internal static Connection Open(int port)
    {
        var connection = new Connection();
        connection._socket.Connect(IPAddress.Loopback, port);
        return connection;
    }

    internal static async Task<Connection> OpenAsync(int port)
    {
        var connection = new Connection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>Null: nobody listens at the port. Throws nothing, so that asking again and again takes little of the machine.</summary>
    internal static async Task<Connection?> TryOpenAsync(int port)
    {
        var connection = new Connection();
        if (await connection.ConnectAsync(port) == SocketError.Success)
        {
            return connection;
        }

        connection.Dispose();
        return null;
    }

    internal async Task CallAsync(ReadOnlyMemory<byte> request)
    {
        while (request.Length > 0)
        {
            request = request[await _socket.SendAsync(request)..];
        }

        var length = 0;
        int missing;
        do
        {
            length += RequireBytes(await _socket.ReceiveAsync(_received.AsMemory(length)));
            missing = Missing(_received.AsSpan(0, length));
        }
        while (missing > 0);
        _length = length;
        Closes = Said("\r\nConnection: close\r\n"u8);
    }

    /// <summary>Whether the last reply has these bytes.</summary>
    internal bool Said(ReadOnlySpan<byte> words) => _received.AsSpan(0, _length).IndexOf(words) >= 0;

    /// <summary>Sends a request and waits for no reply. For a connection that is never used with tasks.</summary>
    internal void Send(ReadOnlySpan<byte> request)
    {
        while (request.Length > 0)
        {
            request = request[_socket.Send(request)..];
        }
    }

    /// <summary>Waits for the reply to what was sent.</summary>
    internal void Receive()
    {
        var length = 0;
        do
        {
            length += RequireBytes(_socket.Receive(_received.AsSpan(length)));
        }
        while (Missing(_received.AsSpan(0, length)) > 0);
    }

    public void Dispose() => _socket.Dispose();

    private static int RequireBytes(int count) =>
        count > 0 ? count : throw new IOException("The server has closed the connection.");

    private async Task<SocketError> ConnectAsync(int port)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var attempt = new SocketAsyncEventArgs { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, port) };
        attempt.Completed += (_, _) => connected.SetResult();
        if (_socket.ConnectAsync(attempt))
        {
            await connected.Task;
        }

        return attempt.SocketError;
    }

    /// <summary>How many bytes of the reply are still to come; at least 1 while its head is not complete.</summary>
    private static int Missing(ReadOnlySpan<byte> reply)
    {
        var end = reply.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return 1;
        }

        var head = reply[..end];
        if (!head.StartsWith("HTTP/1.1 200"u8))
        {
            throw new IOException($"A call was not answered with 200: {System.Text.Encoding.UTF8.GetString(reply)}");
        }

        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0 || !Utf8Parser.TryParse(head[(at + 16)..], out int length, out _))
        {
            throw new IOException("A reply has no Content-Length.");
        }

        return end + 4 + length - reply.Length;
    }
}
