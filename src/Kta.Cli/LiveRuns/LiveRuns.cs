using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Reports;

namespace Kta.Cli;

/// <summary>What stores and recordings have in common when a page is made of them.</summary>
internal static class LiveRuns
{
    /// <summary>What was measured; null if that is something else.</summary>
    internal static Measurements? Measured(ReadOnlySpan<byte> result)
    {
        try
        {
            return MeasurementsCodec.Instance.Read(result);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What other rules would have said, as the reasons tell.</summary>
    internal static IReadOnlyList<ShadowSaying> Shadows(IReadOnlyDictionary<TopologyNode, IReadOnlyList<string>> reasons) =>
    [
        .. reasons.SelectMany(said => said.Value.Select(ShadowReason.Read).OfType<(string Rule, int Count)>().Select(one => new ShadowSaying(one.Rule, said.Key, one.Count))),
    ];

    /// <summary>The nodes of all decisions, in the order they came.</summary>
    internal static Topology TopologyOf(IEnumerable<IReadOnlyDictionary<TopologyNode, int>> decisions) =>
        new(decisions.SelectMany(one => one.Keys).Distinct());
}
