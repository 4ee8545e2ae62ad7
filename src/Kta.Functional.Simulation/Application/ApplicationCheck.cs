using System.Globalization;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Looks for everything that is wrong with a description.</summary>
internal sealed class ApplicationCheck
{
    private readonly List<ApplicationProblem> _problems = [];
    private readonly Application _application;
    private readonly Dictionary<TopologyNode, int> _places = [];

    internal ApplicationCheck(Application application)
    {
        _application = application;
        Check(application.Operators is { Count: > 0 }, "operators", "at least one operator", "none");
        if (_problems.Count == 0)
        {
            CheckOperators();
            CheckEdgesAndSources();
            CheckParallelism();
        }

        CheckTimes();
        CheckOptions();
    }

    internal IReadOnlyList<ApplicationProblem> Problems => _problems;

    private void CheckOperators()
    {
        for (var i = 0; i < _application.Operators.Count; i++)
        {
            var at = $"operators[{i}]";
            if (_application.Operators[i] is not { } one)
            {
                Check(false, at, "an operator", null);
                continue;
            }

            Check(_places.TryAdd(one.Node, i), $"{at}.id", "ids that differ", one.Node);
            Check(one.RatePerInstance is > 0 and <= Largest, $"{at}.ratePerInstance", "a positive number of records per second", one.RatePerInstance);
            Check(one.Exponent is > 0 and <= 2, $"{at}.exponent", "a number above 0, at most 2", one.Exponent);
            Check(one.Selectivity is >= 0 and <= Largest, $"{at}.selectivity", "a number of at least 0", one.Selectivity);
            Check(one.MaxParallelism is null or >= 1, $"{at}.maxParallelism", "a whole number of at least 1", one.MaxParallelism);
            Check(one.Partitions is null or >= 1, $"{at}.partitions", "a whole number of at least 1", one.Partitions);
            Check(one.Skew is >= 0 and <= Largest, $"{at}.skew", "a number of at least 0", one.Skew);
            Check(one.InstanceWeights is null || one.Skew == 0, $"{at}.instanceWeights", "either weights or a skew", "both");
            for (var k = 0; k < (one.InstanceWeights?.Count ?? 0); k++)
            {
                Check(one.InstanceWeights![k] is > 0 and <= Largest, $"{at}.instanceWeights[{k}]", "a positive number", one.InstanceWeights[k]);
            }
        }
    }

    private void CheckEdgesAndSources()
    {
        if (_places.Count < _application.Operators.Count)
        {
            // Nobody knows which of two with the same id is meant.
            return;
        }

        var fed = new HashSet<TopologyNode>();
        var seen = new HashSet<TopologyEdge>();
        var areKnown = true;
        var edges = _application.AllEdges;
        for (var i = 0; i < edges.Count; i++)
        {
            var (from, to) = edges[i] is { } edge ? (edge.From, edge.To) : default;
            var (start, end) = (PlaceOf(from, $"edges[{i}][0]"), PlaceOf(to, $"edges[{i}][1]"));
            areKnown &= start >= 0 && end >= 0;
            if (start >= 0 && end >= 0)
            {
                Check(start < end, $"edges[{i}]", "edges from an operator to one that stands behind it", edges[i]);
                Check(seen.Add(edges[i]), $"edges[{i}]", "each edge once", edges[i]);
                fed.Add(to);
            }
        }

        foreach (var (node, trace) in _application.Sources ?? new Dictionary<TopologyNode, Trace>())
        {
            var member = $"sources.{node}";
            if (PlaceOf(node, member) >= 0)
            {
                Check(!fed.Contains(node), member, "traces of operators that no other feeds", "one that is fed by an edge");
                Check(trace is not null, member, "a trace", null);
                Check(
                    trace?.Length is not { } length || _application.RunTime <= length,
                    member,
                    $"a trace at least as long as the experiment of {_application.RunTime}",
                    trace?.Length);
            }
        }

        // An edge with an end that nobody knows may have been meant to feed any of them.
        foreach (var node in _places.Keys.Where(node => areKnown && !fed.Contains(node) && _application.Sources?.ContainsKey(node) != true))
        {
            Check(false, $"sources.{node}", "a trace, or an edge that feeds it", "neither");
        }
    }

    private void CheckParallelism()
    {
        foreach (var (node, count) in _application.Parallelism ?? new Dictionary<TopologyNode, int>())
        {
            var member = $"parallelism.{node}";
            if (PlaceOf(node, member) is >= 0 and var place)
            {
                var max = _application.Operators[place].MaxParallelism ?? int.MaxValue;
                Check(count >= 1, member, "a whole number of at least 1", count);
                Check(count <= max, member, Invariant($"no more than its maxParallelism, {max}"), count);
            }
        }
    }

    private void CheckTimes()
    {
        Check(
            _application.Downtime >= TimeSpan.Zero && _application.Downtime <= LongestDowntime && Seconds.AreWhole(_application.Downtime),
            "downtime",
            "a whole number of seconds, from 0 to a day",
            _application.Downtime);
        CheckTime(_application.WarmUp, "warmUp");
        CheckTime(_application.Interval, "interval", least: 1);
        CheckTime(_application.RescaleCooldown, "rescaleCooldown");
        CheckTime(_application.StartUp, "startUp");
        CheckTime(_application.Duration ?? TimeSpan.FromSeconds(1), "hours", least: 1);
        if (_application.Checkpoints is { } checkpoints)
        {
            CheckTime(checkpoints.Interval, "checkpoints.interval", least: 1);
        }

        if (_application.Cluster is { } cluster)
        {
            Check(cluster.Slots >= 0, "cluster.slots", "a whole number of at least 0", cluster.Slots);
            CheckTime(cluster.StartUp, "cluster.startUp");
        }

        Check(_application.Outages is not null, "outages", "a list, empty for none", null);
        for (var i = 0; i < (_application.Outages?.Count ?? 0); i++)
        {
            var outage = _application.Outages![i];
            Check(outage is not null, $"outages[{i}]", "an outage", null);
            CheckTime(outage?.At ?? default, $"outages[{i}].at");
            CheckTime(outage?.Length ?? TimeSpan.FromSeconds(1), $"outages[{i}].length", least: 1);
        }
    }

    private void CheckOptions()
    {
        var (objective, limits) = (_application.Objective, _application.Limits);
        Check(_application.BufferSeconds is > 0 and <= Largest, "bufferSeconds", "a positive number of seconds", _application.BufferSeconds);
        Check(_application.Noise is >= 0 and <= 1, "noise", "a number from 0 to 1", _application.Noise);
        Check(objective is not null, "objective", "an objective", null);
        Check(limits is not null, "limits", "limits", null);
        Check(objective is null || objective.Lag > TimeSpan.Zero, "objective.lag", "a time above 0", objective?.Lag);
        Check(objective?.Latency is null || objective.Latency > TimeSpan.Zero, "objective.latency", "a time above 0", objective?.Latency);
        Check(limits is null || limits.Min >= 1, "limits.min", "a whole number of at least 1", limits?.Min);
        Check(limits is null || limits.Max >= limits.Min, "limits.max", Invariant($"a whole number of at least limits.min, {limits?.Min}"), limits?.Max);
    }

    private void CheckTime(TimeSpan time, string member, int least = 0) => Check(
        time >= TimeSpan.FromSeconds(least) && time <= LongestTime && Seconds.AreWhole(time),
        member,
        least > 0 ? "a whole number of seconds, at least 1" : "a whole number of seconds, at least 0",
        time);

    private int PlaceOf(TopologyNode? node, string member)
    {
        var place = node is null ? -1 : _places.GetValueOrDefault(node, -1);
        Check(place >= 0, member, $"one of {string.Join(", ", _places.Keys)}", node);
        return place;
    }

    private void Check(bool holds, string member, string expected, object? found)
    {
        if (!holds)
        {
            _problems.Add(new(member, string.Create(CultureInfo.InvariantCulture, $"expected {expected}, found {found ?? "nothing"}")));
        }
    }

    /// <summary>Beyond these, sums would lose whole records.</summary>
    private const double Largest = 1e12;

    /// <summary>The clairvoyant looks at every half minute of it.</summary>
    private static TimeSpan LongestDowntime => TimeSpan.FromDays(1);

    private static TimeSpan LongestTime => TimeSpan.FromDays(3650);
}
