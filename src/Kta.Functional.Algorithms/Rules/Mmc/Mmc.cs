namespace Kta.Functional.Algorithms;

/// <summary>M/M/c: sizes every node so that records wait no longer than they may, by the queueing theory of Erlang and Jackson.</summary>
/// <remarks>
/// <para><b>When to use it.</b> Where records are few and take long (calls of models, of other services), so that the wait in front of a
/// node is what hurts. Where an instance does thousands of records per second the waits of the model are microseconds, and
/// <see cref="MmcOptions.MaxUtilization"/> decides alone. Put a cooldown or a window beside it: without one it follows every move of the
/// load.</para>
/// <para><b>What it needs.</b> The same as <see cref="Ds2"/>, whose model tells what each node has to take in, and what an instance can do.</para>
/// <para><b>Missing numbers.</b> As for <see cref="Ds2"/>. The latency of the network is that of the nodes that are known.</para>
/// <para><b>Warm-up.</b> None: the first measurement decides. It knows no backlog; <see cref="Preparation.CatchUp"/> adds it.</para>
/// <para><b>Source.</b> Erlang's formulas B and C; Allen and Cunneen's factor for other variations; open networks of Jackson, and the
/// greedy assignment of Fu et al., "DRS: Dynamic Resource Scheduling for Real-Time Analytics over Fast Streams", ICDCS 2015.</para>
/// </remarks>
public static class Mmc
{
    private static readonly HistoryNeeded s_history = new(TrueRates.LookBack);

    /// <summary>The rule. It refuses, with a <see cref="UdfResultException"/>, a topology without a node that is named as keyed.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(MmcOptions? options = null)
    {
        var settings = (options ?? new MmcOptions()).Checked();
        settings = settings with { Keyed = [.. settings.Keyed] };
        return new("mmc", s_history, (now, context) => new MmcDecision(now, context, settings).Plan());
    }
}
