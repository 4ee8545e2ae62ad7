namespace Kta.Functional;

/// <summary>Shortens foreign text for messages and keeps control characters out of logs.</summary>
internal static class SafeExcerpt
{
    private const int Longest = 80;
    private const int LongestMessage = 4000;

    /// <summary>A message that fits into a reply; the log has all of it.</summary>
    internal static string OfMessage(string text) =>
        text.Length <= LongestMessage ? text : string.Concat(text.AsSpan(0, LongestMessage), $"… ({text.Length} characters)");

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
