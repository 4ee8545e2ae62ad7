namespace Kta.Functional.Algorithms;

/// <summary>What a node can have at most.</summary>
internal static class Limits
{
    /// <summary>No more than the system allows.</summary>
    internal static int Limited(this NodeMeasurements numbers, int count) =>
        numbers.MaxParallelism.Value is { } most && count > most ? (int)most : count;
}
