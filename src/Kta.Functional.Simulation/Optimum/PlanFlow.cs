namespace Kta.Functional.Simulation;

/// <summary>What a plan makes of a load.</summary>
/// <param name="Capacity">Records per second that all sources together can take in, in the mix of the load.</param>
/// <param name="Calm">Seconds a record takes while nothing waits at the sources: one in front of each operator it goes through.</param>
/// <param name="Buffered">Records in buffers, as many as they were at the sources, while records wait there: full up to the bottleneck.</param>
internal readonly record struct PlanFlow(double Capacity, double Calm, double Buffered)
{
    /// <param name="model">The application.</param>
    /// <param name="demand">Records per second for each operator.</param>
    /// <param name="capacity">Records per second each operator can take in.</param>
    /// <param name="rate">Records per second at all sources together.</param>
    internal static PlanFlow Of(FluidModel model, double[] demand, double[] capacity, double rate)
    {
        var (most, bottleneck, flowing) = (0.0, 0, 0.0);
        for (var i = 0; i < demand.Length; i++)
        {
            flowing += model.InSourceRecords[i] * demand[i];
            if (demand[i] / capacity[i] is var load && load > most)
            {
                (most, bottleneck) = (load, i);
            }
        }

        if (!(most > 0))
        {
            return new(double.MaxValue, 0, 0);
        }

        var buffered = 0.0;
        for (var i = 0; i < demand.Length; i++)
        {
            buffered += model.InSourceRecords[i] * (i <= bottleneck ? capacity[i] * Math.Max(1, model.Application.BufferSeconds) : demand[i] / most);
        }

        return new(rate / most, flowing / rate, buffered);
    }

    /// <summary>Records that may wait at the sources before the objective is exceeded: 0 or less if it is with the first.</summary>
    internal double Limit(ServiceObjective objective, double rate)
    {
        var lag = objective.Lag.TotalSeconds * Math.Max(rate, 1);
        return objective.Latency is { TotalSeconds: var latency } ? Math.Min(lag, (latency * Capacity) - Buffered) : lag;
    }

    /// <summary>The same while nothing is processed.</summary>
    internal double LimitWhenDown(ServiceObjective objective, double rate)
    {
        var lag = objective.Lag.TotalSeconds * Math.Max(rate, 1);
        return objective.Latency is { TotalSeconds: var latency } ? Math.Min(lag, (latency * Math.Max(rate, 1)) - (Calm * rate)) : lag;
    }

    /// <summary>Whether the objective is exceeded even with nothing that waits.</summary>
    internal bool IsAlwaysLate(ServiceObjective objective) => Calm > objective.Latency?.TotalSeconds;
}
