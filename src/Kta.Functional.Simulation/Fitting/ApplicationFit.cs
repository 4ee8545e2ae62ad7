namespace Kta.Functional.Simulation;

/// <summary>An application made of what production recorded: its operators, its load, and how well it replays the recording.</summary>
/// <remarks>
/// <para>Capacities are regressions of the logarithm of the true processing rate on that of the parallelism, selectivities medians of
/// records out for a record in. A measurement counts by how busy the operator was, less the more it was blocked, and a quarter while a lag grew;
/// stale numbers do not count. What cannot be known from the recording is assumed, and said in <see cref="FittedOperator.Doubts"/>.</para>
/// <para>Fidelity compares the recording with a run of the fitted application with the recorded load and the recorded plans.</para>
/// </remarks>
/// <param name="Application">What was found; what nothing was known of has the defaults.</param>
/// <param name="Fidelity">How well it replays the recorded run, for each node in the order of the operators.</param>
/// <param name="Operators">What is known about each operator, in their order.</param>
/// <param name="Rescales">What is known about rescales.</param>
/// <param name="Notes">Stretches that were left out or counted less, and what was assumed.</param>
/// <example>
/// <code>
/// var load = RecordedLoad.Of(CallRecording.Read("decisions.jsonl"));
/// var fit = ApplicationFit.Of(load.Topologies[0], "orders");
/// </code>
/// </example>
public sealed record ApplicationFit(
    Application Application,
    IReadOnlyList<NodeFidelity> Fidelity,
    IReadOnlyList<FittedOperator> Operators,
    FittedRescales Rescales,
    IReadOnlyList<string> Notes)
{
    /// <summary>Noise below this is rounding.</summary>
    private const double LeastNoise = 0.002;

    /// <summary>Fits an application to what was recorded of a topology.</summary>
    /// <param name="recorded">The recording of one topology.</param>
    /// <param name="name">The name of the application.</param>
    /// <exception cref="ApplicationFitException">Something is missing without which there is no application.</exception>
    public static ApplicationFit Of(RecordedTopology recorded, string name = "recorded")
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var observations = Observations.Of(recorded);
        var shape = RecordedShape.Of(recorded);
        var fitted = shape.Order.Select(node => OperatorFit.Of(node, observations, shape.IsSink(node))).ToList();
        var noise = WeightedSample.Median(fitted.Select(one => (one.Noise, 1.0)));
        var limits = RecordedLimits.Of(observations);
        var application = new Application
        {
            Name = name,
            Operators = [.. fitted.Select(one => new StreamOperator(one.Operator.Node, one.Operator.RatePerInstance)
            {
                Exponent = one.Operator.Exponent,
                Selectivity = one.Operator.Selectivity,
                MaxParallelism = Last(one.Operator.Node, Quantity.MaxParallelism),
                Partitions = Last(one.Operator.Node, Quantity.Partitions),
            })],
            Edges = shape.Edges,
            Sources = shape.Sources.ToDictionary(node => node, node => recorded.Traces[node]),
            Parallelism = observations[0].Parallelism,
            Interval = RescaleFit.IntervalOf(observations),
            Limits = limits.Limits,
            Duration = Seconds.Time(Math.Max(1, (long)(recorded.To - recorded.From).TotalSeconds)),
            Noise = noise < LeastNoise ? 0 : Math.Min(1, WeightedSample.Rounded(noise, 2)),
        };
        if (application.Problems is { Count: > 0 } problems)
        {
            throw new ApplicationFitException($"What was recorded is no application: {string.Join("; ", problems)}.");
        }

        var rescales = RescaleFit.Of(application, observations);
        application = application with { Downtime = rescales.Downtime, WarmUp = rescales.WarmUp };
        var replayed = RecordedReplay.Run(application, observations);
        return new(
            application,
            [.. shape.Order.Select(node => RecordedReplay.Compare(node, replayed, observations))],
            [.. fitted.Select(one => one.Operator)],
            rescales,
            [.. shape.Notes, .. limits.Notes, .. FitNotes.Of(application, observations)]);

        int? Last(TopologyNode node, Quantity quantity) =>
            (int?)recorded.Moments.Values.Select(moment => moment.Measured[node][quantity].LastValue).LastOrDefault(number => number is not null);
    }
}
