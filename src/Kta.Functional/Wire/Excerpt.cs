namespace Kta.Functional.Wire;

/// <summary>Shortens foreign text for messages and keeps control characters out of logs.</summary>
internal static class Excerpt
{
    private const int Longest = 80;

    internal static string Of(string text)
    {
        var cut = text.Length > Longest ? string.Concat(text.AsSpan(0, Longest), "…") : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
            }
        });
    }
}
