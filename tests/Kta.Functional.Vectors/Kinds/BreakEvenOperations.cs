using System.Text.Json.Nodes;
using Kta.Functional.Algorithms;

namespace Kta.Functional.Vectors.Kinds;

internal static class BreakEvenOperations
{
    internal static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation> { ["decide"] = Decide };

    private static JsonObject Decide(Given given)
    {
        var names = given["nodes"].Items.Select(node => node.Text).ToList();
        var graph = Graph.Of(names.Count, given["edges"].PairsOf(names)) ?? throw new ArgumentException("The edges go in a circle.");
        var options = OptionsOf(given.Optional("settings")).Checked();
        List<Given> entries = [given["now"], .. given.Optional("history") is { } history ? history.Items.Where(IsUsable) : []];
        double[] times = [.. entries.Select(entry => NumberOf(entry, "t"))];
        BreakEvenSample[] samples = [.. entries.SelectMany(entry => names.Select(name => SampleOf(entry.Optional("nodes")?.Optional(name))))];
        return Said(names, BreakEvenModel.Decide(BreakEvenInput.Usable(graph, times, samples, options), options, names));
    }

    private static bool IsUsable(Given entry) => !entry.IsNull && entry.Optional("nodes") is { } nodes && nodes.Members.Count > 0;

    private static BreakEvenSample SampleOf(Given? node) => node is not { } numbers ? BreakEvenSample.Nothing : new(
        NumberOf(numbers, "parallelism"),
        NumberOf(numbers, "recordsIn"),
        NumberOf(numbers, "recordsOut"),
        NumberOf(numbers, "busy"),
        NumberOf(numbers, "trueRate"),
        NumberOf(numbers, "lag"),
        NumberOf(numbers, "arrivals"));

    private static double NumberOf(Given given, string name) => given.Optional(name)?.Number ?? double.NaN;

    private static BreakEvenOptions OptionsOf(Given? settings)
    {
        var options = new BreakEvenOptions();
        foreach (var (name, value) in settings is { } stated ? stated.Members : [])
        {
            options = name switch
            {
                "sloSeconds" => options with { SloSeconds = value.Number },
                "intervalSeconds" => options with { IntervalSeconds = value.Number },
                "downtimeSeconds" => options with { DowntimeSeconds = value.Number },
                "warmUpSeconds" => options with { WarmUpSeconds = value.Number },
                "rescalePrice" => options with { RescalePrice = value.Number },
                "latePrice" => options with { LatePrice = value.Number },
                "planLife" => options with { PlanLife = value.Number },
                "growth" => options with { Growth = value.Number },
                "maxGrowthHeadroom" => options with { MaxGrowthHeadroom = value.Number },
                "spare" => options with { Spare = value.Number },
                "noiseFactor" => options with { NoiseFactor = value.Number },
                "maxSpare" => options with { MaxSpare = value.Number },
                "scalingExponent" => options with { ScalingExponent = value.Number },
                "recentSeconds" => options with { RecentSeconds = value.Number },
                "levels" => options with { Levels = value.Int },
                "minParallelism" => options with { MinParallelism = value.Int },
                "maxParallelism" => options with { MaxParallelism = value.Int },
                _ => throw new CaseException($"{value.Path} is no setting"),
            };
        }

        return options;
    }

    private static JsonObject Said(List<string> names, BreakEvenResult result) => new()
    {
        ["plan"] = Vectors.Said.Counts(names, [.. result.Nodes.Select(node => node.Chosen)]),
        ["action"] = result.Action,
        ["reason"] = result.Reason,
        ["job"] = new JsonObject
        {
            ["demand"] = Vectors.Said.Number(result.Job.Demand),
            ["capacity"] = Vectors.Said.Number(result.Job.Capacity),
            ["lagSeconds"] = Vectors.Said.Number(result.Job.LagSeconds),
            ["spare"] = Vectors.Said.Number(result.Job.Spare),
            ["headroom"] = Vectors.Said.Number(result.Job.Headroom),
            ["price"] = Vectors.Said.Number(result.Job.Price),
            ["target"] = Vectors.Said.Number(result.Job.Target),
            ["growth"] = Vectors.Said.Number(result.Job.Growth),
            ["save"] = Vectors.Said.Number(result.Job.Save),
            ["lifeMinutes"] = Vectors.Said.Number(result.Job.LifeMinutes),
            ["need"] = Vectors.Said.Number(result.Job.Need),
        },
        ["nodes"] = new JsonObject(names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)Said(result.Nodes[i])))),
    };

    private static JsonObject Said(BreakEvenNode node) => new()
    {
        ["current"] = node.Current,
        ["chosen"] = node.Chosen,
        ["perInstance"] = Vectors.Said.Number(node.PerInstance),
        ["demand"] = Vectors.Said.Number(node.Demand),
        ["needed"] = Vectors.Said.Number(node.Needed),
        ["wanted"] = Vectors.Said.Number(node.Wanted),
    };
}
