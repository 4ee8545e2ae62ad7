using Kta.Functional.Simulation;

namespace Kta.Functional.Files;

/// <summary>Makes an application of a file. What is in range is known by the application itself; what a member is, by this.</summary>
internal sealed class ApplicationReader
{
    private const string Rate = "a positive number of records per second";
    private const string Count = "a whole number of at least 1";

    private readonly TraceReader _traces;

    private ApplicationReader(string folder) => _traces = new TraceReader(folder);

    /// <exception cref="FileProblemException">Something is wrong.</exception>
    internal static ApplicationFile Read(string text, string name, string folder)
    {
        var (file, root) = YamlFile.Parse(text, name);
        var reader = new ApplicationReader(folder);
        if (reader.ApplicationOf(root, Path.GetFileNameWithoutExtension(name)) is { } application)
        {
            foreach (var problem in application.Problems)
            {
                file.Add(problem);
            }

            if (file.IsFine)
            {
                return new(application, reader._traces.Notes);
            }
        }

        throw new FileProblemException(file.Problems);
    }

    /// <summary>Null if there are no operators and sources to speak about.</summary>
    private Application? ApplicationOf(YamlValue root, string name)
    {
        var all = root.Object(
            "an application: an object with operators and sources",
            "name", "operators", "edges", "parallelism", "sources", "bufferSeconds", "downtime", "warmUp", "interval", "objective", "limits", "noise",
            "hours", "seed", "checkpoints", "rescaleCooldown", "startUp", "cluster", "outages");
        if (all is null)
        {
            return null;
        }

        var defaults = new Application { Operators = [], Sources = new Dictionary<TopologyNode, Trace>() };
        var operators = all.Required("operators", "a list of operators")?.Items("a list of operators")?.Select(OperatorOf).ToList();
        var edges = all["edges"]?.Items("a list of pairs of ids")?.Select(EdgeOf).ToList();
        var sources = SourcesOf(all);
        var application = defaults with
        {
            Name = all["name"]?.Text("a name") ?? name,
            Parallelism = all["parallelism"] is { } parallelism ? CountsOf(parallelism) : null,
            BufferSeconds = all["bufferSeconds"]?.Number("a positive number of seconds") ?? defaults.BufferSeconds,
            Downtime = all["downtime"]?.Time() ?? defaults.Downtime,
            WarmUp = all["warmUp"]?.Time() ?? defaults.WarmUp,
            Interval = all["interval"]?.Time() ?? defaults.Interval,
            Objective = all["objective"] is { } objective ? ObjectiveOf(objective, defaults.Objective) : defaults.Objective,
            Limits = all["limits"] is { } limits ? LimitsOf(limits, defaults.Limits) : defaults.Limits,
            Noise = all["noise"]?.Number("a number from 0 to 1") ?? defaults.Noise,
            Duration = all["hours"]?.Number("a positive number of hours", hours => hours is > 0 and <= 87_600) is { } hours
                ? TimeSpan.FromSeconds(Math.Max(1, Math.Round(hours * 3_600)))
                : null,
            Seed = all["seed"]?.WideWhole("a whole number") ?? defaults.Seed,
            Checkpoints = all["checkpoints"] is { } checkpoints ? CheckpointsOf(checkpoints) : null,
            RescaleCooldown = all["rescaleCooldown"]?.Time() ?? defaults.RescaleCooldown,
            StartUp = all["startUp"]?.Time() ?? defaults.StartUp,
            Cluster = all["cluster"] is { } cluster ? ClusterOf(cluster) : null,
            Outages = [.. (all["outages"]?.Items("a list of outages") ?? []).Select(OutageOf).OfType<MonitoringOutage>()],
        };

        // Who feeds whom cannot be judged where an operator or an end of an edge is not known.
        return operators is null || operators.Contains(null) || edges?.Contains(null) == true || sources is null
            ? null
            : application with { Operators = operators!, Edges = edges!, Sources = sources };
    }

    private static StreamOperator? OperatorOf(YamlValue value)
    {
        var one = value.Object(
            "an operator: an object with id and ratePerInstance",
            "id", "ratePerInstance", "exponent", "selectivity", "maxParallelism", "partitions", "skew", "instanceWeights");
        var node = one?.Required("id", "the id of a node of the topology") is { } id ? NodeText.Of(id) : null;
        var rate = one?.Required("ratePerInstance", Rate)?.Number(Rate);
        return one is null || node is null
            ? null
            : new StreamOperator(node, rate ?? 1)
            {
                Exponent = one["exponent"]?.Number("a number above 0, at most 2") ?? 1,
                Selectivity = one["selectivity"]?.Number("a number of at least 0") ?? 1,
                MaxParallelism = one["maxParallelism"]?.Whole(Count),
                Partitions = one["partitions"]?.Whole(Count),
                Skew = one["skew"]?.Number("a number of at least 0") ?? 0,
                InstanceWeights = one["instanceWeights"]?.Items("a list of positive numbers")?.Select(weight => weight.Number("a positive number") ?? 1).ToList(),
            };
    }

    private static TopologyEdge? EdgeOf(YamlValue value)
    {
        const string Expected = "two ids: [from, to]";
        return value.Items(Expected) switch
        {
            null => null,
            [var from, var to] => (NodeText.Of(from), NodeText.Of(to)) is ({ } start, { } end) ? new(start, end) : null,
            _ => value.Wrong<TopologyEdge>(Expected),
        };
    }

    private Dictionary<TopologyNode, Trace>? SourcesOf(YamlObject all)
    {
        const string Expected = "an object with a trace for each source";
        var members = all.Required("sources", Expected)?.Members(Expected);
        var traces = new Dictionary<TopologyNode, Trace>();
        foreach (var (name, value) in members ?? [])
        {
            if (NodeText.Of(name, value) is { } node)
            {
                // Something has to stand there, so that what else is wrong can be told, too.
                traces[node] = _traces.Read(value, name) ?? Trace.Constant(0);
            }
        }

        return members is null ? null : traces;
    }

    private static Dictionary<TopologyNode, int> CountsOf(YamlValue value)
    {
        var counts = new Dictionary<TopologyNode, int>();
        foreach (var (name, count) in value.Members("an object with a number of instances for each id") ?? [])
        {
            if (NodeText.Of(name, count) is { } node)
            {
                counts[node] = count.Whole(Count) ?? 1;
            }
        }

        return counts;
    }

    private static ServiceObjective ObjectiveOf(YamlValue value, ServiceObjective defaults)
    {
        var objective = value.Object("an object with lag, and latency if it counts", "lag", "latency");
        return new(objective?["lag"]?.Time() ?? defaults.Lag, objective?["latency"]?.Time());
    }

    private static ParallelismLimits LimitsOf(YamlValue value, ParallelismLimits defaults)
    {
        var limits = value.Object("an object with min and max", "min", "max");
        return new(limits?["min"]?.Whole(Count) ?? defaults.Min, limits?["max"]?.Whole(Count) ?? defaults.Max);
    }

    private static Checkpoints CheckpointsOf(YamlValue value)
    {
        var checkpoints = value.Object("an object with an interval", "interval", "replay", "rescaleWaits");
        return new(checkpoints?.Required("interval", "a time")?.Time() ?? TimeSpan.FromSeconds(60))
        {
            Replay = checkpoints?["replay"]?.Flag() ?? true,
            RescaleWaits = checkpoints?["rescaleWaits"]?.Flag() ?? false,
        };
    }

    private static Cluster ClusterOf(YamlValue value)
    {
        var cluster = value.Object("an object with slots and startUp", "slots", "startUp");
        return new(
            cluster?.Required("slots", "how many instances there is room for")?.Whole("a whole number of at least 0") ?? 0,
            cluster?.Required("startUp", "how long a further machine takes")?.Time() ?? TimeSpan.Zero);
    }

    private static MonitoringOutage? OutageOf(YamlValue value)
    {
        var outage = value.Object("an outage: an object with at and length", "at", "length");
        return (outage?.Required("at", "a time")?.Time(), outage?.Required("length", "a time")?.Time()) is ({ } at, { } length) ? new(at, length) : null;
    }
}
