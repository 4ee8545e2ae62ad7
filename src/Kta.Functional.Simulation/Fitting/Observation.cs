namespace Kta.Functional.Simulation;

/// <summary>An iteration of a recording, with what was new in it.</summary>
/// <param name="Second">Since the first one.</param>
/// <param name="Numbers">Numbers that are neither stale nor those of an earlier measurement once more.</param>
/// <param name="Parallelism">The instances before its plan: as measured, or as the plan before it asked.</param>
/// <param name="Plan">What its plan asked for; null if that is not known.</param>
/// <param name="FollowsChange">Whether the parallelism has changed since the iteration before.</param>
internal sealed record Observation(
    long Second,
    IReadOnlyDictionary<TopologyNode, NodeMeasurements> Numbers,
    IReadOnlyDictionary<TopologyNode, int> Parallelism,
    IReadOnlyDictionary<TopologyNode, int>? Plan,
    bool FollowsChange)
{
    /// <summary>The sources whose lag grew by more than a fiftieth of what arrived since the iteration before, with the same parallelism.</summary>
    internal IReadOnlyList<TopologyNode> Overloaded { get; init; } = [];

    /// <summary>The nodes of which nothing new was measured.</summary>
    internal IReadOnlyList<TopologyNode> Unknown { get; init; } = [];
}

/// <summary>Makes observations of the moments of a recording.</summary>
internal static class Observations
{
    /// <summary>Growth of the lag that is no overload, as a share of what arrived.</summary>
    private const double Unremarkable = 0.02;

    internal static IReadOnlyList<Observation> Of(RecordedTopology recorded)
    {
        var found = new List<Observation>();
        var lastMeasured = new Dictionary<(TopologyNode, Quantity), double>();
        var (from, moments) = (recorded.Moments.Keys.First(), recorded.Moments.ToArray());
        var numbers = Array.ConvertAll(moments, moment =>
            recorded.Topology.ToDictionary(node => node, node => New(node, moment.Value.Measured[node], moment.Key / 1000.0, lastMeasured)));
        var parallelism = recorded.Topology.ToDictionary(node => node, node => FirstOf(node, numbers, moments));
        for (var i = 0; i < moments.Length; i++)
        {
            var asked = i > 0 ? moments[i - 1].Value.Plan : null;
            var before = parallelism;
            parallelism = recorded.Topology.ToDictionary(
                node => node,
                node => (int?)numbers[i][node].Parallelism.Value ?? (asked is not null ? Math.Max(1, asked[node]) : before[node]));
            var second = (long)Math.Round((moments[i].Key - from) / 1000.0);
            var changed = i > 0 && recorded.Topology.Any(node => parallelism[node] != before[node]);
            var observation = new Observation(second, numbers[i], parallelism, moments[i].Value.Plan, changed);
            found.Add(observation with
            {
                Overloaded = i == 0 || changed ? [] : [.. recorded.Topology.Where(node => HasGrown(node, found[^1], observation))],
                Unknown = [.. recorded.Topology.Where(node => Quantities.All(quantity => numbers[i][node][quantity].Value is null))],
            });
        }

        return found;
    }

    private static readonly Quantity[] Quantities =
        [Quantity.RecordsIn, Quantity.RecordsOut, Quantity.Busy, Quantity.BackPressured, Quantity.TrueProcessingRate, Quantity.Lag, Quantity.ArrivalRate];

    /// <summary>What is neither stale nor known already: a monitor without connection answers its last numbers, older and older.</summary>
    private static NodeMeasurements New(
        TopologyNode node, NodeMeasurements measured, double second, Dictionary<(TopologyNode, Quantity), double> lastMeasured)
    {
        foreach (var quantity in Enum.GetValues<Quantity>())
        {
            if (measured[quantity] is not { Age: { } age } reading)
            {
                continue;
            }

            var at = second - age.TotalSeconds;
            var isNew = reading.Value is not null && !(lastMeasured.TryGetValue((node, quantity), out var last) && at < last + 0.5);
            lastMeasured[(node, quantity)] = isNew ? at : lastMeasured.GetValueOrDefault((node, quantity), at);
            measured = isNew ? measured : measured.With(quantity, Reading.Absent);
        }

        return measured;
    }

    private static int FirstOf(TopologyNode node, Dictionary<TopologyNode, NodeMeasurements>[] numbers, KeyValuePair<long, RecordedMoment>[] moments) =>
        (int?)numbers.Select(one => one[node].Parallelism.Value).FirstOrDefault(count => count is not null)
        ?? (moments.Select(moment => moment.Value.Plan).FirstOrDefault(plan => plan is not null) is { } plan
            ? Math.Max(1, plan[node])
            : throw new ApplicationFitException($"The parallelism of {node} was neither measured nor planned: rates per instance cannot be known."));

    private static bool HasGrown(TopologyNode node, Observation before, Observation now) =>
        (before.Numbers[node].Lag.Value, now.Numbers[node].Lag.Value, now.Numbers[node].ArrivalRate.Value) is ({ } was, { } lag, { } arrivals)
        && lag - was > arrivals
        && lag - was > Unremarkable * arrivals * (now.Second - before.Second);
}
