namespace Kta.Functional.Algorithms;

/// <summary>Dhalion: symptom, diagnosis, resolution. A node that others wait for grows with the time they are blocked.</summary>
/// <remarks>
/// <para><b>When to use it.</b> As the classic rule-based baseline, and where neither true rates nor arrivals are measured. It has no idea
/// of the capacity that is needed: the next bottleneck shows only after the first is mended, so that it takes several changes where
/// <see cref="Ds2"/> takes one, and it overshoots.</para>
/// <para><b>What it needs.</b> Per node: back-pressured, and its parallelism. Per source: the lag and records in. Busy time to go down.</para>
/// <para><b>Missing numbers.</b> A node of which it cannot be told whether others wait for it keeps its parallelism, and nothing goes down
/// while a symptom may be hidden.</para>
/// <para><b>Warm-up.</b> None for back-pressure. The growth of a lag shows with the second measurement; until then nothing goes down.</para>
/// <para><b>Source.</b> Floratou et al.: "Dhalion: self-regulating stream processing in Heron", PVLDB 10(12), 2017, with the rules of the
/// DEBS 2024 comparison, delftdata/espa-autoscaling. The original tells skew and slow instances apart, too; that needs numbers of instances
/// and is left out.</para>
/// </remarks>
public static class Dhalion
{
    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(DhalionOptions? options = null)
    {
        var settings = (options ?? new DhalionOptions()).Checked();
        return new("dhalion", new HistoryNeeded(1, settings.Blacklist ?? TimeSpan.Zero), (now, context) => new DhalionDecision(now, context, settings).Plan());
    }
}
