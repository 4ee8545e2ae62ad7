namespace Kta.Functional;

/// <summary>Shortens foreign text for messages and keeps control characters out of logs.</summary>
internal static class SafeExcerpt
{
    private const int Longest = 80;
    private const int LongestLine = 400;
    private const int LongestMessage = 4000;

    /// <summary>A message that fits into a reply; the log has all of it.</summary>
    internal static string OfMessage(string text) =>
        text.Length <= LongestMessage ? text : string.Concat(text.AsSpan(0, LongestMessage), $"… ({text.Length} characters)");

    internal static string Of(string text) => Of(text, Longest);

    /// <summary>A sentence as a part of one line.</summary>
    internal static string OfLine(string text) => Of(text, LongestLine);

    private static string Of(string text, int longest)
    {
        var cut = text.Length > longest ? string.Concat(text.AsSpan(0, longest), "…") : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
            }
        });
    }
}
