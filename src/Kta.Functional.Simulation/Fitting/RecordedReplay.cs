namespace Kta.Functional.Simulation;

/// <summary>Runs an application with the recorded load and the recorded plans at the recorded times.</summary>
internal static class RecordedReplay
{
    /// <summary>What the application measures at each observation.</summary>
    internal static IReadOnlyList<Measurements> Run(Application application, IReadOnlyList<Observation> observations)
    {
        var app = SimulatedApplication.Start(application with { Noise = 0, Outages = [], Sources = WithFirstLag(application, observations[0]) });
        var measured = new List<Measurements>(observations.Count);
        for (var i = 0; i < observations.Count; i++)
        {
            app = app.Advance(Seconds.Time(observations[i].Second) - app.Time);
            (var numbers, app) = app.Measure();
            measured.Add(numbers);
            app = i + 1 < observations.Count ? app.Rescale(observations[i + 1].Parallelism) : app;
        }

        return measured;
    }

    /// <summary>What waited when the recording began arrives in the first second.</summary>
    private static Dictionary<TopologyNode, Trace> WithFirstLag(Application application, Observation first) => application.Sources.ToDictionary(
        pair => pair.Key,
        pair => first.Numbers[pair.Key].Lag.Value is > 0 and <= Trace.LargestRate and var lag ? Trace.Sum(pair.Value, Trace.Steps((0, lag), (1, 0))) : pair.Value);

    internal static NodeFidelity Compare(TopologyNode node, IReadOnlyList<Measurements> replayed, IReadOnlyList<Observation> observations)
    {
        var pairs = observations.Zip(replayed, (recorded, again) => (Recorded: recorded.Numbers[node], Replayed: again[node])).Skip(1).ToList();
        return new(
            node,
            Of(pairs.Select(pair => (pair.Replayed.TrueProcessingRate.Value, pair.Recorded.TrueProcessingRate.Value ?? TrueRateOf(pair.Recorded)))),
            Of(pairs.Select(pair => (pair.Replayed.RecordsIn.Value, pair.Recorded.RecordsIn.Value))),
            Of(pairs.Select(pair => (LagSeconds(pair.Replayed.Lag, pair.Recorded.ArrivalRate), LagSeconds(pair.Recorded.Lag, pair.Recorded.ArrivalRate)))));
    }

    /// <summary>Seconds of what arrives, at least one record a second.</summary>
    internal static double? LagSeconds(Reading lag, Reading arrivals) => lag.Value / Math.Max(1, arrivals.Value ?? double.NaN) is { } seconds && double.IsFinite(seconds) ? seconds : null;

    private static double? TrueRateOf(NodeMeasurements numbers) => numbers.Busy.Value > 0 ? numbers.RecordsIn.Value / numbers.Busy.Value : null;

    private static FitError? Of(IEnumerable<(double? Replayed, double? Recorded)> pairs) => FitError.Of(
        [.. pairs.Where(pair => pair is ({ }, { })).Select(pair => (pair.Replayed!.Value, pair.Recorded!.Value))]);
}
