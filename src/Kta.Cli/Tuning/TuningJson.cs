using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>A search as JSON, and searches joined. What it says in the end is made of its candidates alone.</summary>
internal static class TuningJson
{
    private const string Current = "keep the current settings";

    /// <summary>The head of a search, to which the candidates are added.</summary>
    internal static JsonObject Head(Search search, int chosenOn, int judgedOn, JsonObject? shard)
    {
        var json = new JsonObject();
        if (shard is not null)
        {
            json["shard"] = shard;
        }

        json["algorithm"] = search.Algorithm;
        json["current"] = OutcomeJson.Settings(search.Fixed);
        json["chosenOn"] = chosenOn;
        json["judgedOn"] = judgedOn;
        return json;
    }

    internal static JsonNode Of(Candidate candidate) => new JsonObject
    {
        ["settings"] = new JsonObject([.. candidate.Settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))]),
        ["chosen"] = Of(candidate.Chosen),
        ["judged"] = Of(candidate.Judged),
    };

    /// <param name="head">Of the search, or of a part of it.</param>
    /// <param name="candidates">Those of the whole search; the first one is what stands now.</param>
    internal static JsonObject Of(JsonObject head, IReadOnlyList<JsonNode> candidates)
    {
        var json = new JsonObject();
        foreach (var member in (string[])["algorithm", "current", "chosenOn", "judgedOn"])
        {
            json[member] = head[member]?.DeepClone();
        }

        json["candidates"] = new JsonArray([.. candidates]);
        var isOnFront = Front.Of([.. candidates.Select(one => (Number(one, "chosen", "instanceHours"), Number(one, "chosen", "timeAboveObjective")))]);
        var front = Enumerable.Range(0, candidates.Count).Where(i => isOnFront[i]).ToList();
        json["front"] = new JsonArray([.. front.Select(i => (JsonNode)i)]);
        var best = front.MinBy(i => Number(candidates[i], "chosen", "j"));
        var isBetter = best != 0 && Number(candidates[best], "chosen", "j") < Number(candidates[0], "chosen", "j")
            && Number(candidates[best], "judged", "j") < Number(candidates[0], "judged", "j");
        json["choice"] = isBetter ? best : 0;
        json["advice"] = isBetter ? LineOf(json["algorithm"]!.ToString(), candidates[best]) : Current;
        return json;
    }

    internal static double Number(JsonNode candidate, string half, string figure) => candidate[half]![figure]!.GetValue<double>();

    internal static string SettingsOf(JsonNode candidate) =>
        string.Join(' ', candidate["settings"]!.AsObject().Select(setting => $"--set {setting.Key}={setting.Value}"));

    private static string LineOf(string algorithm, JsonNode candidate) => $"--algorithm {algorithm} {SettingsOf(candidate)}";

    private static JsonObject Of(Score score) => new()
    {
        ["instanceHours"] = score.InstanceHours,
        ["timeAboveObjective"] = score.TimeAboveObjective,
        ["rescales"] = score.Rescales,
        ["j"] = score.J,
    };
}
