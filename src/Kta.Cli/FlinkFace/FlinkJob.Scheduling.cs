using Kta.Functional;

namespace Kta.Cli;

/// <content>What the adaptive scheduler does with requirements and slots.</content>
internal sealed partial class FlinkJob
{
    private static readonly TimeSpan s_untilSlotsCome = TimeSpan.FromDays(36_500);

    internal Requirements Required { get; private set; }

    internal int Slots { get; private set; }

    /// <summary>Slots in use: its vertices share them.</summary>
    internal int UsedSlots => Phase == JobPhase.Created ? 0 : Math.Min(Slots, ShownParallelism.Values.Max());

    private bool WaitsForSlots => UpAt == Never;

    /// <summary>Takes new requirements; the same again change nothing.</summary>
    internal void Require(Requirements requirements)
    {
        if (requirements.IsSameAs(Required))
        {
            return;
        }

        Required = requirements;
        Rescales.Begin(RescaleCause.UpdateRequirement, Required, Second);
        Reschedule();
    }

    /// <summary>Task managers come or go.</summary>
    internal void ChangeSlots(int slots)
    {
        Slots = slots;
        if (!WaitsForSlots && Parallelism.Values.Max() > slots)
        {
            Rescales.Begin(RescaleCause.RecoverableFailover, Required, Second);
            if (Required.LeastSlots <= slots)
            {
                Start(Required.Within(slots), Math.Max(UpAt - Second, Downtime));
            }
            else
            {
                Restart(null, s_untilSlotsCome);
                UpAt = Never;
            }
        }
        else if (Required.LeastSlots <= slots && !IsAskedFor(Required.Within(slots)))
        {
            if (Rescales.Current is null)
            {
                Rescales.Begin(RescaleCause.NewResourceAvailable, Required, Second);
            }

            Reschedule();
        }
    }

    /// <summary>A job whose least requirements cannot be met yet goes on as it is.</summary>
    private void Reschedule()
    {
        if (Required.LeastSlots > Slots)
        {
            return;
        }

        var wanted = Required.Within(Slots);
        if (WaitsForSlots)
        {
            Start(wanted, Downtime);
        }
        else if (Second < UpAt)
        {
            Start(wanted, UpAt - Second);
        }
        else
        {
            Rescale(wanted);
        }
    }

    private void Rescale(IReadOnlyDictionary<TopologyNode, int> wanted)
    {
        var before = _now;
        _now = _now.Rescale(wanted);
        if (_now.Totals.Restarts > before.Totals.Restarts)
        {
            Stopped(Second, before, Second + Downtime);
            BeginWindow();
            EndRescaleIfUp();
        }
        else if (!IsPending)
        {
            Rescales.End(RescaleEnd.NoResourcesOrParallelismsChange, null, Second);
        }
    }

    /// <summary>Starts a job that is down, or stops it and starts it again.</summary>
    private void Start(IReadOnlyDictionary<TopologyNode, int> wanted, long seconds)
    {
        Restart(wanted, TimeSpan.FromSeconds(seconds));
        EndRescaleIfUp();
    }

    private void Restart(IReadOnlyDictionary<TopologyNode, int>? wanted, TimeSpan downtime)
    {
        var before = _now;
        _now = _now.Restart(downtime, wanted);
        Stopped(Second, before, Second + (long)downtime.TotalSeconds);
        BeginWindow();
    }

    private void BeginWindow() =>
        _nextWindow = Math.Max(Second, (long)_now.WarmAt.TotalSeconds) + _interval;

    private bool IsAskedFor(IReadOnlyDictionary<TopologyNode, int> wanted) =>
        !WaitsForSlots && wanted.All(pair => _now.Requested[pair.Key] == pair.Value);
}
