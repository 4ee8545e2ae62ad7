using System.Text.Json.Nodes;
using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Functional.Vectors.Kinds;

internal static class SimulationOperations
{
    private static readonly string[] s_described = ["operators", "edges", "parallelism", "sources", "bufferSeconds"];

    internal static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation> { ["simulate"] = Simulate };

    /// <summary>What the operation of the file says in words: ratios within 0.01, lags within a second of input, catching up within 5 s.</summary>
    internal static Tolerance ToleranceAt(string path, Given given, Tolerance ofCase)
    {
        string[] parts = path.Split('.');
        return parts switch
        {
            [_, _, _, "busy" or "backPressured"] => ofCase with { Absolute = 0.01 },
            [_, "sources", var source, _] => ofCase with { Absolute = ApplicationOf(given).Sources[TopologyNode.Flink(source)].RateAt(TimeSpan.FromSeconds(given["seconds"].Int)) },
            [_, "caughtUpAtSecond", _] => new(0, 5, WholeToo: true),
            _ => ofCase,
        };
    }

    private static JsonObject Simulate(Given given)
    {
        var app = SimulatedApplication.Start(ApplicationOf(given));
        var rescales = (given.Optional("rescales")?.Items ?? []).ToLookup(rescale => rescale["second"].Int);
        var seconds = given["seconds"].Int;
        var (start, end) = given.Optional("measure")?.Items is [var first, var last] ? (first.Int, last.Int) : (0, seconds);
        ApplicationTotals? from = null, to = null;
        for (var second = 0; second <= seconds; second++)
        {
            from = second == start ? app.Totals : from;
            to = second == end ? app.Totals : to;
            if (second < seconds)
            {
                app = rescales[second]
                    .Aggregate(app, (now, rescale) => now.Restart(
                        TimeSpan.FromSeconds(rescale["downtimeSeconds"].Number), CountsOf(rescale["parallelism"])))
                    .Advance(TimeSpan.FromSeconds(1));
            }
        }

        return Told(app, (to ?? throw new CaseException("'measure' ends after the last second")).Since(from!));
    }

    private static JsonObject Told(SimulatedApplication app, ApplicationTotals window) => new()
    {
        ["operators"] = ByNode(window.Operators, one => new JsonObject
        {
            ["rate"] = Said.Number(one.Rate),
            ["busy"] = Said.Number(one.Busy),
            ["backPressured"] = Said.Number(one.BackPressured),
        }),
        ["sources"] = ByNode(app.Totals.Sources, source => new JsonObject
        {
            ["finalLag"] = Said.Number(source.Lag),
            ["maxLag"] = Said.Number(source.MaxLag),
            ["meanLag"] = Said.Number(source.MeanLag),
        }),
        ["instanceSeconds"] = Said.Number(app.Totals.InstanceSeconds),
        ["caughtUpAtSecond"] = ByNode(app.Totals.Sources, source => source.CaughtUpAt is { } at ? Said.Number(at.TotalSeconds) : null),
    };

    private static JsonObject ByNode<T>(IReadOnlyDictionary<TopologyNode, T> numbers, Func<T, JsonNode?> say) =>
        new(numbers.Select(pair => KeyValuePair.Create(pair.Key.ToString(), say(pair.Value))));

    /// <summary>A case names its members as an application file does.</summary>
    private static Application ApplicationOf(Given given)
    {
        var described = s_described.Where(name => given.Optional(name) is not null)
            .Select(name => KeyValuePair.Create(name, JsonNode.Parse(given[name].Json.GetRawText())));
        return ApplicationFile.Parse(new JsonObject(described).ToJsonString(), given.Path).Application with { WarmUp = TimeSpan.Zero };
    }

    private static Dictionary<TopologyNode, int> CountsOf(Given parallelism) =>
        parallelism.Members.ToDictionary(member => (TopologyNode)TopologyNode.Flink(member.Name), member => member.Value.Int);
}
