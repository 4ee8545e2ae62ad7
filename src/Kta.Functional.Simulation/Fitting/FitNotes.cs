using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Names the stretches of a recording that say less.</summary>
internal static class FitNotes
{
    private const int MostShown = 5;

    internal static IEnumerable<string> Of(Application application, IReadOnlyList<Observation> observations) =>
    [
        .. Stretches(observations, one => one.Overloaded.Count > 0).Take(MostShown).Select(stretch =>
            $"Overloaded {Span(stretch)}: the lag of {Names(stretch.SelectMany(one => one.Overloaded))} grew. {Count(stretch, "counts", "count")} a quarter."),
        .. More(observations, one => one.Overloaded.Count > 0, "overloaded"),
        .. Stretches(observations, one => one.Unknown.Count > 0).Take(MostShown).Select(stretch =>
            $"Stale or missing {Span(stretch)}: nothing new was measured of {Names(stretch.SelectMany(one => one.Unknown))}. {Count(stretch, "does", "do")} not count."),
        .. More(observations, one => one.Unknown.Count > 0, "stale or missing"),
        .. observations[0].Numbers.Any(pair => RecordedReplay.LagSeconds(pair.Value.Lag, pair.Value.ArrivalRate) > application.Objective.Lag.TotalSeconds)
            ? (string[])["It began with a lag above the objective. The replay does so, too; a simulation of the application begins with empty queues."]
            : [],
        .. application.Noise > 0 ? (string[])[Invariant($"The true processing rates are noisy, {100 * application.Noise:0.#} %: the application measures with as much noise.")] : [],
        "Buffers and the objective are not in a recording: bufferSeconds and objective are the defaults.",
    ];

    private static IEnumerable<string> More(IReadOnlyList<Observation> observations, Func<Observation, bool> isSuch, string name) =>
        Stretches(observations, isSuch).Skip(MostShown).ToList() is { Count: > 0 } more
            ? [Invariant($"{more.Count} further stretches were {name}, {more.Sum(stretch => stretch.Count)} measurements.")]
            : [];

    private static List<List<Observation>> Stretches(IReadOnlyList<Observation> observations, Func<Observation, bool> isSuch)
    {
        var stretches = new List<List<Observation>>();
        var isIn = false;
        foreach (var one in observations)
        {
            if (isSuch(one) && isIn)
            {
                stretches[^1].Add(one);
            }
            else if (isSuch(one))
            {
                stretches.Add([one]);
            }

            isIn = isSuch(one);
        }

        return stretches;
    }

    private static string Span(List<Observation> stretch) =>
        stretch.Count == 1 ? Moment(stretch[0].Second) : $"{Moment(stretch[0].Second)} to {Moment(stretch[^1].Second)}";

    private static string Moment(long second) =>
        Invariant($"{second / 3_600:00}:{second / 60 % 60:00}") + (second % 60 == 0 ? "" : Invariant($":{second % 60:00}"));

    private static string Names(IEnumerable<TopologyNode> nodes) => string.Join(", ", nodes.Distinct());

    private static string Count(List<Observation> stretch, string verb, string verbOfMany) =>
        stretch.Count == 1 ? $"1 measurement {verb}" : Invariant($"{stretch.Count} measurements {verbOfMany}");
}
