namespace Kta.Functional.Algorithms;

/// <summary>The rule of Varga, Balassi and Kiss: utilization, and how fast the lag grows, as ratios like those of the pod autoscaler.</summary>
/// <remarks>
/// <para><b>When to use it.</b> For pipelines of which idle time and lag are measured but no true rates. Blocked time counts as use, so
/// that everything upstream of a bottleneck grows with it: it is dear after a step of the load, and never starves a blocked node as
/// <see cref="Hpa"/> on busy time does.</para>
/// <para><b>What it needs.</b> Per node: idle (or busy and back-pressured), and its parallelism. Per source: the lag. Of the nodes that
/// cause back-pressure in a source: back-pressured and records in.</para>
/// <para><b>Missing numbers.</b> A node whose idle time cannot be told keeps its parallelism; with busy alone it may grow, not shrink. Where
/// the growth of a lag would count and is not known, nothing shrinks.</para>
/// <para><b>Warm-up.</b> It scales up with the first measurement, by the lag with the second. It scales down when the history reaches back
/// as far as the window (300 s): the proposals of earlier iterations are computed again from their measurements.</para>
/// <para><b>Source.</b> Varga, Balassi, Kiss: "Towards autoscaling of Apache Flink jobs", Acta Universitatis Sapientiae, Informatica 13(1),
/// 2021, and its port in delftdata/espa-autoscaling.</para>
/// </remarks>
public static class Varga
{
    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(VargaOptions? options = null)
    {
        var settings = (options ?? new VargaOptions()).Checked();
        return new("varga", new HistoryNeeded(1, settings.StabilizationWindow).Plus(new(1)), (now, context) => new VargaDecision(now, context, settings).Plan());
    }
}
