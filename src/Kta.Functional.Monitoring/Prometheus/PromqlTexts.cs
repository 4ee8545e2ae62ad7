namespace Kta.Functional.Monitoring;

internal enum PromqlTextKind
{
    Plain,
    Regex,

    /// <summary>Where $1 stands for a part of what a regular expression found.</summary>
    Replacement,
}

/// <summary>What the strings of an expression are: plain, or regular expressions after =~ and !~ and in functions that take some.</summary>
internal static class PromqlTexts
{
    /// <summary>By function and the position of the argument; Prometheus' own, and those of VictoriaMetrics.</summary>
    private static readonly Dictionary<(string Function, int Argument), PromqlTextKind> s_arguments = new()
    {
        [("label_replace", 2)] = PromqlTextKind.Replacement,
        [("label_replace", 4)] = PromqlTextKind.Regex,
        [("label_match", 2)] = PromqlTextKind.Regex,
        [("label_mismatch", 2)] = PromqlTextKind.Regex,
        [("label_transform", 2)] = PromqlTextKind.Regex,
        [("label_transform", 3)] = PromqlTextKind.Replacement,
    };

    /// <summary>The kind of each token; of what is no string it is plain.</summary>
    internal static PromqlTextKind[] KindsOf(IReadOnlyList<PromqlToken> tokens)
    {
        var kinds = new PromqlTextKind[tokens.Count];
        var around = new Stack<(string Function, int Argument)>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var before = i > 0 ? tokens[i - 1] : default;
            switch (tokens[i])
            {
                case { Kind: PromqlTokenKind.Text }:
                    kinds[i] = i > 0 && before.IsRegexMatch ? PromqlTextKind.Regex
                        : around.TryPeek(out var here) ? s_arguments.GetValueOrDefault(here)
                        : PromqlTextKind.Plain;
                    break;
                case { Written: "(" or "{" or "[" }:
                    around.Push((i > 0 && before.Kind == PromqlTokenKind.Name && tokens[i].Written == "(" ? before.Written.ToLowerInvariant() : "", 0));
                    break;
                case { Written: ")" or "}" or "]" }:
                    _ = around.TryPop(out _);
                    break;
                case { Written: "," } when around.TryPop(out var call):
                    around.Push(call with { Argument = call.Argument + 1 });
                    break;
                default:
                    break;
            }
        }

        return kinds;
    }
}
