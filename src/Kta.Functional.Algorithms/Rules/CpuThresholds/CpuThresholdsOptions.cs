namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="CpuThresholds"/>, with the defaults of Amazon Managed Service for Apache Flink.</summary>
public sealed record CpuThresholdsOptions
{
    /// <summary>The job grows when its CPU is at least this, as a fraction of what is requested. More than 0 to 10, default 0.75.</summary>
    public double ScaleUpAt { get; init; } = 0.75;

    /// <summary>And has been for so long. At least 0, default 15 minutes.</summary>
    public TimeSpan ScaleUpAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The job shrinks when its CPU is below this. At least 0, less than <see cref="ScaleUpAt"/>, default 0.1.</summary>
    public double ScaleDownBelow { get; init; } = 0.1;

    /// <summary>And has been for so long. At least 0, default 6 hours. The history has to reach back so far.</summary>
    public TimeSpan ScaleDownAfter { get; init; } = TimeSpan.FromHours(6);

    /// <summary>The least number of instances of a node. At least 1, default 1.</summary>
    public int MinParallelism { get; init; } = 1;

    /// <summary>The largest number of instances of a node; one that has more keeps them. At least the least, default 64.</summary>
    public int MaxParallelism { get; init; } = 64;

    internal CpuThresholdsOptions Checked()
    {
        new OptionChecks("CPU thresholds")
            .Check(ScaleUpAt is > 0 and <= 10, "scaleUpAt", ScaleUpAt, "more than 0 to 10")
            .NotNegative(ScaleUpAfter, "scaleUpAfter")
            .Check(ScaleDownBelow >= 0 && ScaleDownBelow < ScaleUpAt, "scaleDownBelow", ScaleDownBelow, "at least 0, and less than scaleUpAt")
            .NotNegative(ScaleDownAfter, "scaleDownAfter")
            .Check(MinParallelism >= 1, "minParallelism", MinParallelism, "at least 1")
            .Check(MaxParallelism >= MinParallelism, "maxParallelism", MaxParallelism, "at least minParallelism")
            .Throw();
        return this;
    }
}
