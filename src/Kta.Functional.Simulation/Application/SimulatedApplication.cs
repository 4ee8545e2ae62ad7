using System.Collections.ObjectModel;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>A streaming application at a moment: a fluid model with bounded buffers, back-pressure, lag and restarts that cost time.</summary>
/// <remarks>
/// <para>Immutable: <see cref="Advance"/>, <see cref="Rescale"/> and <see cref="Measure"/> answer the next value, and leave this one as it is,
/// so several continuations can be tried from one moment. The same description always gives the same numbers.</para>
/// <para>Every second, consumers first, each operator takes in what waits in front of it, but no more than it can, and no more than there is
/// room for downstream. Sources read from a queue without limit, whose length is the lag.</para>
/// </remarks>
/// <example>
/// <code>
/// var app = SimulatedApplication.Start(orders);
/// app = app.Advance(TimeSpan.FromMinutes(1));
/// (var measured, app) = app.Measure();
/// app = app.Rescale(Plan.ForEach(app.Topology, node => app.Parallelism[node] + 1));
/// </code>
/// </example>
public sealed partial class SimulatedApplication
{
    private readonly FluidState _state;
    private IReadOnlyDictionary<TopologyNode, int>? _parallelism;

    private SimulatedApplication(FluidState state) => _state = state;

    /// <summary>What was started.</summary>
    public Application Description => Model.Application;

    /// <summary>The nodes, in the order of the operators.</summary>
    public Topology Topology => Model.Topology;

    /// <summary>How much time has passed since the start.</summary>
    public TimeSpan Time => Seconds.Time(_state.Second);

    /// <summary>Whether it is restarting, so that nothing is processed.</summary>
    public bool IsDown => _state.IsDown;

    /// <summary>When the warm-up after the last restart ends: seconds before are not measured. 0 if there was no restart.</summary>
    public TimeSpan WarmAt => Seconds.Time(_state.WarmAt);

    /// <summary>The instances of each node, those that are starting included.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Parallelism => _parallelism ??= Named(_state.Parallelism);

    /// <summary>
    /// The instances of each node it was asked for: those of <see cref="Parallelism"/>, unless a rescale waits for a checkpoint or for
    /// <see cref="Application.RescaleCooldown"/>.
    /// </summary>
    public IReadOnlyDictionary<TopologyNode, int> Requested => _state.Pending is { } pending ? Named(pending) : Parallelism;

    /// <summary>What has happened since the start.</summary>
    public ApplicationTotals Totals => ApplicationTotals.Of(_state);

    private FluidModel Model => _state.Model;

    /// <summary>An application at its start: buffers and queues are empty.</summary>
    /// <param name="application">The description.</param>
    /// <exception cref="ArgumentException">Something is wrong with the description; the message names everything that is.</exception>
    public static SimulatedApplication Start(Application application)
    {
        ArgumentNullException.ThrowIfNull(application);
        application.ThrowIfWrong();
        var model = new FluidModel(application);
        var smallest = application.SmallestPlanAt(TimeSpan.Zero);
        int[] parallelism = [.. model.Topology.Select(node => application.Parallelism?.TryGetValue(node, out var given) == true ? given : smallest[node])];
        return new(new FluidState(model, parallelism));
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="time">A whole number of seconds, at least 0.</param>
    /// <param name="observer">Is shown every second that passes; null: nobody is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or no whole number of seconds.</exception>
    public SimulatedApplication Advance(TimeSpan time, SampleObserver? observer = null)
    {
        Checked(time, nameof(time));
        return After(state => state.Run(Seconds.Of(time), observer));
    }

    /// <summary>
    /// Gives nodes another number of instances: nothing is processed for the downtime, then it goes on. Nothing happens if nothing changes.
    /// If it may not restart yet (<see cref="Checkpoints.RescaleWaits"/>, <see cref="Application.RescaleCooldown"/>), it does so as soon as
    /// it may, with what it was asked for last.
    /// </summary>
    /// <param name="parallelism">A plan, or any numbers by node, at least 1 each; a node that is not named keeps what it was asked for.</param>
    /// <exception cref="ArgumentException">A node is none of the application, or a number is less than 1.</exception>
    /// <remarks>No node gets more than its <see cref="StreamOperator.MaxParallelism"/>.</remarks>
    public SimulatedApplication Rescale(IReadOnlyDictionary<TopologyNode, int> parallelism)
    {
        var wanted = Wanted(parallelism);
        return wanted.AsSpan().SequenceEqual(_state.Pending ?? _state.Parallelism) ? this : After(state => state.Rescale(wanted));
    }

    /// <summary>
    /// Stops it and starts it again at once, whether anything changes or not: a failure, a new version, a rescale that takes another time.
    /// </summary>
    /// <param name="downtime">How long nothing is processed, a whole number of seconds, at least 0.</param>
    /// <param name="parallelism">Other numbers of instances, as in <see cref="Rescale"/>; null: those of <see cref="Requested"/>.</param>
    /// <exception cref="ArgumentException">A node is none of the application, a number is less than 1, or the time is none.</exception>
    public SimulatedApplication Restart(TimeSpan downtime, IReadOnlyDictionary<TopologyNode, int>? parallelism = null)
    {
        Checked(downtime, nameof(downtime));
        var wanted = parallelism is null ? null : Wanted(parallelism);
        return After(state => state.Restart(wanted, Seconds.Of(downtime)));
    }

    private static void Checked(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero || !Seconds.AreWhole(time))
        {
            throw new ArgumentOutOfRangeException(name, time, "The model takes steps of one second: a whole number of seconds is needed, at least 0.");
        }
    }

    /// <summary>The next value; names of instances that stay the same are kept.</summary>
    private SimulatedApplication After(Action<FluidState> change)
    {
        var state = _state.Copy();
        change(state);
        return new(state) { _parallelism = ReferenceEquals(state.Parallelism, _state.Parallelism) ? _parallelism : null };
    }

    private int[] Wanted(IReadOnlyDictionary<TopologyNode, int> parallelism)
    {
        ArgumentNullException.ThrowIfNull(parallelism);
        int[] wanted = [.. _state.Pending ?? _state.Parallelism];
        if (parallelism is Plan { SingleParallelism: not null } single)
        {
            parallelism = single.For(Topology);
        }

        foreach (var (node, count) in parallelism)
        {
            var place = Model.PlaceOf(node);
            if (place < 0 || count < 1)
            {
                throw new ArgumentException(
                    place < 0 ? $"{node} is no node of {Description.Name}, which has: {Topology}." : Invariant($"{node} needs at least 1 instance, got {count}."),
                    nameof(parallelism));
            }

            wanted[place] = Math.Min(count, Description.Operators[place].MaxParallelism ?? int.MaxValue);
        }

        return wanted;
    }

    private ReadOnlyDictionary<TopologyNode, int> Named(int[] parallelism) =>
        new(Topology.Select((node, i) => KeyValuePair.Create(node, parallelism[i])).ToDictionary());
}
