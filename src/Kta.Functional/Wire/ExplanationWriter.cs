using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Writes why a plan is as it is, by the keys of the plan: members of an object that has the plan, too.</summary>
internal static class ExplanationWriter
{
    internal static void WriteMembers(Explanation explanation, Utf8JsonWriter writer)
    {
        writer.WriteStartObject(WireNames.Reasons);
        foreach (var node in explanation.Nodes)
        {
            writer.WriteStartArray(node.Node.Key);
            foreach (var reason in node.Reasons)
            {
                writer.WriteStringValue(reason.ToString());
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        WriteNodes(writer, WireNames.HeldBack, explanation.Nodes.Where(node => node.IsHeldBack));
        WriteNodes(writer, WireNames.LacksData, explanation.Nodes.Where(node => node.LacksData));
    }

    private static void WriteNodes(Utf8JsonWriter writer, JsonEncodedText name, IEnumerable<NodeExplanation> nodes)
    {
        writer.WriteStartArray(name);
        foreach (var node in nodes)
        {
            writer.WriteStringValue(node.Node.Key);
        }

        writer.WriteEndArray();
    }
}
