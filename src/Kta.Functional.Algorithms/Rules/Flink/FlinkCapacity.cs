namespace Kta.Functional.Algorithms;

/// <summary>What a node has to cope with.</summary>
/// <param name="TargetRate">Records per second that arrive for it.</param>
/// <param name="CatchUpRate">Records per second more that work the backlog off.</param>
internal readonly record struct FlinkDemand(double TargetRate, double CatchUpRate)
{
    /// <summary>Records per second it has to be able to process so that it is busy for a share of the time.</summary>
    /// <param name="utilization">That share; 0 needs infinitely much.</param>
    /// <param name="withRestart">Whether the backlog of a restart is worked off as well.</param>
    /// <param name="catchUp">In how many seconds a backlog shall be gone; 0 for never.</param>
    /// <param name="restart">How many seconds a restart takes.</param>
    internal double Capacity(double utilization, bool withRestart, double catchUp, double restart)
    {
        if (double.IsNaN(TargetRate + CatchUpRate + utilization))
        {
            return double.NaN;
        }

        var use = Math.Clamp(utilization, 0, 1);
        return use == 0
            ? double.PositiveInfinity
            : Rounded(CatchUpRate + (withRestart && catchUp > 0 ? TargetRate * restart / catchUp : 0) + (TargetRate / use));
    }

    /// <summary>Between which rates the node is neither too small nor too large.</summary>
    internal FlinkBand Band(FlinkAutoscalerOptions options, bool hasBacklog, double restart)
    {
        var (most, least) = hasBacklog ? (1, 0) : options.Utilization;
        var catchUp = options.CatchUp.TotalSeconds;
        return new(Capacity(most, withRestart: false, catchUp, restart), Capacity(least, withRestart: true, catchUp, restart));
    }

    /// <summary>To whole records, halves up.</summary>
    private static double Rounded(double rate) => Math.Abs(rate) < 1L << 51 ? Math.Floor(rate + 0.5) : rate;
}

/// <summary>The rates between which a node is left alone.</summary>
/// <param name="Up">A node that can process less is too small.</param>
/// <param name="Down">A node that can process more is too large.</param>
internal readonly record struct FlinkBand(double Up, double Down)
{
    internal bool IsOutside(double trueRate) => trueRate < Up || trueRate > Down;
}
