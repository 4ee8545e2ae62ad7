using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Operator;

namespace Kta.Cli;

/// <summary>What happens in the loops, a line of JSON each, for whoever collects logs.</summary>
internal static class RunLines
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(RunEvent what)
    {
        var line = new JsonObject { ["at"] = what.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ["policy"] = what.Policy };
        switch (what)
        {
            case IterationDecided decided:
                Decided(line, decided);
                break;
            case IterationFailed failed:
                line["failed"] = failed.Where;
                line["problem"] = failed.Problem;
                line["failures"] = failed.Failures;
                line["nextInSeconds"] = failed.Pause == Timeout.InfiniteTimeSpan ? null : Math.Round(failed.Pause.TotalSeconds, 1);
                break;
            case RunNote note:
                line["note"] = note.Text;
                break;
        }

        return line.ToJsonString(s_readable);
    }

    private static void Decided(JsonObject line, IterationDecided decided)
    {
        line["id"] = decided.Iteration.Id;
        line["plan"] = Numbers(decided.Iteration.Parallelism);
        line["before"] = decided.Before is { } before ? Numbers(before) : null;
        line["scaling"] = new JsonObject(decided.Scaling.Nodes.Select(node => KeyValuePair.Create(Name(node.Node), (JsonNode?)WordOf(node.Outcome))));
        if (decided.Explanation is { } why)
        {
            line["reasons"] = new JsonObject(why.Nodes.Select(node => KeyValuePair.Create(
                Name(node.Node), (JsonNode?)new JsonArray([.. node.Reasons.Select(reason => (JsonNode?)reason.ToString())]))));
        }

        var problems = decided.Scaling.Nodes.Where(node => node.Problem is not null).ToList();
        if (problems.Count > 0)
        {
            line["problems"] = new JsonObject(problems.Select(node => KeyValuePair.Create(Name(node.Node), (JsonNode?)node.Problem)));
        }

        if (decided.Scaling.Notes.Count > 0)
        {
            line["notes"] = new JsonArray([.. decided.Scaling.Notes.Select(note => (JsonNode?)note)]);
        }
    }

    internal static string WordOf(ScalingOutcome outcome) => outcome switch
    {
        ScalingOutcome.Unchanged => "unchanged",
        ScalingOutcome.Sent => "sent",
        ScalingOutcome.Recommended => "recommended",
        _ => "failed",
    };

    private static JsonObject Numbers(IReadOnlyDictionary<TopologyNode, int> parallelism) =>
        new(parallelism.Select(one => KeyValuePair.Create(Name(one.Key), (JsonNode?)one.Value)));

    private static string Name(TopologyNode node) => node.ToString()!;
}
