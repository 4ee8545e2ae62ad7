using Kta.Functional.Monitoring.Flink;
using static System.FormattableString;

namespace Kta.Functional.Operator.Flink;

/// <summary>What is wanted of a vertex, and what it runs with.</summary>
/// <param name="Node">The node.</param>
/// <param name="Vertex">The vertex of the job; null if it has none of that id.</param>
/// <param name="Wanted">What was decided.</param>
/// <param name="Told">What Flink is to be told: what was decided, if the vertex can have as many.</param>
internal sealed record VertexScaling(TopologyNode Node, FlinkVertex? Vertex, int Wanted, int Told)
{
    internal int? Observed => Vertex is { } vertex ? InstancesOf(vertex) : null;

    private string? TooMany => Told == Wanted ? null : Invariant(
        $"{Vertex} cannot have more than {Told} instances, its maximum parallelism, so it gets no {Wanted}. Lower maxParallelism of the policy, or start the job with a higher maximum parallelism.");

    internal static VertexScaling Of(TopologyNode node, int wanted, FlinkJob job)
    {
        var vertex = node is FlinkStreamingGraphNode flink ? job.Vertices.GetValueOrDefault(flink.Id) : null;
        return new(node, vertex, wanted, vertex?.MaxParallelism is >= 1 and var most && most < wanted ? (int)most : wanted);
    }

    internal static int? InstancesOf(FlinkVertex vertex) => vertex.Parallelism is >= 1 and <= int.MaxValue and var count ? (int)count : null;

    internal NodeScaling Sent() => new(Node, Observed, Wanted, ScalingOutcome.Sent, TooMany);

    internal NodeScaling Failed(string problem) => new(Node, Observed, Wanted, ScalingOutcome.Failed, problem);

    /// <param name="slots">Those that are free, and all there are; null if that is not known.</param>
    internal NodeScaling Unchanged((int Free, int All)? slots)
    {
        var cause = slots switch
        {
            (0, var all) => Invariant($"None of its {all} slots is free: add task managers."),
            (var free, var all) => Invariant($"{free} of its {all} slots are free: it waits for its cooldown or a checkpoint, or the slots are too few."),
            null => "It waits for its cooldown, for a checkpoint, or for slots.",
        };
        var differs = Observed == Told ? null
            : Invariant($"{Vertex} runs with {Observed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "an unknown number of"} instances, although Flink has been asked for {Told} already. {cause}");
        return new(Node, Observed, Wanted, ScalingOutcome.Unchanged, TooMany is { } some && differs is { } more ? $"{some} {more}" : TooMany ?? differs);
    }
}
