using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>The JSON Schema of a topology node as the operator writes it; spellings of other SDKs are read as well.</summary>
internal static class NodeSchema
{
    private const string Part = "[^|=]*=[^|=]*";
    private const string IdPattern = $@"^({Part}\|)*id=[^|=]+(\|{Part})*$";
    private const string NamePattern = $@"^(?=(.*\|)?kind=[^|=])(?=(.*\|)?name=[^|=]){Part}(\|{Part})*$";

    /// <param name="node">The node type: any, or one of the two kinds.</param>
    internal static JsonObject Make(Type node)
    {
        var (names, kinds) = (new JsonArray(), new JsonArray());
        if (node != typeof(ScaleTargetRef))
        {
            names.Add((JsonNode)NodeType.Flink);
            kinds.Add((JsonNode)Kind(NodeType.Flink, IdPattern));
        }

        if (node != typeof(FlinkStreamingGraphNode))
        {
            names.Add((JsonNode)NodeType.ScaleTarget);
            kinds.Add((JsonNode)Kind(NodeType.ScaleTarget, NamePattern));
        }

        return new()
        {
            ["type"] = "object",
            ["description"] = "One scalable part of a topology: name=value|name=value in \"fields\", in any order.",
            ["required"] = new JsonArray("type", "fields"),
            ["properties"] = new JsonObject
            {
                ["type"] = new JsonObject { ["type"] = "string", ["enum"] = names },
                ["fields"] = new JsonObject { ["type"] = "string" },
            },
            ["anyOf"] = kinds,
            ["examples"] = new JsonArray(JsonNode.Parse(Example(node))),
        };
    }

    /// <param name="node">The node type: any, or one of the two kinds.</param>
    internal static string Example(Type node) =>
        node == typeof(FlinkStreamingGraphNode) ? NodeNotation.KeyOf(NodeType.Flink, "id=6d2677a0ecc3fd8df0b72ec675edf8f4") : NodeNotation.Example;

    private static JsonObject Kind(string type, string pattern) => new()
    {
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["const"] = type },
            ["fields"] = new JsonObject { ["pattern"] = pattern },
        },
    };
}
