using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kta.Functional.Simulation;
using Kta.Functional.Wire;

namespace Kta.Functional.Operator;

/// <summary>What stands beside an iteration in a store, as JSON.</summary>
internal static class StoredJson
{
    private static readonly JsonEncodedText s_current = JsonEncodedText.Encode("current");

    /// <summary>As the server answers it to who asks why, and what was there before.</summary>
    internal static byte[] Write(Explanation explanation) => Object(writer =>
    {
        writer.WriteStartObject(s_current);
        foreach (var node in explanation.Nodes)
        {
            if (node.Current is { } count)
            {
                writer.WriteNumber(node.Node.Key, count);
            }
        }

        writer.WriteEndObject();
        writer.WritePropertyName(WireNames.Plan);
        PlanWriter.Write(explanation.Plan, writer);
        ExplanationWriter.WriteMembers(explanation, writer);
    });

    internal static Explanation? ReadExplanation(byte[] json, IReadOnlyDictionary<TopologyNode, int> plan)
    {
        using var document = JsonDocument.Parse(json, JsonFormat.Parsing);
        var current = Member(document.RootElement, s_current).EnumerateObject().ToDictionary(one => TopologyNode.Parse(one.Name), one => one.Value.GetInt32());
        var topology = new Topology(Member(document.RootElement, WireNames.Reasons).EnumerateObject().Select(one => TopologyNode.Parse(one.Name)));
        return ExplainedPlan.Read(json, topology, anyKind: true, plan, current);
    }

    internal static byte[] Write(ScalingResult result) => Object(writer =>
    {
        writer.WriteStartArray("nodes");
        foreach (var node in result.Nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("node", node.Node.Key);
            if (node.Observed is { } observed)
            {
                writer.WriteNumber("observed", observed);
            }

            writer.WriteNumber("wanted", node.Wanted);
            writer.WriteString("outcome", node.Outcome.ToString());
            if (node.Problem is { } problem)
            {
                writer.WriteString("problem", problem);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (var note in result.Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
    });

    internal static ScalingResult ReadScaling(byte[] json)
    {
        using var document = JsonDocument.Parse(json, JsonFormat.Parsing);
        return new(
            [
                .. document.RootElement.GetProperty("nodes").EnumerateArray().Select(node => new NodeScaling(
                    TopologyNode.Parse(node.GetProperty("node").GetString()!),
                    node.TryGetProperty("observed", out var observed) ? observed.GetInt32() : null,
                    node.GetProperty("wanted").GetInt32(),
                    Enum.Parse<ScalingOutcome>(node.GetProperty("outcome").GetString()!),
                    node.TryGetProperty("problem", out var problem) ? problem.GetString() : null)),
            ],
            [.. document.RootElement.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)]);
    }

    /// <summary>To the tick: whoever watches tells a new rescale from the last one by when it began.</summary>
    internal static string Write(Rescale rescale) => string.Create(CultureInfo.InvariantCulture, $"{rescale.StartedAt.ToUniversalTime():O} {rescale.Took:c}");

    internal static Rescale ReadRescale(string content) => content.Split(' ') is [var at, var took]
        ? new(DateTimeOffset.ParseExact(at, "O", CultureInfo.InvariantCulture), TimeSpan.ParseExact(took, "c", CultureInfo.InvariantCulture))
        : throw new FormatException("it is no rescale");

    private static JsonElement Member(JsonElement of, JsonEncodedText name) => of.GetProperty(name.EncodedUtf8Bytes);

    private static byte[] Object(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, JsonFormat.Writing))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
