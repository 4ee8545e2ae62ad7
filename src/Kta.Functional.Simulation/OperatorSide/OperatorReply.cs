using System.Globalization;
using System.Text.Json;
using Kta.Functional.Wire;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Reads replies the way the operator does, with messages that say what it would dislike.</summary>
/// <remarks>Stricter than the operator in two points it lets pass by accident: text after the object, and a name that occurs twice in a plan.</remarks>
public static class OperatorReply
{
    /// <summary>Reads the reply of monitor or analyze: any JSON object.</summary>
    /// <param name="body">The body of the reply.</param>
    /// <returns>The object as the next step gets it, see <see cref="JavaJson"/>.</returns>
    /// <exception cref="FormatException">The body is not a JSON object; the message says what it is.</exception>
    public static ReadOnlyMemory<byte> ReadResult(ReadOnlySpan<byte> body)
    {
        using var document = Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? JavaJson.RoundTrip(body)
            : throw new FormatException(
                $"The body is {JsonErrorText.Name(document.RootElement.ValueKind)}, the operator needs an object; {{}} says nothing.");
    }

    /// <summary>Reads the reply of plan: one entry per node, or a single result for a topology of one node.</summary>
    /// <param name="body">The body of the reply.</param>
    /// <param name="topology">The nodes that have to be covered.</param>
    /// <returns>What is asked for, before clamping; in a map it may be 0 or negative, which the operator raises to the minimum.</returns>
    /// <exception cref="FormatException">The operator would refuse the body; the message says why.</exception>
    public static IReadOnlyDictionary<TopologyNode, int> ReadPlan(ReadOnlySpan<byte> body, Topology topology) => ReadPlan(body, topology, anyKind: false);

    /// <summary>The same, where more than what the operator scales may be scaled.</summary>
    internal static IReadOnlyDictionary<TopologyNode, int> ReadPlan(ReadOnlySpan<byte> body, Topology topology, bool anyKind)
    {
        ArgumentNullException.ThrowIfNull(topology);
        using var document = Parse(body);
        try
        {
            return ReadPlan(document.RootElement, topology, anyKind);
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException("The plan holds half a surrogate pair, which is not Unicode.", error);
        }
    }

    private static Dictionary<TopologyNode, int> ReadPlan(JsonElement root, Topology topology, bool anyKind)
    {
        if (root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("parallelism", out _) && root.EnumerateObject().Any())
        {
            return ReadMap(root, topology, anyKind);
        }

        var single = Count(root, "the plan");
        if (single < 1)
        {
            throw new FormatException(Invariant($"The plan asks for {single}; a single result has to be at least 1."));
        }

        return topology.Count == 1
            ? new Dictionary<TopologyNode, int> { [topology[0]] = single }
            : throw new FormatException($"The plan is a single result, but the topology has {topology.Count} nodes: {topology}.");
    }

    private static Dictionary<TopologyNode, int> ReadMap(JsonElement root, Topology topology, bool anyKind)
    {
        var plan = new Dictionary<TopologyNode, int>();
        foreach (var entry in root.EnumerateObject())
        {
            var key = OperatorKey.Read(entry.Name, anyKind);
            var node = key.Node
                ?? throw new FormatException($"The key '{SafeExcerpt.Of(entry.Name)}' of the plan is no topology node: {key.Problem}.");
            if (!plan.TryAdd(node, Count(entry.Value, node.ToString())))
            {
                throw new FormatException($"The plan names {node} twice.");
            }
        }

        var missing = topology.Where(node => !plan.ContainsKey(node)).ToArray();
        var foreign = plan.Keys.Where(node => !topology.Contains(node)).ToArray();
        return missing.Length == 0 && foreign.Length == 0
            ? plan
            : throw new FormatException(
                "The plan does not fit the topology."
                + (missing.Length > 0 ? $" Missing: {string.Join(", ", (object[])missing)}." : "")
                + (foreign.Length > 0 ? $" Not in the topology: {string.Join(", ", (object[])foreign)}." : ""));
    }

    /// <summary>The object with the number, or the bare number; Java cuts fractions and reads digits in text.</summary>
    private static int Count(JsonElement result, string of)
    {
        if (result.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in result.EnumerateObject())
            {
                if (member.Name != "parallelism")
                {
                    throw new FormatException(
                        $"The result of {of} has the member '{SafeExcerpt.Of(member.Name)}'; the operator knows only parallelism and refuses others.");
                }
            }

            return result.TryGetProperty("parallelism", out var count) ? Number(count, of, isBare: false) : 0;
        }

        return Number(result, of, isBare: true);
    }

    private static int Number(JsonElement number, string of, bool isBare)
    {
        switch (number.ValueKind)
        {
            case JsonValueKind.Number when number.TryGetInt32(out var whole):
                return whole;
            case JsonValueKind.Number when !isBare && Math.Truncate(number.GetDouble()) is >= int.MinValue and <= int.MaxValue and var cut:
                return (int)cut;
            case JsonValueKind.String when int.TryParse(number.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var digits):
                return digits;
            case JsonValueKind.Null or JsonValueKind.String when !isBare && string.IsNullOrEmpty(number.GetString()):
                return 0;
            default:
                throw new FormatException(
                    $"The parallelism of {of} is {SafeExcerpt.Of(number.GetRawText())}; expected a whole number within 32 bits.");
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body.ToArray(), JsonFormat.Parsing);
        }
        catch (JsonException error)
        {
            throw new FormatException(
                body.IsEmpty ? "The body is empty, the operator needs a JSON object." : $"The body is not JSON: {JsonErrorText.Describe(error)}.",
                error);
        }
    }
}
