using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>How long rescales take: together with the warm-up from the pauses between iterations, alone from the lag that they leave.</summary>
internal static class RescaleFit
{
    private const int Candidates = 12;

    /// <summary>Seconds of lag, summed over the rescales, in which explanations may differ and be as good; and a part of what none explains.</summary>
    private const double AsGood = 2;
    private const double AsGoodShare = 0.5;

    /// <summary>Seconds of lag for each rescale, and a part of it, that no downtime explains.</summary>
    private const double Unexplained = 10;
    private const double UnexplainedShare = 0.1;

    /// <summary>The usual time between iterations that are not apart by a rescale.</summary>
    internal static TimeSpan IntervalOf(IReadOnlyList<Observation> observations)
    {
        var steps = Steps(observations, (before, now) => !now.FollowsChange);
        return Seconds.Time(Math.Max(1, Median(steps.Count > 0 ? steps : Steps(observations, (_, _) => true))));
    }

    /// <param name="application">Everything but the times of rescales, which are the defaults.</param>
    /// <param name="observations">What was recorded.</param>
    internal static FittedRescales Of(Application application, IReadOnlyList<Observation> observations)
    {
        var pauses = Steps(observations, (_, now) => now.FollowsChange);
        if (pauses.Count == 0)
        {
            return new(
                0, application.Downtime, TimeSpan.Zero, null, application.WarmUp,
                [Invariant($"no rescale was recorded: {application.Downtime.TotalSeconds} s of downtime and {application.WarmUp.TotalSeconds} s of warm-up are assumed")]);
        }

        // The second in which the plan was decided counts to the warm-up.
        var pause = Median(pauses);
        var together = Math.Max(0, pause - Seconds.Of(application.Interval)) is > 0 and var silent ? silent + 1 : 0;
        var longest = Math.Max(together, pause);
        var errors = new SortedDictionary<long, double>();
        var step = Math.Max(1, longest / Candidates);
        Try(0, longest, step);
        var around = errors.MinBy(pair => pair.Value).Key;
        Try(Math.Max(0, around - step), Math.Min(longest, around + step), Math.Max(1, step / Candidates));
        var (closest, best) = errors.MinBy(pair => pair.Value);
        var good = best + AsGood + (AsGoodShare * best);
        var explaining = errors.Where(pair => pair.Value <= good).Select(pair => pair.Key).ToList();
        var (least, most) = (explaining[0], explaining[^1]);
        var isFound = most - least <= Math.Max(2, Seconds.Of(application.Interval) / 2);
        var downtime = isFound ? closest : Math.Clamp(together / 3, least, most);
        List<string> doubts = [];
        if (!isFound)
        {
            doubts.Add(Invariant($"the lag had been caught up, or grew for other reasons, before it was measured: any downtime from {least} to {most} s explains the recording as well, a third of the silence is assumed"));
        }

        var recordedLag = Lags(application, observations, observations.Select(one => one.Numbers)).Sum(lag => lag.Recorded);
        if (best > pauses.Count * Unexplained && best > UnexplainedShare * recordedLag)
        {
            doubts.Add(Invariant($"the lag after rescales is {best / pauses.Count:0} s off on average with any downtime: something else made it"));
        }

        if (together == 0)
        {
            doubts.Add("iterations went on during the rescales: numbers measured while it was down are among those that were used, and a simulation waits for the end of the downtime");
        }

        return new(
            pauses.Count, Seconds.Time(downtime), Seconds.Time(least), Seconds.Time(most), Seconds.Time(Math.Max(0, together - downtime)), doubts);

        void Try(long from, long to, long every)
        {
            for (var candidate = from; candidate <= to; candidate += every)
            {
                if (!errors.ContainsKey(candidate))
                {
                    errors[candidate] = ErrorOf(application, observations, candidate, Math.Max(0, together - candidate));
                }
            }
        }
    }

    /// <summary>By how many seconds the lag at the first iteration after each rescale differs from what was recorded.</summary>
    private static double ErrorOf(Application application, IReadOnlyList<Observation> observations, long downtime, long warmUp)
    {
        var replayed = RecordedReplay.Run(application with { Downtime = Seconds.Time(downtime), WarmUp = Seconds.Time(warmUp) }, observations);
        return Lags(application, observations, replayed.Select(measured => measured.Nodes)).Sum(lag => Math.Abs(lag.Recorded - lag.Replayed));
    }

    /// <summary>The lags at the first iteration after each rescale, in seconds of what arrives.</summary>
    private static IEnumerable<(double Recorded, double Replayed)> Lags(
        Application application, IReadOnlyList<Observation> observations, IEnumerable<IReadOnlyDictionary<TopologyNode, NodeMeasurements>> replays)
    {
        foreach (var (recorded, replayed) in observations.Zip(replays).Where(pair => pair.First.FollowsChange))
        {
            foreach (var source in application.Sources.Keys)
            {
                var arrivals = recorded.Numbers[source].ArrivalRate;
                if ((RecordedReplay.LagSeconds(recorded.Numbers[source].Lag, arrivals), RecordedReplay.LagSeconds(replayed[source].Lag, arrivals)) is ({ } was, { } lag))
                {
                    yield return (was, lag);
                }
            }
        }
    }

    private static List<long> Steps(IReadOnlyList<Observation> observations, Func<Observation, Observation, bool> counts) =>
        [.. observations.Zip(observations.Skip(1)).Where(pair => counts(pair.First, pair.Second)).Select(pair => pair.Second.Second - pair.First.Second)];

    private static long Median(IEnumerable<long> numbers) => (long)Math.Round(WeightedSample.Median(numbers.Select(number => ((double)number, 1.0))));
}
