using Kta.Functional.Algorithms;

namespace Kta.Functional.Vectors.Kinds;

/// <summary>A job and what a window of counters says about it.</summary>
internal sealed record FlinkWindows(IReadOnlyList<string> Names, FlinkVertex[] Vertices, FlinkStatistics[] Statistics, FlinkJob Job)
{
    /// <summary>How many key groups there are if a case does not say.</summary>
    internal const int KeyGroups = 720;

    internal static FlinkWindows JobOf(Given given, FlinkAutoscalerOptions options)
    {
        var members = given["vertices"].Members;
        var names = members.Select(member => member.Name).ToList();
        var edges = members.SelectMany((member, to) =>
            (member.Value.Optional("inputs")?.Items ?? []).Select(input => (From: Place(names, input.Text), To: to)));
        var graph = Graph.Of(names.Count, edges) ?? throw new ArgumentException("The edges go in a circle.");
        FlinkStatistics[] statistics = [.. names.Select((name, i) => StatisticsOf(given["history"].Items, name, graph.IsSource(i), options))];
        return new(names, [.. members.Select(member => VertexOf(member.Value))], statistics, new(graph, statistics, options));
    }

    internal static FlinkVertex VertexOf(Given given) => new(
        given.Optional("parallelism")?.Int ?? 1,
        given.Optional("maxParallelism")?.Int ?? KeyGroups,
        given.Optional("partitions")?.Int ?? 0,
        given.Optional("keyed")?.Flag ?? false);

    internal int PlaceOf(string name) => Place(Names, name);

    internal FlinkProposal[] Propose(FlinkAutoscalerOptions options) =>
    [
        .. Vertices.Select((vertex, i) => vertex.Propose(
            Job.Demands[i], Statistics[i].TrueRate, options, Job.HasBacklog, options.RestartTime.TotalSeconds)),
    ];

    private static int Place(IReadOnlyList<string> names, string name) => names.ToList().IndexOf(name) is var place and >= 0
        ? place
        : throw new CaseException($"there is no vertex '{name}'");

    private static FlinkStatistics StatisticsOf(IReadOnlyList<Given> history, string name, bool isSource, FlinkAutoscalerOptions options)
    {
        var recordsIn = FlinkRates.Rate(Samples("recordsIn"));
        var perSecond = FlinkRates.Average(Values("recordsInPerSecond"));
        return new(
            recordsIn,
            FlinkRates.Rate(Samples("recordsOut")),
            isSource ? Math.Max(0, recordsIn + FlinkRates.Rate(Samples("lag"))) : double.NaN,
            Values("lag").LastOrDefault(double.NaN) is var lag && double.IsNaN(lag) ? 0 : lag,
            FlinkRates.TrueRate(
                double.IsFinite(perSecond) ? perSecond : recordsIn,
                FlinkRates.Average(Values("busyRatio")),
                FlinkRates.Average(Values("observedRate"), options.ObservedMinObservations),
                options.ObservedSwitchThreshold));

        IEnumerable<double> Values(string number) => Samples(number).Select(sample => sample.Value);

        IEnumerable<(double Second, double Value)> Samples(string number) => history.Select(item =>
            (item["t"].Number, item["metrics"].Optional(name)?.Optional(number)?.Number ?? double.NaN));
    }
}
