namespace Kta.Functional.Algorithms;

/// <summary>The managed clouds' way: the whole job doubles when its CPU has been high for a while, and halves when it has been low for long.</summary>
/// <remarks>
/// <para><b>When to use it.</b> As the baseline that a managed service would give, or where nothing but CPU is measured and the load moves
/// within a day rather than an hour.</para>
/// <para><b>What it needs.</b> Per node: CPU, otherwise busy, and its parallelism. The reason says which of both was read. The CPU of the
/// job is the largest of its nodes.</para>
/// <para><b>Missing numbers.</b> A node without CPU and busy has no say on the way up, and forbids to go down. If there are none at all,
/// everything stays. A measurement that is missing interrupts the time.</para>
/// <para><b>Warm-up.</b> It decides nothing before the history covers the time of a threshold under the present plan: 15 minutes up, 6 hours down.</para>
/// <para><b>Source.</b> Amazon Managed Service for Apache Flink, Developer Guide, "Use automatic scaling": 15 data points of a minute at 75 %
/// or more double the parallelism, 360 below 10 % halve it, rounded up.</para>
/// </remarks>
public static class CpuThresholds
{
    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(CpuThresholdsOptions? options = null)
    {
        var settings = (options ?? new CpuThresholdsOptions()).Checked();
        var window = settings.ScaleUpAfter > settings.ScaleDownAfter ? settings.ScaleUpAfter : settings.ScaleDownAfter;
        return new("cpu-thresholds", new HistoryNeeded(1, window), (now, context) => new CpuThresholdsDecision(now, context, settings).Plan());
    }
}
