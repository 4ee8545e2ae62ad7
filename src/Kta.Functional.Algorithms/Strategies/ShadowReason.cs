using System.Globalization;
using System.Text.RegularExpressions;

namespace Kta.Functional.Algorithms;

/// <summary>The reason that says what another rule would have said, written and read.</summary>
internal static partial class ShadowReason
{
    internal static Plan Say(Plan plan, TopologyNode node, string rule, int count) => plan.Because(node, $"Shadow: {rule} would say {count}");

    /// <summary>The rule and its number; null for any other reason.</summary>
    internal static (string Rule, int Count)? Read(string reason) =>
        Pattern().Match(reason) is { Success: true } found && int.TryParse(found.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (found.Groups[1].Value, count)
            : null;

    [GeneratedRegex(@"^Shadow: (.+) would say ([0-9]+)$")]
    private static partial Regex Pattern();
}
