namespace Kta.Functional.Simulation;

/// <summary>Instances that a rescale has added and that do not work fully yet.</summary>
/// <param name="Fresh">How many of each operator; those that got no machine before are among them.</param>
/// <param name="Unplaced">Which part of them waits for machines.</param>
/// <param name="From">The second at which those with a machine begin.</param>
/// <param name="MachinesAt">The second at which the others begin.</param>
/// <param name="Until">The second from which all work fully.</param>
internal sealed record StartingInstances(double[] Fresh, double Unplaced, long From, long MachinesAt, long Until)
{
    /// <summary>A fraction of nothing would be no number.</summary>
    private const double Least = 1e-9;

    /// <summary>The instances that start when the parallelism changes; null if all work at once.</summary>
    internal static StartingInstances? After(FluidState state, int[] parallelism, long upAt)
    {
        var (application, before) = (state.Model.Application, state.Starting);
        if (application is { StartUp.Ticks: 0, Cluster: null })
        {
            return null;
        }

        // Those that had no machine yet have to wait anew.
        double UnplacedOf(int i) => before is not null && state.Second < before.MachinesAt ? before.Fresh[i] * before.Unplaced : 0;
        double[] placed = [.. state.Parallelism.Select((count, i) => count - UnplacedOf(i))];
        double[] fresh = [.. parallelism.Select((count, i) => Math.Max(0, count - placed[i]))];
        var room = Math.Max(application.Cluster?.Slots ?? int.MaxValue, placed.Sum());
        var unplaced = fresh.Sum() > 0 ? Math.Clamp((parallelism.Sum() - room) / fresh.Sum(), 0, 1) : 0;
        var machinesAt = unplaced > 0 ? Math.Max(upAt, state.Second + Seconds.Of(application.Cluster!.StartUp)) : upAt;
        return new(fresh, unplaced, upAt, machinesAt, machinesAt + Seconds.Of(application.StartUp));
    }

    /// <summary>Which part of the instances of an operator works in a second.</summary>
    internal double WorkingPart(FluidState state, int place)
    {
        var (count, fresh, startUp) = (state.Parallelism[place], Fresh[place], Seconds.Of(state.Model.Application.StartUp));
        var started = ((1 - Unplaced) * Ready(state.Second - From)) + (Unplaced * Ready(state.Second - MachinesAt));
        return Math.Max(Least, (count - fresh + (fresh * started)) / count);

        double Ready(long since) => since < 0 ? 0 : startUp == 0 ? 1 : Math.Min(1, (since + 1.0) / startUp);
    }
}
