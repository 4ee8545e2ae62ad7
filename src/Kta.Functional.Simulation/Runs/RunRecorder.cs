namespace Kta.Functional.Simulation;

/// <summary>Watches the seconds of a run.</summary>
internal sealed class RunRecorder
{
    private readonly IdealPlans _ideal;
    private readonly List<RunSample> _samples = [];
    private readonly List<PlanChange> _changes = [];
    private int[] _last;
    private IReadOnlyDictionary<TopologyNode, int> _lastNamed;

    internal RunRecorder(Application application, IReadOnlyDictionary<TopologyNode, int> start)
    {
        _ideal = new IdealPlans(application);
        _last = [.. application.Topology.Select(node => start[node])];
        _lastNamed = start;
    }

    internal IReadOnlyList<RunSample> Samples => _samples.AsReadOnly();

    internal void Observe(Sample sample)
    {
        if (!sample.Parallelism.SequenceEqual(_last))
        {
            Change(Seconds.Time(sample.Second), sample.Parallelism.ToArray());
        }

        var needed = _ideal.ForArrivals(sample.Arrived);
        var (rate, instances, sum, over, under) = (0.0, 0, 0, 0, 0);
        for (var i = 0; i < _last.Length; i++)
        {
            rate += sample.Arrived[i];
            instances += _last[i];
            sum += needed[i];
            over += Math.Max(0, _last[i] - needed[i]);
            under += Math.Max(0, needed[i] - _last[i]);
        }

        _samples.Add(new(sample.Second, rate, sample.LagSeconds, sample.Lag, sample.Latency, instances, sum, over, under, sample.IsDown));
    }

    /// <summary>The changes, also one at the very end that no second has shown.</summary>
    internal IReadOnlyList<PlanChange> Changes(SimulatedApplication end)
    {
        int[] last = [.. end.Topology.Select(node => end.Parallelism[node])];
        if (!last.AsSpan().SequenceEqual(_last))
        {
            Change(end.Time, last);
        }

        return _changes.AsReadOnly();
    }

    private void Change(TimeSpan at, int[] parallelism)
    {
        var named = _ideal.Named(parallelism);
        _changes.Add(new(at, _lastNamed, named));
        (_last, _lastNamed) = (parallelism, named);
    }
}
