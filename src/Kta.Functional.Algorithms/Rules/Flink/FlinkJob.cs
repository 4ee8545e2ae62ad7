namespace Kta.Functional.Algorithms;

/// <summary>What a window says about a node; NaN where it says nothing.</summary>
/// <param name="RecordsIn">Records per second it took in.</param>
/// <param name="RecordsOut">Records per second it gave out.</param>
/// <param name="ArrivalRate">Records per second that arrived at a source.</param>
/// <param name="Lag">Records that wait in front of a source now.</param>
/// <param name="TrueRate">Records per second it could process.</param>
internal readonly record struct FlinkStatistics(double RecordsIn, double RecordsOut, double ArrivalRate, double Lag, double TrueRate);

/// <summary>What has to be known of a node beside a window.</summary>
/// <param name="Parallelism">How many instances there are.</param>
/// <param name="MaxParallelism">How many Flink allows.</param>
/// <param name="Partitions">The partitions it reads; 0 for none.</param>
/// <param name="IsKeyed">Whether its input is partitioned by key.</param>
internal readonly record struct FlinkVertex(int Parallelism, int MaxParallelism, int Partitions, bool IsKeyed)
{
    /// <summary>What the rule wants for a node, without looking at the others or back.</summary>
    internal FlinkProposal Propose(
        FlinkDemand demand, double trueRate, FlinkAutoscalerOptions options, bool hasBacklog, double restart, double scalability = 1)
    {
        var band = demand.Band(options, hasBacklog, restart);
        var capacity = demand.Capacity(options.UtilizationTarget, withRestart: true, options.CatchUp.TotalSeconds, restart);
        var factor = Math.Clamp(capacity / trueRate / scalability, 1 - options.MaxScaleDownFactor, 1 + options.MaxScaleUpFactor);
        var limits = new FlinkLimits(
            Math.Min(Parallelism, options.MinParallelism), Math.Max(Parallelism, options.MaxParallelism), MaxParallelism, Partitions, IsKeyed);
        var proposed = double.IsNaN(factor) ? Parallelism : limits.Scale(Parallelism, factor, options.Alignment);
        return new(demand, trueRate, band, capacity, factor, proposed, proposed != Parallelism && band.IsOutside(trueRate), trueRate / Parallelism * proposed);
    }
}

/// <summary>What the rule wants for a node.</summary>
/// <param name="Demand">What it has to cope with.</param>
/// <param name="TrueRate">What it could process.</param>
/// <param name="Band">Between which rates it is left alone.</param>
/// <param name="Capacity">What it shall be able to process.</param>
/// <param name="Factor">By what its parallelism is multiplied; NaN if that cannot be told.</param>
/// <param name="Parallelism">The number of instances.</param>
/// <param name="IsOutside">Whether that is a change, and the node outside its band.</param>
/// <param name="ExpectedRate">What that number is expected to process.</param>
internal readonly record struct FlinkProposal(
    FlinkDemand Demand, double TrueRate, FlinkBand Band, double Capacity, double Factor, int Parallelism, bool IsOutside, double ExpectedRate);

/// <summary>What follows for a whole job from what a window says about its nodes.</summary>
internal sealed class FlinkJob
{
    private readonly Graph _graph;
    private readonly FlinkStatistics[] _statistics;
    private readonly int[] _consumers;

    internal FlinkJob(Graph graph, FlinkStatistics[] statistics, FlinkAutoscalerOptions options)
    {
        (_graph, _statistics) = (graph, statistics);
        _consumers = new int[graph.Count];
        foreach (var from in graph.Upstream.SelectMany(upstream => upstream))
        {
            _consumers[from]++;
        }

        HasBacklog = Enumerable.Range(0, graph.Count).Any(i =>
            graph.IsSource(i) && statistics[i].Lag / statistics[i].RecordsIn > options.BacklogLagThreshold.TotalSeconds);
        Demands = new FlinkDemand[graph.Count];
        foreach (var i in graph.Order)
        {
            Demands[i] = graph.IsSource(i)
                ? new(statistics[i].ArrivalRate, options.CatchUp > TimeSpan.Zero ? statistics[i].Lag / options.CatchUp.TotalSeconds : 0)
                : Fed(i);
        }
    }

    /// <summary>Whether a source has so much to catch up with that nothing may go down.</summary>
    internal bool HasBacklog { get; }

    /// <summary>What each node has to cope with.</summary>
    internal FlinkDemand[] Demands { get; }

    /// <summary>Records that go from one node to another for each that the first one takes in.</summary>
    internal double Ratio(int from, int to) => _statistics[from].RecordsIn is var input && input == 0 ? 0 : Math.Max(0, Edge(from, to) / input);

    /// <summary>Whether the job changes: one of the nodes that would change has to be outside its band.</summary>
    internal static bool Rescales(IEnumerable<FlinkRecommendation> decided, IReadOnlyList<int> current) =>
        decided.Where((one, i) => one.IsOutside && one.Parallelism != current[i]).Any();

    private FlinkDemand Fed(int node) => _graph.Upstream[node].Aggregate(new FlinkDemand(), (sum, from) =>
    {
        var ratio = Ratio(from, node);
        return new(sum.TargetRate + (Demands[from].TargetRate * ratio), sum.CatchUpRate + (Demands[from].CatchUpRate * ratio));
    });

    /// <summary>Records per second on an edge, from the most reliable counters there are.</summary>
    private double Edge(int from, int to)
    {
        var others = Array.FindAll(_graph.Upstream[to], node => node != from);
        return Array.TrueForAll(others, node => _consumers[node] == 1) && others.Sum(node => _statistics[node].RecordsOut) is var rest && !double.IsNaN(rest)
            ? _statistics[to].RecordsIn - rest
            : _statistics[from].RecordsOut;
    }
}
