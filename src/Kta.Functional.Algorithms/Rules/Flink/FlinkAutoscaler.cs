namespace Kta.Functional.Algorithms;

/// <summary>The autoscaler of the Flink Kubernetes operator: DS2 with a utilization target, a band around it, backlogs and restarts.</summary>
/// <remarks>
/// <para><b>When to use it.</b> For Flink jobs and other pipelines where changes are rare and lag matters: it sizes for the arrivals, for the
/// backlog, and for what a restart leaves behind, and changes nothing while all nodes are within their band.</para>
/// <para><b>What it needs.</b> Per node: records in and busy time (or the true processing rate), records out where it feeds a node with
/// several inputs, and the parallelism. Per source: the lag (unless <c>catchUp</c> is 0), and the arrival rate, else what is taken in and
/// the growth of the lag. For the alignment the partitions of sources and the <c>maxParallelism</c> of keyed nodes.</para>
/// <para><b>Missing numbers.</b> A node whose true rate or input is not known keeps its parallelism, and so do the nodes it feeds if its
/// output cannot be told. Samples without a number are left out of the window.</para>
/// <para><b>Warm-up.</b> Nothing is decided until the measurements since the last change cover <see cref="FlinkAutoscalerOptions.MetricsWindow"/>.
/// Nothing goes down until decreases have been recommended for <see cref="FlinkAutoscalerOptions.ScaleDownInterval"/>; what was recommended
/// is computed again from the history.</para>
/// <para><b>Source.</b> apache/flink-kubernetes-operator, module flink-autoscaler, with the behaviour of release 1.16.0: a source gets no more
/// instances than it has partitions, and the records of a counter are divided by an averaged busy time. FLIP-271.</para>
/// </remarks>
public static class FlinkAutoscaler
{
    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(FlinkAutoscalerOptions? options = null)
    {
        var settings = (options ?? new FlinkAutoscalerOptions()).Checked();
        var needed = settings.HistoryNeeded;
        return new("flink", needed, (now, context) => new FlinkDecision(now, context.Within(needed), settings).Plan())
        {
            CatchesUp = settings.CatchUp > TimeSpan.Zero,
        };
    }
}
