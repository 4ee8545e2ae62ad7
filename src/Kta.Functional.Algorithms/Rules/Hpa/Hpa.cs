namespace Kta.Functional.Algorithms;

/// <summary>The Kubernetes horizontal pod autoscaler (<c>autoscaling/v2</c>), for each node by itself.</summary>
/// <remarks>
/// <para><b>When to use it.</b> As the baseline everybody knows, for nodes that do not depend on each other, and where nothing but CPU or a
/// lag is measured. In a pipeline it has a weakness: a node that is blocked looks idle, so only the bottleneck moves, and the bottleneck
/// wanders.</para>
/// <para><b>What it needs.</b> Per node: the numbers of its metrics, by default busy, and its parallelism. For CPU as Kubernetes sees it, the
/// instances.</para>
/// <para><b>Missing numbers.</b> With several metrics a missing one forbids scaling down; if all are missing the node keeps its
/// parallelism. An instance without a sample counts as using all it has requested on the way down, and as using nothing on the way up.</para>
/// <para><b>Warm-up.</b> It scales up with the first measurement. It scales down when the history reaches back as far as the window for
/// scaling down (300 s): the proposals of earlier iterations are computed again from their measurements.</para>
/// <para><b>Source.</b> kubernetes/kubernetes, <c>pkg/controller/podautoscaler</c>, with its integer arithmetic: 55.9 % at a target of 50 %
/// is 55 %, and within 10 %.</para>
/// </remarks>
public static class Hpa
{
    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(HpaOptions? options = null)
    {
        var settings = (options ?? new HpaOptions()).Checked();
        var metrics = settings.Metrics.ToArray();
        return new("hpa", new HistoryNeeded(1, settings.LooksBack), (now, context) => new HpaDecision(now, context, settings, metrics).Plan());
    }
}
