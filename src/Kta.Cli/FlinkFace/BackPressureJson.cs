using System.Globalization;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>The back-pressure of a vertex as Flink shows it.</summary>
internal static class BackPressureJson
{
    /// <summary>The answer as long as there are no numbers, and to the first who asks for them.</summary>
    internal static JsonObject Deprecated => new() { ["status"] = "deprecated" };

    internal static JsonObject Of(IReadOnlyList<IReadOnlyDictionary<string, string>> subtasks, FlinkClock clock, bool isFirstLook)
    {
        if (isFirstLook || subtasks.Count == 0)
        {
            return Deprecated;
        }

        var ratios = subtasks.Select(metrics => Ratio(metrics, "backPressuredTimeMsPerSecond")).ToList();
        return new()
        {
            ["status"] = "ok",
            ["backpressure-level"] = LevelOf(ratios.Max()),
            ["end-timestamp"] = clock.Now,
            ["subtasks"] = new JsonArray([.. subtasks.Select((metrics, k) => new JsonObject
            {
                ["subtask"] = k,
                ["backpressure-level"] = LevelOf(ratios[k]),
                ["ratio"] = JavaNumber.Json(ratios[k]),
                ["idleRatio"] = JavaNumber.Json(Ratio(metrics, "idleTimeMsPerSecond")),
                ["busyRatio"] = JavaNumber.Json(Ratio(metrics, "busyTimeMsPerSecond")),
            })]),
        };
    }

    private static double Ratio(IReadOnlyDictionary<string, string> metrics, string name) => double.Parse(metrics[name], CultureInfo.InvariantCulture) / 1000;

    private static string LevelOf(double ratio) => ratio <= 0.1 ? "ok" : ratio <= 0.5 ? "low" : "high";
}
