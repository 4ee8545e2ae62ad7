using System.Net.Http.Headers;
using System.Text;
using Kta.Functional.Calls;

namespace Kta.Functional.Simulation;

/// <summary>Makes an answer of a reply over HTTP, as the operator's client does it, and remarks what that client would dislike.</summary>
internal static class HttpAnswer
{
    private const int LongestHeader = 200;

    internal static StepReply Of(Uri address, HttpResponseMessage response, ReadOnlyMemory<byte> body) =>
        StepReply.Received((int)response.StatusCode, InUtf8(response.Content.Headers.ContentType, body), RemarkOn(address, response, body.Span));

    private static string RemarkOn(Uri address, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var headers = response.Content.Headers;
        if ((int)response.StatusCode is >= 300 and <= 399 and not 304)
        {
            return response.Headers.Location is { } location
                ? $" with Location {Cut(new Uri(address, location).ToString())}; the operator follows no redirects, so give it that address"
                : " without a Location; the operator follows no redirects, so give it the address where the step is";
        }

        return headers.ContentEncoding.Count > 0 && !headers.ContentEncoding.All(encoding => encoding == "identity")
                ? $" with Content-Encoding {Cut(string.Join(", ", headers.ContentEncoding))}, which the operator does not undo; send answers unpacked"
            : body.StartsWith("\uFEFF"u8) ? " with a byte order mark, which the operator refuses; write UTF-8 without one"
            : headers.ContentType?.MediaType is { } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase) ? $" as {Cut(type)}"
            : "";
    }

    private static string Cut(string header) => header.Length <= LongestHeader ? header : $"{header[..LongestHeader]}…";

    /// <summary>The operator decodes with the charset of the content type, and with UTF-8 if there is none or it knows none of that name.</summary>
    internal static ReadOnlyMemory<byte> InUtf8(MediaTypeHeaderValue? type, ReadOnlyMemory<byte> body)
    {
        var encoding = type?.CharSet?.Trim('"').ToUpperInvariant() switch
        {
            null or "" or "UTF-8" or "US-ASCII" => null,
            "UTF-16" => body.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.Unicode : Encoding.BigEndianUnicode,
            var name => Find(name),
        };
        return encoding is null
            ? body
            : Encoding.UTF8.GetBytes(encoding.GetString(body.Span).TrimStart('\uFEFF'));
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
