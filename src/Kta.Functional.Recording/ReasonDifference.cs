namespace Kta.Functional.Recording;

/// <summary>What was said about a node when a call was recorded, and what is said now.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Recorded">The recorded reasons in one line; empty if there were none.</param>
/// <param name="Replayed">The reasons of now in one line; empty if there are none.</param>
public sealed record ReasonDifference(string Node, string Recorded, string Replayed)
{
    internal static IReadOnlyList<ReasonDifference> Between(
        IReadOnlyDictionary<string, IReadOnlyList<string>> recorded, IReadOnlyDictionary<string, IReadOnlyList<string>> replayed) =>
    [
        .. recorded.Keys.Union(replayed.Keys)
            .Select(node => new ReasonDifference(node, Joined(recorded, node), Joined(replayed, node)))
            .Where(reason => reason.Recorded != reason.Replayed),
    ];

    private static string Joined(IReadOnlyDictionary<string, IReadOnlyList<string>> reasons, string node) =>
        string.Join("; ", reasons.GetValueOrDefault(node) ?? []);
}
