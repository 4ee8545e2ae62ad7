using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>A part of a sweep: of the experiments in their order, every <paramref name="Of"/>th from <paramref name="Index"/> on.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Of">How many parts there are.</param>
internal sealed record Shard(int Index, int Of)
{
    internal static Shard Whole { get; } = new(0, 1) { IsWhole = true };

    /// <summary>Whether nobody asked for a part: 0/1 is one, too.</summary>
    internal bool IsWhole { get; private init; }

    internal bool Has(int experiment) => experiment % Of == Index;

    internal static Option<string?> Option() => new("--shard")
    {
        Description = "Only a part of the work, such as 0/4, 1/4, 2/4 and 3/4, on as many machines; kta merge joins the results. Implies --json.",
        HelpName = "I/N",
    };

    /// <exception cref="UsageException">The text is no part.</exception>
    internal static Shard Parse(string? text)
    {
        if (text is null)
        {
            return Whole;
        }

        return text.Split('/') is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var of)
            && index < of
            ? new(index, of)
            : throw new UsageException($"--shard {text}: expected I/N with I from 0 to N-1, such as 0/4.");
    }

    /// <summary>What a result says about itself, so that parts of different sweeps are not joined.</summary>
    /// <param name="sweep">What the whole sweep is.</param>
    /// <param name="paths">The application files.</param>
    /// <param name="total">How many experiments all parts have together.</param>
    internal JsonObject ToJson(string sweep, IEnumerable<string> paths, int total) =>
        new() { ["index"] = Index, ["of"] = Of, ["total"] = total, ["sweep"] = sweep, ["files"] = Fingerprint(paths) };

    private static string Fingerprint(IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
