using System.Text.Json.Nodes;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>A comparison as JSON, and comparisons joined. What it says about all runs is made of the runs in it alone.</summary>
internal static class ComparisonJson
{
    /// <param name="runs">The runs as <see cref="OutcomeJson"/> has them.</param>
    /// <param name="clairvoyant">The clairvoyant's front of each application and seed; null if nobody asked.</param>
    /// <param name="shard">Null for the whole.</param>
    internal static JsonObject Of(IEnumerable<JsonNode> runs, IEnumerable<JsonNode>? clairvoyant, JsonObject? shard)
    {
        var json = new JsonObject();
        if (shard is not null)
        {
            json["shard"] = shard;
        }

        JsonArray all = [.. runs];
        json["runs"] = all;
        json["front"] = FrontOf(all);
        if (clairvoyant is not null)
        {
            json["clairvoyantFront"] = new JsonArray([.. clairvoyant]);
        }

        return json;
    }

    internal static JsonObject Clairvoyant(ClairvoyantOptimum optimum) => new()
    {
        ["application"] = optimum.Run.Application.Name,
        ["seed"] = optimum.Run.Seed,
        ["rescales"] = optimum.Changes.Count,
        ["instanceHours"] = optimum.Figures.InstanceHours,
        ["timeAboveObjective"] = optimum.Figures.TimeAboveObjective,
        ["j"] = optimum.Figures.J,
    };

    /// <summary>For each application and seed the runs that no other one beats.</summary>
    private static JsonArray FrontOf(JsonArray runs)
    {
        var front = new JsonArray();
        foreach (var group in runs.OfType<JsonObject>().GroupBy(run => (run["application"]!.ToString(), run["trace"]!.ToString(), run["seed"]!.ToString())))
        {
            var all = group.ToList();
            var isBest = Front.Of([.. all.Select(run => (Figure(run, "instanceHours"), Figure(run, "timeAboveObjective")))]);
            foreach (var run in all.Where((_, i) => isBest[i]))
            {
                front.Add(new JsonObject
                {
                    ["application"] = run["application"]!.DeepClone(),
                    ["trace"] = run["trace"]!.DeepClone(),
                    ["seed"] = run["seed"]!.DeepClone(),
                    ["algorithm"] = run["algorithm"]!.DeepClone(),
                    ["settings"] = run["settings"]!.DeepClone(),
                    ["instanceHours"] = run["figures"]!["instanceHours"]!.DeepClone(),
                    ["timeAboveObjective"] = run["figures"]!["timeAboveObjective"]!.DeepClone(),
                });
            }
        }

        return front;
    }

    private static double Figure(JsonObject run, string name) => run["figures"]![name]!.GetValue<double>();
}
