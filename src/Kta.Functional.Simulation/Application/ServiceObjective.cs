namespace Kta.Functional.Simulation;

/// <summary>What counts as too late. Exceeding either counts.</summary>
/// <param name="Lag">The backlog of a source, as time: the worst source's backlog divided by its rate in that second (at least 1/s) shall not exceed this.</param>
/// <param name="Latency">How long a record shall take at most; null: it does not count.</param>
public sealed record ServiceObjective(TimeSpan Lag, TimeSpan? Latency = null);

/// <summary>How many instances a node may have.</summary>
/// <param name="Min">The least number, at least 1.</param>
/// <param name="Max">The largest number, at least <paramref name="Min"/>.</param>
public sealed record ParallelismLimits(int Min, int Max);
