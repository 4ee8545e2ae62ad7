using System.Globalization;
using System.Text;

namespace Kta.Functional.Monitoring;

/// <summary><c>{node}</c> in the strings of an expression, and a name in its place.</summary>
internal static class NodePlaceholder
{
    internal const string Word = "{node}";

    private const string RegexSigns = @"\.+*?()|[]{}^$";

    /// <summary>Why an expression cannot be asked, as the end of a sentence; null if it can.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="isPerNode">Whether it needs the name of a node.</param>
    internal static string? ProblemOf(string expression, bool isPerNode)
    {
        try
        {
            var inStrings = PromqlTokens.Of(expression).Where(token => token.Kind == PromqlTokenKind.Text).Sum(token => Count(token.Written));
            return Count(expression) != inStrings ? $"{Word} has to stand inside of a string in quotes"
                : isPerNode && inStrings == 0 ? $"it has no {Word} in it, and neither the label that names a node in an answer for all, nor the node it is about"
                : !isPerNode && inStrings > 0 ? $"it has {Word} in it, which is for queries of each node"
                : null;
        }
        catch (FormatException unclosed)
        {
            return unclosed.Message;
        }
    }

    /// <summary>
    /// The expression for a node: its name escaped as the quotes around want it, and as a regular expression wants it where the string is one.
    /// </summary>
    /// <exception cref="FormatException">The name cannot stand in the string.</exception>
    internal static string Filled(string expression, string name)
    {
        var filled = new StringBuilder(expression.Length);
        var tokens = PromqlTokens.Of(expression);
        var kinds = PromqlTexts.KindsOf(tokens);
        var copied = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == PromqlTokenKind.Text)
            {
                var text = kinds[i] switch
                {
                    PromqlTextKind.Regex => AsRegex(name),
                    PromqlTextKind.Replacement => name.Replace("$", "$$", StringComparison.Ordinal),
                    _ => name,
                };
                filled.Append(expression, copied, token.Start - copied).Append(token.Written.Replace(Word, Escaped(text, token.Written[0]), StringComparison.Ordinal));
                copied = token.Start + token.Written.Length;
            }
        }

        return filled.Append(expression, copied, expression.Length - copied).ToString();
    }

    /// <summary>A text as PromQL writes it in double quotes.</summary>
    internal static string Quoted(string text) => $"\"{Escaped(text, '"')}\"";

    /// <summary>A text of which a regular expression takes every sign as it is.</summary>
    internal static string AsRegex(string text) =>
        string.Concat(text.Select(letter => RegexSigns.Contains(letter, StringComparison.Ordinal) ? $"\\{letter}" : letter.ToString()));

    private static string Escaped(string text, char quote)
    {
        if (quote == '`')
        {
            return text.Contains('`', StringComparison.Ordinal)
                ? throw new FormatException($"the name {text} has a backtick and cannot stand in backticks: use double quotes")
                : text;
        }

        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter == '\\' || letter == quote ? escaped.Append('\\').Append(letter)
                : char.IsControl(letter) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")
                : escaped.Append(letter);
        }

        return escaped.ToString();
    }

    private static int Count(string text) => text.Split(Word).Length - 1;
}
