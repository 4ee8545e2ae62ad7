namespace Kta.Functional.Algorithms;

/// <summary>DS2: sizes all nodes at once from the rates they could sustain if they were never blocked or starved.</summary>
/// <remarks>
/// <para><b>When to use it.</b> For pipelines whose true rates and arrivals are measured, and whose capacity grows about linearly with the
/// instances: one decision sizes the whole topology, usually within three. Put a cooldown beside it: without one it follows every
/// move of the load. It does not work off a backlog unless <see cref="Ds2Options.CatchUp"/> says so.</para>
/// <para><b>What it needs.</b> Per node: records in and busy time (or the true processing rate), records out where others are fed, and its
/// parallelism. Per source: the arrival rate, and the lag with <c>catchUp</c>. What a source gives out is no substitute for what arrives.</para>
/// <para><b>Missing numbers.</b> A node whose rate or input is not known keeps its parallelism, and so do the nodes it feeds if its output
/// cannot be told. A node that stood idle keeps its parallelism and passes on with the selectivity it last had.</para>
/// <para><b>Warm-up.</b> None: the first measurement decides. Up to <see cref="HistoryNeeded"/> entries are looked at for the selectivity
/// of a node that stands idle.</para>
/// <para><b>Source.</b> Kalavri et al., "Three steps is all you need: fast, accurate, automatic scaling decisions for distributed streaming
/// dataflows", OSDI 2018, and strymon-system/ds2. Sources are scaled too, through a virtual source in front of each, as in the DEBS 2024
/// comparison of autoscalers.</para>
/// </remarks>
public static class Ds2
{
    private static readonly HistoryNeeded s_history = new(TrueRates.LookBack);

    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(Ds2Options? options = null)
    {
        var settings = (options ?? new Ds2Options()).Checked();
        return new("ds2", s_history, (now, context) => new Ds2Decision(now, context, settings).Plan())
        {
            CatchesUp = settings.CatchUp is not null,
        };
    }
}
