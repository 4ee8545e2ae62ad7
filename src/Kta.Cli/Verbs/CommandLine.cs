using System.CommandLine;

namespace Kta.Cli;

/// <summary>What somebody types to do the same again.</summary>
internal static class CommandLine
{
    internal static string Of(ParseResult parsed) => string.Join(' ', ["kta", .. parsed.Tokens.Select(token => Quoted(token.Value))]);

    /// <summary>The same for every part of a sweep.</summary>
    internal static string WithoutShard(ParseResult parsed)
    {
        var words = parsed.Tokens.Select(token => token.Value).ToList();
        var at = words.IndexOf("--shard");
        return string.Join(' ', ["kta", .. words.Where((_, i) => at < 0 || (i != at && i != at + 1)).Select(Quoted)]);
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "-_./:=,%@+".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
