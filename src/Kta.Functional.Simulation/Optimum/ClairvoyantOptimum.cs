namespace Kta.Functional.Simulation;

/// <summary>
/// What a policy could do that knew the whole trace in advance: the changes with the least <see cref="RunFigures.J"/>, found by dynamic
/// programming and then played on the application. A yardstick for real policies.
/// </summary>
/// <remarks>
/// <para>It looks for changes on a grid of 30 s (coarser for runs of more than about four days), among 26 balanced plans between 0.9 times the lowest and 1.6 times
/// the highest rate, and the smallest there can be, with backlogs told apart by 14 %. A change takes the downtime, during which records go
/// on arriving. Several sources count as one with their sum, and what buffers absorb, checkpoints and start-up times are left out of the
/// search, so that it is an optimum within that model: on the application itself a better schedule may exist, if not by much.</para>
/// <para>Immutable and deterministic.</para>
/// </remarks>
public sealed class ClairvoyantOptimum
{
    private ClairvoyantOptimum(SimulatedRun run) => Run = run;

    /// <summary>The schedule, played on the application. It has no iterations.</summary>
    public SimulatedRun Run { get; }

    /// <summary>The changes.</summary>
    public IReadOnlyList<PlanChange> Changes => Run.Changes;

    /// <summary>How good it is on the application, not only in the model of the search.</summary>
    public RunFigures Figures => Run.Figures;

    /// <summary>The schedule with the least J.</summary>
    /// <param name="application">The application.</param>
    /// <exception cref="ArgumentException">Something is wrong with the description.</exception>
    public static ClairvoyantOptimum Of(Application application)
    {
        var search = new ScheduleSearch(application, mostChanges: null);
        return Played(application, search.Best());
    }

    /// <summary>For each number of changes the schedule with the least instance-hours and time above the objective, at the prices of J.</summary>
    /// <param name="application">The application.</param>
    /// <param name="mostChanges">The largest number of changes, from 0 to 100.</param>
    /// <returns>The schedules with 0, 1, 2 … changes; a number for which the run is too short is left out.</returns>
    /// <exception cref="ArgumentException">Something is wrong with the description, or the number is out of range.</exception>
    public static IReadOnlyList<ClairvoyantOptimum> Front(Application application, int mostChanges)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostChanges);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostChanges, 100);
        var search = new ScheduleSearch(application, mostChanges);
        return [.. Enumerable.Range(0, mostChanges + 1).Select(search.BestWith).OfType<IReadOnlyList<PlannedChange>>().Select(schedule => Played(application, schedule))];
    }

    private static ClairvoyantOptimum Played(Application application, IReadOnlyList<PlannedChange> schedule)
    {
        var now = SimulatedApplication.Start(application);
        var start = now.Parallelism;
        var recorder = new RunRecorder(application, start);
        foreach (var change in schedule)
        {
            now = now.Advance(change.At - now.Time, recorder.Observe).Rescale(change.Plan);
        }

        now = now.Advance(application.RunTime - now.Time, recorder.Observe);
        return new(new SimulatedRun(application, "clairvoyant", start, [], [], recorder.Changes(now), recorder.Samples));
    }
}
