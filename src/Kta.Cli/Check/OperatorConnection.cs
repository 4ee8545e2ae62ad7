using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Kta.Cli;

/// <summary>
/// A connection that sends what the operator's client sends, byte for byte, and sees what a client hides: what stands behind a reply, and who
/// closes.
/// </summary>
internal sealed class OperatorConnection : IAsyncDisposable
{
    /// <summary>Of connecting, sending and waiting for the head together.</summary>
    internal static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(5);

    /// <summary>The operator has no such limit; a check has to end.</summary>
    internal static readonly TimeSpan BodyLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_linger = TimeSpan.FromMilliseconds(400);

    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly ReplyReader _reader;

    private OperatorConnection(TcpClient client, Stream stream)
    {
        (_client, _stream) = (client, stream);
        _reader = new ReplyReader(stream);
    }

    /// <exception cref="ExchangeException">Nobody is there.</exception>
    internal static async Task<OperatorConnection> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HeadLimit);
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.IdnHost.Trim('[', ']'), address.Port, limit.Token);
            client.NoDelay = true;
            Stream stream = client.GetStream();
            if (address.Scheme == "https")
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.IdnHost }, limit.Token);
                stream = secure;
            }

            return new(client, stream);
        }
        catch (Exception error) when (error is IOException or SocketException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
        {
            client.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new ExchangeException(Trouble.NotThere, error is OperationCanceledException ? "it cannot be connected to within 5 s" : error.Message.TrimEnd('.'));
        }
    }

    /// <exception cref="ExchangeException">There is no reply that the operator could read.</exception>
    internal async Task<RawReply> SendAsync(Uri address, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HeadLimit);
        var started = Stopwatch.GetTimestamp();
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {address.PathAndQuery} HTTP/1.1\r\nContent-Length: {body.Length}\r\nHost: {address.Authority}\r\nUser-Agent: Java-http-client/17.0.15\r\nContent-Type: application/json\r\n\r\n");
        try
        {
            byte[] request = [.. Encoding.ASCII.GetBytes(head), .. body.Span];
            // A server may refuse a request before it has read all of it, and close.
            var sending = _stream.WriteAsync(request, limit.Token).AsTask();
            var reply = await _reader.ReadHeadAsync(sending, limit.Token);
            var untilHead = Stopwatch.GetElapsedTime(started);
            limit.CancelAfter(BodyLimit);
            var content = await _reader.ReadBodyAsync(reply, limit.Token);
            return reply with { Body = content, UntilHead = untilHead, UntilEnd = Stopwatch.GetElapsedTime(started) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw _reader.HeadIsRead
                ? new ExchangeException(Trouble.Endless, FormattableString.Invariant($"its body did not end within {BodyLimit.TotalSeconds:0} s; {_reader.Received} bytes of it came"))
                : new ExchangeException(Trouble.Silent, FormattableString.Invariant($"it did not answer within {HeadLimit.TotalSeconds:0} s"));
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new ExchangeException(Trouble.BrokenOff, $"it closed the connection without a whole reply: {error.Message.TrimEnd('.')}");
        }
    }

    /// <summary>What happens behind a reply after which the connection should stay open: nothing, more bytes, or an end nobody has announced.</summary>
    internal async Task<Aftermath> WatchAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_linger);
        try
        {
            return _reader.HasMore || await _stream.ReadAsync(new byte[1], limit.Token) > 0 ? Aftermath.MoreBytes : Aftermath.Closed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Aftermath.Open;
        }
        catch (IOException)
        {
            return Aftermath.Closed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }
}

/// <summary>What follows a reply on its connection.</summary>
internal enum Aftermath
{
    Open,
    Closed,
    MoreBytes,
}

/// <summary>Why there is no reply.</summary>
internal enum Trouble
{
    NotThere,
    Silent,
    Endless,
    BrokenOff,
    NoHttp,
    TooLarge,
}

/// <summary>There is no reply that the operator could read.</summary>
internal sealed class ExchangeException(Trouble trouble, string message) : Exception(message)
{
    internal Trouble Trouble { get; } = trouble;
}
