using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Kta.Functional.Monitoring.Servers;

/// <summary>What a server answered: any status, any body.</summary>
internal sealed class ServerReply(int status, ReadOnlyMemory<byte> body, Uri? location = null)
{
    internal int Status => status;

    internal ReadOnlyMemory<byte> Body => body;

    /// <summary>Where a redirect leads.</summary>
    internal Uri? Location => location;

    /// <summary>The body as JSON; null if it is none. Bare NaN and infinities, which Java and others write, are read as text.</summary>
    internal JsonElement? Json => Parsed(body) ?? (LooseNumbers.Quoted(body.Span) is { } quoted ? Parsed(quoted) : null);

    /// <summary>The beginning of the body, for messages.</summary>
    internal string Excerpt => SafeExcerpt.OfLine(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 1200)]).Trim());

    private static JsonElement? Parsed(ReadOnlyMemory<byte> text)
    {
        if (!Utf8.IsValid(text.Span))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
