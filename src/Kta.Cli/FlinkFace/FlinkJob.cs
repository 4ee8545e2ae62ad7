using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>What a job says it is doing.</summary>
internal enum JobPhase
{
    /// <summary>Its tasks run.</summary>
    Running,

    /// <summary>Its tasks are being stopped.</summary>
    Restarting,

    /// <summary>It waits for slots, or is about to start in them.</summary>
    Created,
}

/// <summary>A simulated application as a Flink job under the adaptive scheduler. Times are seconds since the start of the simulation.</summary>
/// <remarks>
/// What it shows are the numbers of the last whole interval of the application, which are those of
/// <see cref="SimulatedApplication.Measure"/> in a loop of this process; before the first one after a start, what has happened since then.
/// </remarks>
internal sealed partial class FlinkJob
{
    private const long Never = long.MaxValue;
    private const int FewestSlots = 256;
    private readonly long _interval;
    private SimulatedApplication _now;
    private ApplicationTotals _whenStarted;
    private IReadOnlyDictionary<TopologyNode, int> _stopped;
    private (Measurements Numbers, ApplicationTotals Totals)? _window;
    private long _nextWindow;

    /// <param name="application">The application; its nodes are the vertices.</param>
    /// <param name="slots">How many slots the task managers have; null: enough for everything a vertex can be asked for.</param>
    internal FlinkJob(Application application, int? slots)
    {
        Id = FlinkId.Of(application.Name);
        _interval = (long)application.Interval.TotalSeconds;
        _nextWindow = _interval;
        var asked = SimulatedApplication.Start(application).Parallelism;
        MaxParallelism = [.. application.Operators.Select(one => (one.Node, one.MaxParallelism ?? DefaultMaxParallelism(Math.Max(application.Limits.Max, asked[one.Node]))))];
        Slots = slots ?? Math.Max(FewestSlots, MaxParallelism.Max(one => one.Max));
        Required = new([.. application.Topology.Select(node => (node, new ParallelismBounds(1, asked[node])))]);
        _now = SimulatedApplication.Start(application with { Parallelism = Required.Within(Slots) });
        _whenStarted = _now.Totals;
        _stopped = Parallelism;
        Initial = asked;
        Edges = _now.Measure().Measured.EdgesOf(application.Topology);
        Rescales = new(Id);
        Rescales.Begin(RescaleCause.InitialSchedule, Required, 0);
        Rescales.End(RescaleEnd.Succeeded, Parallelism, 0);
    }

    /// <summary>32 hexadecimal digits.</summary>
    internal string Id { get; }

    internal Application Description => _now.Description;

    internal IReadOnlyList<TopologyEdge> Edges { get; }

    /// <summary>What it was submitted with.</summary>
    internal IReadOnlyDictionary<TopologyNode, int> Initial { get; }

    /// <summary>What its tasks run with, or will when they come up.</summary>
    internal IReadOnlyDictionary<TopologyNode, int> Parallelism => _now.Parallelism;

    /// <summary>What Flink shows: of tasks that are being stopped what they ran with, and what it was submitted with while there are none.</summary>
    internal IReadOnlyDictionary<TopologyNode, int> ShownParallelism => Phase switch
    {
        JobPhase.Running => Parallelism,
        JobPhase.Restarting => _stopped,
        _ => Initial,
    };

    internal IReadOnlyList<(TopologyNode Node, int Max)> MaxParallelism { get; }

    internal RescaleHistory Rescales { get; }

    internal long Second => (long)_now.Time.TotalSeconds;

    /// <summary>How often its tasks were started again.</summary>
    internal int Attempt { get; private set; }

    /// <summary>When it was stopped last.</summary>
    internal long DownSince { get; private set; }

    /// <summary>When it came up last, or will come up.</summary>
    internal long UpAt { get; private set; }

    /// <summary>When the tasks that are or were being stopped had come up.</summary>
    internal long StartedBefore { get; private set; }

    internal JobPhase Phase => Second >= UpAt ? JobPhase.Running
        : Second - DownSince < CancelSeconds ? JobPhase.Restarting
        : JobPhase.Created;

    /// <summary>The part of a restart in which tasks are stopped.</summary>
    internal long CancelSeconds => (Downtime + 1) / 2;

    private long Downtime => (long)Description.Downtime.TotalSeconds;

    private bool IsPending => _now.Requested.Any(pair => Parallelism[pair.Key] != pair.Value);

    /// <summary>Whether records go to the instances of a vertex by their keys: what has key groups has keys.</summary>
    internal bool IsKeyed(TopologyEdge edge) =>
        edge.IsKeyed || Description.Operators.First(one => one.Node == edge.To).MaxParallelism is not null;

    /// <summary>The numbers a vertex shows; null while it has no tasks.</summary>
    internal VertexNumbers? NumbersOf(TopologyNode node)
    {
        if (Phase != JobPhase.Running)
        {
            return null;
        }

        var totals = _window?.Totals ?? _now.Totals;
        return VertexNumbers.Of(this, node, _window?.Numbers[node], totals, _whenStarted);
    }

    /// <summary>Lets time pass.</summary>
    internal void AdvanceTo(long second)
    {
        while (Second < second)
        {
            if (IsPending)
            {
                StepWithPending();
            }
            else
            {
                Advance(Math.Min(Math.Min(second, _nextWindow), Second < UpAt ? UpAt : Never) - Second);
            }

            if (Second == _nextWindow)
            {
                CloseWindow();
            }

            EndRescaleIfUp();
        }
    }

    private void Advance(long seconds) => _now = _now.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Nobody says when a rescale that waits for a checkpoint or a cooldown begins, so look every second.</summary>
    private void StepWithPending()
    {
        var (from, before) = (Second, _now);
        Advance(1);
        if (_now.Totals.Restarts > before.Totals.Restarts)
        {
            Stopped(from, before, from + Downtime);
        }
    }

    private void CloseWindow()
    {
        if (_now.Time < _now.WarmAt)
        {
            _nextWindow = (long)_now.WarmAt.TotalSeconds + _interval;
            return;
        }

        (var measured, _now) = _now.Measure();
        _window = (measured, _now.Totals);
        _nextWindow += _interval;
    }

    private void Stopped(long at, SimulatedApplication before, long upAt)
    {
        if (at >= UpAt)
        {
            Attempt++;
            (StartedBefore, DownSince, _stopped) = (UpAt, at, before.Parallelism);
        }

        UpAt = upAt;
        _whenStarted = before.Totals;
        _window = null;
        Rescales.Stopped(at);
    }

    private void EndRescaleIfUp()
    {
        if (Second >= UpAt && Rescales.Current is { DownSince: not null })
        {
            Rescales.End(RescaleEnd.Succeeded, Parallelism, UpAt);
        }
    }

    /// <summary>What Flink gives a vertex nobody gave one: half as much again, as a power of two, from 128 to 32768.</summary>
    private static int DefaultMaxParallelism(int parallelism) =>
        (int)Math.Clamp(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(parallelism + (parallelism / 2), 1 << 15)), 128u, 1u << 15);
}
