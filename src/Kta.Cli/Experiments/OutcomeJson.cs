using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Outcomes as JSON. The same outcome gives the same bytes on every machine.</summary>
internal static class OutcomeJson
{
    internal static JsonSerializerOptions Format { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    internal static JsonObject Of(Outcome outcome, bool withTrace)
    {
        var json = new JsonObject { ["application"] = outcome.Run.Application.Name };
        if (withTrace)
        {
            json["trace"] = outcome.Experiment.Trace;
        }

        json["algorithm"] = outcome.Experiment.Policy.Name;
        json["settings"] = Settings(outcome.Settings);
        json["seed"] = outcome.Run.Seed;
        json["iterations"] = outcome.Run.Iterations.Count;
        json["figures"] = Figures(outcome.Figures);
        json["decisions"] = new JsonArray([.. outcome.Run.Iterations.Select(Decision)]);
        return json;
    }

    /// <summary>Numbers and switches as such; what is off is left out.</summary>
    internal static JsonObject Settings(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var json = new JsonObject();
        foreach (var (name, value) in settings.Where(setting => setting.Value is not null))
        {
            json[name] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
                : bool.TryParse(value, out var flag) ? flag
                : value;
        }

        return json;
    }

    private static JsonObject Figures(RunFigures figures) => new()
    {
        ["instanceHours"] = figures.InstanceHours,
        ["rescales"] = figures.Rescales,
        ["rescalesUp"] = figures.RescalesUp,
        ["rescalesDown"] = figures.RescalesDown,
        ["downtimeSeconds"] = figures.DowntimeSeconds,
        ["timeAboveObjective"] = figures.TimeAboveObjective,
        ["longestViolationSeconds"] = figures.LongestViolation?.Length.TotalSeconds ?? 0,
        ["meanLagSeconds"] = figures.MeanLagSeconds,
        ["maxLagSeconds"] = figures.MaxLagSeconds,
        ["meanLatencySeconds"] = figures.MeanLatencySeconds,
        ["p99LatencySeconds"] = figures.P99LatencySeconds,
        ["overProvisioned"] = figures.OverProvisioned,
        ["underProvisioned"] = figures.UnderProvisioned,
        ["oscillations"] = figures.Oscillations,
        ["convergedAfterDecisions"] = figures.ConvergedAfterDecisions,
        ["convergedAfterSeconds"] = figures.ConvergedAfterSeconds,
        ["idealInstanceHours"] = figures.IdealInstanceHours,
        ["clairvoyantInstanceHours"] = figures.ClairvoyantInstanceHours,
        ["staticPeakInstanceHours"] = figures.StaticPeakInstanceHours,
        ["j"] = figures.J,
        ["clairvoyantJ"] = figures.ClairvoyantJ,
    };

    private static JsonNode Decision(SimulatedIteration iteration) => new JsonObject
    {
        ["at"] = iteration.At.TotalSeconds,
        ["plan"] = Plan(iteration.Plan),
        ["reasons"] = new JsonObject(
        [
            .. (iteration.Explanation?.Nodes ?? []).Where(node => node.Reasons.Count > 0).Select(node => KeyValuePair.Create(
                node.Node.ToString()!, (JsonNode?)new JsonArray([.. node.Reasons.Select(reason => (JsonNode)reason.ToString())]))),
        ]),
    };

    private static JsonObject Plan(IReadOnlyDictionary<TopologyNode, int> plan) =>
        new([.. plan.Select(pair => KeyValuePair.Create(pair.Key.ToString()!, (JsonNode?)pair.Value))]);
}
