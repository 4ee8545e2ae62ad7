namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="FlinkAutoscaler"/>, in the meaning and with the defaults of <c>job.autoscaler.*</c>.</summary>
public sealed record FlinkAutoscalerOptions
{
    /// <summary>Over what time rates are averaged; nothing is decided before it has passed since the last change. More than 0, default 15 minutes.</summary>
    public TimeSpan MetricsWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The share of time a node shall work. More than 0, at most 1, default 0.7.</summary>
    public double UtilizationTarget { get; init; } = 0.7;

    /// <summary>Nothing changes while all nodes are within the target plus or minus this. 0 to 1, default 0.3.</summary>
    public double UtilizationBoundary { get; init; } = 0.3;

    /// <summary>A node that would work for more than this share of time is too small. At least 0, default null: target plus boundary.</summary>
    public double? UtilizationMax { get; init; }

    /// <summary>A node that would work for less than this share of time is too large. 0 or less: never. Default null: target minus boundary.</summary>
    public double? UtilizationMin { get; init; }

    /// <summary>In what time a backlog shall be gone, that of a restart as well; 0: not at all. At least 0, default 30 minutes.</summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a restart takes. At least 0, default 5 minutes.</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the longest restart that was seen counts instead of <see cref="RestartTime"/>. Default false.</summary>
    public bool RestartTimeTracking { get; init; }

    /// <summary>The longest restart time that tracking gives. At least 0, default 15 minutes.</summary>
    public TimeSpan RestartTimeLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>While the lag of a source is more than so much of its input, nothing goes down. At least 0, default 5 minutes.</summary>
    public TimeSpan BacklogLagThreshold { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a source can process is observed while its lag is at least so much of its input. At least 0, default 30 seconds.</summary>
    public TimeSpan ObservedLagThreshold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The observed rate counts if the busy time says by more than this share more. 0 to 10, default 0.15.</summary>
    public double ObservedSwitchThreshold { get; init; } = 0.15;

    /// <summary>How many observations are needed. At least 1, default 2.</summary>
    public int ObservedMinObservations { get; init; } = 2;

    /// <summary>How long decreases have to be recommended before one is made, to the largest of them. At least 0, default 1 hour.</summary>
    public TimeSpan ScaleDownInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most that is added at once, as a multiple of what is there. 0 to 2147483647, default 100,000.</summary>
    public double MaxScaleUpFactor { get; init; } = 100_000;

    /// <summary>The largest share that is taken away at once. 0 to 1, default 0.6.</summary>
    public double MaxScaleDownFactor { get; init; } = 0.6;

    /// <summary>The least number of instances of a node; a node that has fewer is not raised. At least 1, default 1.</summary>
    public int MinParallelism { get; init; } = 1;

    /// <summary>The largest number of instances of a node; a node that has more is not lowered. At least minParallelism, default 200.</summary>
    public int MaxParallelism { get; init; } = 200;

    /// <summary>How the parallelism of sources and of <see cref="KeyedNodes"/> is fitted to partitions and key groups. Default balanced.</summary>
    public FlinkAlignment Alignment { get; init; } = FlinkAlignment.Balanced;

    /// <summary>
    /// The nodes whose input is partitioned by key, where the monitor does not say so (<see cref="TopologyEdge.IsKeyed"/>): the ids of their
    /// vertices, or <c>Deployment/name</c>. Default none.
    /// </summary>
    public IReadOnlyList<string> KeyedNodes { get; init; } = [];

    /// <summary>The nodes that are never changed: the ids of their vertices, or <c>Deployment/name</c>. Default none.</summary>
    public IReadOnlyList<string> ExcludedNodes { get; init; } = [];

    /// <summary>Whether a node is not raised again when the last time brought too little. Default false: it is only said, where the history shows it.</summary>
    public bool EffectivenessDetection { get; init; }

    /// <summary>The share of the expected gain that a scale-up has to bring. 0 to 1, default 0.1.</summary>
    public double EffectivenessThreshold { get; init; } = 0.1;

    /// <summary>Whether a node grows by more if more instances brought less than a linear gain before. Default false.</summary>
    public bool ObservedScalability { get; init; }

    /// <summary>How many changes of a node are needed for that. At least 1, default 3.</summary>
    public int ObservedScalabilityMinObservations { get; init; } = 3;

    /// <summary>The least share of a linear gain that is assumed. More than 0, at most 1, default 0.5.</summary>
    public double ObservedScalabilityCoefficientMin { get; init; } = 0.5;

    /// <summary>How many changes are remembered for the settings above. At least 1, default 3.</summary>
    public int HistoryMaxCount { get; init; } = 3;

    /// <summary>How long a change is remembered for them. At least 0, default 24 hours.</summary>
    public TimeSpan HistoryMaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The largest and the least share of time a node may work before it is changed.</summary>
    internal (double Most, double Least) Utilization =>
        (UtilizationMax ?? (UtilizationTarget + UtilizationBoundary), UtilizationMin ?? (UtilizationTarget - UtilizationBoundary));

    /// <summary>Whether anything looks at changes that were made long ago.</summary>
    internal bool Remembers => RestartTimeTracking || EffectivenessDetection || ObservedScalability;

    internal HistoryNeeded HistoryNeeded => new(2, MetricsWindow + (Remembers && HistoryMaxAge > ScaleDownInterval ? HistoryMaxAge : ScaleDownInterval));

    internal FlinkAutoscalerOptions Checked()
    {
        new OptionChecks("The Flink rule")
            .Positive(MetricsWindow, "metricsWindow")
            .Check(UtilizationTarget is > 0 and <= 1, "utilizationTarget", UtilizationTarget, "more than 0, at most 1")
            .InRange(UtilizationBoundary, 0, 1, "utilizationBoundary")
            .Check(UtilizationMax is null || UtilizationMax >= UtilizationTarget, "utilizationMax", UtilizationMax, "at least utilizationTarget, or absent for target plus boundary")
            .Check(UtilizationMin is null || UtilizationMin <= UtilizationTarget, "utilizationMin", UtilizationMin, "at most utilizationTarget, or absent for target minus boundary")
            .NotNegative(CatchUp, "catchUp")
            .NotNegative(RestartTime, "restartTime")
            .NotNegative(RestartTimeLimit, "restartTimeLimit")
            .NotNegative(BacklogLagThreshold, "backlogLagThreshold")
            .NotNegative(ObservedLagThreshold, "observedLagThreshold")
            .InRange(ObservedSwitchThreshold, 0, 10, "observedSwitchThreshold")
            .Check(ObservedMinObservations >= 1, "observedMinObservations", ObservedMinObservations, "at least 1")
            .NotNegative(ScaleDownInterval, "scaleDownInterval")
            .InRange(MaxScaleUpFactor, 0, int.MaxValue, "maxScaleUpFactor")
            .InRange(MaxScaleDownFactor, 0, 1, "maxScaleDownFactor")
            .Check(MinParallelism >= 1, "minParallelism", MinParallelism, "at least 1")
            .Check(MaxParallelism >= MinParallelism, "maxParallelism", MaxParallelism, "at least minParallelism")
            .Check(Enum.IsDefined(Alignment), "alignment", Alignment, string.Join(", ", Enum.GetNames<FlinkAlignment>()))
            .Check(KeyedNodes is not null, "keyedNodes", KeyedNodes, "a list of names")
            .Check(ExcludedNodes is not null, "excludedNodes", ExcludedNodes, "a list of names")
            .InRange(EffectivenessThreshold, 0, 1, "effectivenessThreshold")
            .Check(ObservedScalabilityMinObservations >= 1, "observedScalabilityMinObservations", ObservedScalabilityMinObservations, "at least 1")
            .Check(ObservedScalabilityCoefficientMin is > 0 and <= 1, "observedScalabilityCoefficientMin", ObservedScalabilityCoefficientMin, "more than 0, at most 1")
            .Check(HistoryMaxCount >= 1, "historyMaxCount", HistoryMaxCount, "at least 1")
            .NotNegative(HistoryMaxAge, "historyMaxAge")
            .Throw();
        return this with { KeyedNodes = [.. KeyedNodes!], ExcludedNodes = [.. ExcludedNodes!] };
    }
}
