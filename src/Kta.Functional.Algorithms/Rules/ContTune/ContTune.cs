namespace Kta.Functional.Algorithms;

/// <summary>A light ContTune: DS2 that remembers what each number of instances could do, instead of taking capacity for proportional.</summary>
/// <remarks>
/// <para><b>When to use it.</b> In the place of <see cref="Ds2"/> where capacity grows less than the instances do (shared disks, networks,
/// coordination): it does not need the extra steps there that DS2 takes each time. Put a cooldown beside it.</para>
/// <para><b>What it needs.</b> The same as <see cref="Ds2"/>; and a history, which the operator has to be told to send.</para>
/// <para><b>How it decides.</b> What a node has to sustain is told by the model of DS2. Its capacity at each number of instances is the
/// newest one that was measured there; the answer is the smallest number whose capacity suffices, on straight lines between what was
/// measured. Beyond that it is in proportion to the nearest number, as in DS2.</para>
/// <para><b>Missing numbers.</b> As for <see cref="Ds2"/>; but a node that stands idle is sized if its capacity was measured before.</para>
/// <para><b>Warm-up.</b> None: the first measurement decides, as in DS2.</para>
/// <para><b>What is left out.</b> The Gaussian process of the paper, its first step above the estimate, and its reuse of other jobs.</para>
/// <para><b>Source.</b> Lian et al., "ContTune: Continuous Tuning by Conservative Bayesian Optimization for Distributed Stream Data
/// Processing Systems", PVLDB 16(13), 2023.</para>
/// </remarks>
public static class ContTune
{
    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(ContTuneOptions? options = null)
    {
        var settings = (options ?? new ContTuneOptions()).Checked();
        return new(
            "conttune",
            new HistoryNeeded(Math.Max(settings.LookBack, TrueRates.LookBack)),
            (now, context) => new ContTuneDecision(now, context, settings).Plan())
        {
            CatchesUp = settings.CatchUp is not null,
        };
    }
}
