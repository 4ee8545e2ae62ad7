using System.Text.Json;

namespace Kta.Functional.Simulation;

/// <summary>
/// Reads the key of a plan entry with the operator's eyes. It is stricter with the JSON than we are with requests, and
/// more lenient with the fields.
/// </summary>
internal static class OperatorKey
{
    internal static NodeReading Read(string key, bool anyKind)
    {
        try
        {
            using var document = JsonDocument.Parse(key);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ReadObject(document.RootElement, anyKind)
                : NodeReading.Failed($"it is {JsonErrorText.Name(document.RootElement.ValueKind)}, not an object");
        }
        catch (JsonException error)
        {
            return NodeReading.Failed($"it is not JSON ({JsonErrorText.Describe(error)})");
        }
    }

    private static NodeReading ReadObject(JsonElement key, bool anyKind)
    {
        string? type = null, fields = null;
        foreach (var member in key.EnumerateObject())
        {
            if (member.Name is not ("type" or "fields"))
            {
                return NodeReading.Failed($"the member '{SafeExcerpt.Of(member.Name)}' is unknown to the operator");
            }

            if (member.Value.ValueKind != JsonValueKind.String)
            {
                return NodeReading.Failed($"\"{member.Name}\" is {JsonErrorText.Name(member.Value.ValueKind)}, not text");
            }

            _ = member.Name == "type" ? type = member.Value.GetString() : fields = member.Value.GetString();
        }

        return type is null || fields is null
            ? NodeReading.Failed("it needs the members \"type\" and \"fields\"")
            : ReadFields(type, fields, anyKind);
    }

    /// <summary>A value ends at its second <c>=</c>, and parts of other names do not matter.</summary>
    private static NodeReading ReadFields(string type, string fields, bool anyKind)
    {
        var values = new Dictionary<string, string>();
        foreach (var part in fields.TrimEnd('|').Split('|'))
        {
            var pair = part.Split('=');
            if (pair.Length < 2 || pair[1].Length == 0)
            {
                return NodeReading.Failed($"the part '{SafeExcerpt.Of(part)}' of its fields has no value");
            }

            values[pair[0]] = pair[1];
        }

        return type switch
        {
            NodeType.Flink when values.TryGetValue("id", out var id) =>
                new NodeReading(new FlinkStreamingGraphNode(id), null, false),
            NodeType.ScaleTarget when values.GetValueOrDefault("kind") is { } other && other != "Deployment" && !anyKind =>
                NodeReading.Failed($"the operator knows only the kind 'Deployment', not '{SafeExcerpt.Of(other)}'"),
            NodeType.ScaleTarget when values.TryGetValue("kind", out var kind) && values.TryGetValue("name", out var name) =>
                new NodeReading(new ScaleTargetRef(kind, name), null, false),
            NodeType.Flink or NodeType.ScaleTarget => NodeReading.Failed($"a {type} needs more fields than '{SafeExcerpt.Of(fields)}'"),
            _ => NodeType.Unknown(type),
        };
    }
}
