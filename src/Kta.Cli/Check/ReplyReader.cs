using System.Globalization;
using System.Text;

namespace Kta.Cli;

/// <summary>A reply as it came.</summary>
/// <param name="Status">The status.</param>
/// <param name="IsOld">Whether it is of HTTP/1.0.</param>
/// <param name="Headers">Its headers, in lower case; of one that is there twice the last.</param>
internal sealed record RawReply(int Status, bool IsOld, IReadOnlyDictionary<string, string> Headers)
{
    internal byte[] Body { get; init; } = [];

    internal TimeSpan UntilHead { get; init; }

    internal TimeSpan UntilEnd { get; init; }

    internal bool IsSuccess => Status is >= 200 and <= 299;

    internal string? this[string header] => Headers.GetValueOrDefault(header);

    internal bool IsChunked => this["transfer-encoding"]?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether the end of the body is the end of the connection.</summary>
    internal bool EndsByClose => !IsChunked && this["content-length"] is null && Status is not (204 or 304);

    /// <summary>Whether nobody may expect the connection to be used again.</summary>
    internal bool SaysClose =>
        EndsByClose || this["connection"]?.Contains("close", StringComparison.OrdinalIgnoreCase) == true
        || (IsOld && this["connection"]?.Contains("keep-alive", StringComparison.OrdinalIgnoreCase) != true);
}

/// <summary>Reads replies of HTTP/1.1 from a connection as the operator's client does: chunked or not, with 100 Continue before them or not.</summary>
internal sealed class ReplyReader(Stream stream)
{
    private const int LongestHead = 64 << 10;
    private const int LargestBody = 16 << 20;

    private readonly byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    /// <summary>Whether the head of the reply has come.</summary>
    internal bool HeadIsRead { get; private set; }

    /// <summary>How much of the body has come.</summary>
    internal int Received { get; private set; }

    /// <summary>Whether bytes have come that belong to nothing.</summary>
    internal bool HasMore => _start < _end;

    internal async Task<RawReply> ReadHeadAsync(Task sending, CancellationToken cancellationToken)
    {
        (HeadIsRead, Received) = (false, 0);
        while (true)
        {
            var (status, isOld) = StatusOf(await ReadLineAsync(sending, cancellationToken));
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await ReadLineAsync(sending, cancellationToken) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0)
                {
                    throw new ExchangeException(Trouble.NoHttp, $"a line of its head is no header: {Excerpt(line)}");
                }

                headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }

            if (status != 100)
            {
                HeadIsRead = true;
                return new(status, isOld, headers);
            }
        }
    }

    internal async Task<byte[]> ReadBodyAsync(RawReply reply, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        if (reply.Status is 204 or 304)
        {
            return [];
        }

        if (reply.IsChunked)
        {
            while (await ReadChunkSizeAsync(cancellationToken) is > 0 and var size)
            {
                await CopyAsync(body, size, cancellationToken);
                await ReadLineAsync(Task.CompletedTask, cancellationToken);
            }

            while ((await ReadLineAsync(Task.CompletedTask, cancellationToken)).Length > 0)
            {
            }
        }
        else if (reply["content-length"] is { } text)
        {
            await CopyAsync(
                body,
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : throw new ExchangeException(Trouble.NoHttp, $"its Content-Length is {Excerpt(text)}"),
                cancellationToken);
        }
        else
        {
            while (HasMore || await FillAsync(cancellationToken))
            {
                Take(body, _end - _start);
            }
        }

        return body.ToArray();
    }

    private static (int Status, bool IsOld) StatusOf(string line)
    {
        var parts = line.Split(' ');
        return parts.Length >= 2 && parts[0] is "HTTP/1.1" or "HTTP/1.0" && parts[1].Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? (status, parts[0] == "HTTP/1.0")
            : throw new ExchangeException(Trouble.NoHttp, $"it does not speak HTTP/1.1; its reply begins with {Excerpt(line)}");
    }

    private async Task<long> ReadChunkSizeAsync(CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(Task.CompletedTask, cancellationToken);
        return long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) && size >= 0
            ? size
            : throw new ExchangeException(Trouble.NoHttp, $"the size of a chunk is {Excerpt(line)}");
    }

    private async Task<string> ReadLineAsync(Task sending, CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        while (true)
        {
            while (_start < _end)
            {
                var one = _buffer[_start++];
                if (one == '\n')
                {
                    return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
                }

                line.Add(one);
                if (line.Count > LongestHead)
                {
                    throw new ExchangeException(Trouble.NoHttp, "a line of its reply is longer than 64 KiB");
                }
            }

            if (!await FillAsync(cancellationToken))
            {
                // Why it could not be sent says more than that nothing came.
                await sending;
                throw new ExchangeException(Trouble.BrokenOff, line.Count == 0 && !HeadIsRead ? "it closed the connection without a reply" : "it closed the connection in the middle of its reply");
            }
        }
    }

    private async Task CopyAsync(MemoryStream body, long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (!HasMore && !await FillAsync(cancellationToken))
            {
                throw new ExchangeException(Trouble.BrokenOff, FormattableString.Invariant($"it closed the connection {count} bytes before the end of its body"));
            }

            var some = (int)Math.Min(count, _end - _start);
            Take(body, some);
            count -= some;
        }
    }

    private void Take(MemoryStream body, int count)
    {
        body.Write(_buffer, _start, count);
        (_start, Received) = (_start + count, Received + count);
        if (body.Length > LargestBody)
        {
            throw new ExchangeException(Trouble.TooLarge, "its body is larger than 16 MiB");
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        var count = await stream.ReadAsync(_buffer, cancellationToken);
        (_start, _end) = (0, count);
        return count > 0;
    }

    private static string Excerpt(string text) => $"'{Functional.SafeExcerpt.Of(text)}'";
}
