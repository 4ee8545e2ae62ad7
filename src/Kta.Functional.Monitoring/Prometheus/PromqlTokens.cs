namespace Kta.Functional.Monitoring;

internal enum PromqlTokenKind
{
    Name,
    Number,
    Text,
    Sign,
}

/// <summary>A word, a number, a string with its quotes, or a sign of an expression.</summary>
internal readonly record struct PromqlToken(PromqlTokenKind Kind, int Start, string Written)
{
    internal bool Is(string sign) => Kind != PromqlTokenKind.Text && Written.Equals(sign, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it compares a label with a regular expression.</summary>
    internal bool IsRegexMatch => Written is "=~" or "!~";
}

/// <summary>The words of PromQL: enough to know what is a string, what is compared with it, and what is a plain selector.</summary>
internal static class PromqlTokens
{
    /// <exception cref="FormatException">A string is not closed.</exception>
    internal static IReadOnlyList<PromqlToken> Of(string expression)
    {
        var tokens = new List<PromqlToken>();
        for (var at = 0; at < expression.Length;)
        {
            var end = EndOf(expression, at);
            if (KindOf(expression[at]) is { } kind)
            {
                tokens.Add(new(kind, at, expression[at..end]));
            }

            at = end;
        }

        return tokens;
    }

    /// <summary>Null for what separates words: spaces and comments.</summary>
    private static PromqlTokenKind? KindOf(char first) => first switch
    {
        '#' => null,
        _ when char.IsWhiteSpace(first) => null,
        '"' or '\'' or '`' => PromqlTokenKind.Text,
        _ when char.IsAsciiDigit(first) => PromqlTokenKind.Number,
        _ when IsInName(first) => PromqlTokenKind.Name,
        _ => PromqlTokenKind.Sign,
    };

    private static int EndOf(string expression, int start) => expression[start] switch
    {
        '#' => expression.IndexOf('\n', start) is >= 0 and var end ? end : expression.Length,
        '"' or '\'' or '`' => EndOfText(expression, start),
        '=' or '!' when start + 1 < expression.Length && expression[start + 1] is '~' or '=' => start + 2,
        _ when IsInName(expression[start]) => EndOfName(expression, start),
        _ => start + 1,
    };

    private static int EndOfName(string expression, int start)
    {
        var end = start + 1;
        while (end < expression.Length && (IsInName(expression[end]) || (char.IsAsciiDigit(expression[start]) && expression[end] == '.')))
        {
            end++;
        }

        return end;
    }

    private static int EndOfText(string expression, int start)
    {
        var quote = expression[start];
        for (var at = start + 1; at < expression.Length; at++)
        {
            if (expression[at] == quote)
            {
                return at + 1;
            }

            at += expression[at] == '\\' && quote != '`' ? 1 : 0;
        }

        throw new FormatException($"the string that begins with {expression[start..Math.Min(expression.Length, start + 20)]} is not closed");
    }

    private static bool IsInName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or ':';
}
