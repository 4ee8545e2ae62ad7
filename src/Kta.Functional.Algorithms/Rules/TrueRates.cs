namespace Kta.Functional.Algorithms;

/// <summary>What the model of DS2 works on: the true rates of all nodes, and what is offered to the sources.</summary>
internal sealed class TrueRates
{
    /// <summary>So many entries are looked at for the selectivity of a node that stands idle.</summary>
    internal const int LookBack = 10;

    private readonly Measurements _now;
    private readonly RuleContext _context;
    private readonly TimeSpan? _catchUp;
    private readonly Graph _graph;
    private readonly double[] _offered;

    internal TrueRates(Measurements now, RuleContext context, TimeSpan? catchUp = null)
    {
        (_now, _context, _catchUp) = (now, context, catchUp);
        _graph = Graph.Of(context.Topology, now).WithVirtualSources();
        _offered = new double[_graph.Count];
        Current = new int[context.Topology.Count];
        Operators = new Ds2Operator[_graph.Count];
        for (var i = 0; i < Current.Length; i++)
        {
            Current[i] = context.Required(NodeAt(i), now);
            Operators[i] = Known(At(i), Current[i], NodeAt(i));
            if (IsFirst(i))
            {
                _offered[_graph.Upstream[i][0]] = Offered(At(i));
            }
        }
    }

    /// <summary>The present instances, by position.</summary>
    internal int[] Current { get; }

    /// <summary>What is known, by position; behind the nodes are the virtual sources.</summary>
    internal Ds2Operator[] Operators { get; }

    /// <summary>Records per second that arrive at all sources together; NaN if one is not known.</summary>
    internal double Arrivals => _offered.AsSpan(Current.Length).ToArray().Sum();

    /// <summary>Records per second that all instances could take in if they were never blocked or starved; NaN if it cannot be told.</summary>
    internal static double TrueProcessing(NodeMeasurements numbers) =>
        numbers.TrueProcessingRate.OrNaN is > 0 and var trueRate ? trueRate : RatesOf(numbers).TrueProcessing;

    internal TopologyNode NodeAt(int i) => _context.Topology[i];

    internal NodeMeasurements At(int i) => _now[NodeAt(i)];

    /// <summary>Every node sized for what it has to sustain.</summary>
    internal Ds2Size[] Sizes(double scalingFactor) => Ds2Model.Evaluate(_graph, Operators, _offered, scalingFactor)[..Current.Length];

    internal bool IsFirst(int i) => _graph.Upstream[i] is [var from] && from >= Current.Length;

    internal bool StoodIdle(int i) => At(i).Busy.Value == 0 || At(i).RecordsIn.Value == 0 || At(i).TrueProcessingRate.Value == 0;

    /// <summary>The plan with the reason why a node that is not sized keeps its instances.</summary>
    internal Plan Kept(Plan plan, string rule, int i, Ds2Size size)
    {
        var (node, numbers, kept) = (NodeAt(i), At(i), Current[i]);
        if (!double.IsNaN(size.TargetRate))
        {
            return StoodIdle(i)
                ? plan.Because(node, $"{rule}: keeps {kept}, it stood idle, and what it could process cannot be told")
                : plan.ForLackOfData(node, $"{rule}: keeps {kept}, its true rate is not known (trueRate {numbers.TrueProcessingRate}, recordsIn {numbers.RecordsIn}, busy {numbers.Busy})");
        }

        return !IsFirst(i) ? plan.ForLackOfData(node, $"{rule}: keeps {kept}, what it is fed with cannot be told")
            : numbers.ArrivalRate.State != ReadingState.Current
                ? plan.ForLackOfData(node, $"{rule}: keeps {kept}, its arrival rate is {numbers.ArrivalRate}")
                : plan.ForLackOfData(node, $"{rule}: keeps {kept}, its lag is {numbers.Lag}, and catchUp needs it");
    }

    private static Ds2Rates RatesOf(NodeMeasurements numbers)
    {
        var trueRate = numbers.TrueProcessingRate.OrNaN;
        var useful = trueRate > 0 ? numbers.RecordsIn.OrNaN / trueRate : numbers.Busy.OrNaN;
        return Ds2Rates.Of(numbers.RecordsIn.OrNaN, numbers.RecordsOut.OrNaN, useful, windowSeconds: 1);
    }

    private Ds2Operator Known(NodeMeasurements numbers, int parallelism, TopologyNode node)
    {
        var (recordsIn, recordsOut) = (numbers.RecordsIn.OrNaN, numbers.RecordsOut.OrNaN);
        return new(
            parallelism,
            TrueProcessing(numbers),
            RatesOf(numbers).TrueOutput,
            recordsIn > 0 && !double.IsNaN(recordsOut) ? recordsOut / recordsIn : LastSelectivity(node));
    }

    private double LastSelectivity(TopologyNode node)
    {
        for (var k = 0; k < LookBack && _context.History.At(k) is { } past; k++)
        {
            var then = past.Measurements[node];
            if (then.RecordsIn.OrNaN > 0 && then.RecordsOut.Value is { } recordsOut)
            {
                return recordsOut / then.RecordsIn.OrNaN;
            }
        }

        return double.NaN;
    }

    private double Offered(NodeMeasurements source) =>
        source.ArrivalRate.OrNaN + (_catchUp is { } catchUp ? source.Lag.OrNaN / catchUp.TotalSeconds : 0);
}
