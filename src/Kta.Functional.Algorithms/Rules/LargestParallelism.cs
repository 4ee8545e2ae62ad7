namespace Kta.Functional.Algorithms;

/// <summary>How many instances a node may have.</summary>
internal static class LargestParallelism
{
    /// <summary>No more than the limit; but what runs above it and is needed is not forced down.</summary>
    internal static int Limit(int count, int current, NodeMeasurements numbers, int most = int.MaxValue)
    {
        var limit = numbers.MaxParallelism.Value is { } measured && measured < most ? (int)measured : most;
        return count > limit ? Math.Max(limit, Math.Min(count, current)) : count;
    }

    /// <summary>No more than the system allows.</summary>
    internal static int Limited(this NodeMeasurements numbers, int count) =>
        numbers.MaxParallelism.Value is { } most && count > most ? (int)most : count;
}
