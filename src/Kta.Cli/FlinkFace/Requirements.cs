using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional;

namespace Kta.Cli;

/// <summary>How many instances a vertex has to have at least, and may have at most.</summary>
internal readonly record struct ParallelismBounds(int Lower, int Upper);

/// <summary>What a job was asked for: bounds of each of its vertices, in their order.</summary>
internal sealed class Requirements(IReadOnlyList<(TopologyNode Node, ParallelismBounds Bounds)> bounds)
{
    /// <summary>Vertices share slots, so the widest of them says how many are needed.</summary>
    internal int LeastSlots => bounds.Max(one => one.Bounds.Lower);

    internal int MostSlots => bounds.Max(one => one.Bounds.Upper);

    internal ParallelismBounds this[TopologyNode node] => bounds.First(one => one.Node == node).Bounds;

    /// <summary>As many instances as there are slots for.</summary>
    internal IReadOnlyDictionary<TopologyNode, int> Within(int slots) =>
        bounds.ToDictionary(one => one.Node, one => Math.Min(one.Bounds.Upper, slots));

    internal bool IsSameAs(Requirements other) => bounds.All(one => other[one.Node] == one.Bounds);

    internal JsonObject Json => new(bounds.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Node.ToString(), new JsonObject
    {
        ["parallelism"] = new JsonObject { ["lowerBound"] = one.Bounds.Lower, ["upperBound"] = one.Bounds.Upper },
    })));

    /// <summary>Reads and checks a request as Flink does.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="most">The vertices of the job, and the most instances each can have.</param>
    /// <exception cref="FlinkRefusal">Flink would not take it.</exception>
    internal static Requirements Read(ReadOnlyMemory<byte> body, IReadOnlyList<(TopologyNode Node, int Max)> most)
    {
        var asked = Parse(body);
        if (asked.Count == 0)
        {
            throw FlinkRefusal.Handled(400, "Request body does not specify resource requirements.");
        }

        var errors = new List<string>();
        foreach (var (id, given) in asked.ToList())
        {
            var max = most.FirstOrDefault(one => one.Node.ToString() == id).Max;
            if (max == 0)
            {
                errors.Add($"Job vertex [{id}] was not found in the JobGraph.");
                continue;
            }

            var (lower, upper) = asked[id] = Expanded(given, max);
            if (lower < 1 || upper < 1)
            {
                errors.Add($"Both, the requested lower bound [{lower}] and upper bound [{upper}] for job vertex [{id}] must be greater than zero.");
                continue;
            }

            if (lower > upper)
            {
                errors.Add($"The requested lower bound [{lower}] for job vertex [{id}] is higher than the upper bound [{upper}].");
            }

            if (upper > max)
            {
                errors.Add($"The newly requested parallelism {upper} for the job vertex {id} exceeds its maximum parallelism {max}.");
            }
        }

        errors.AddRange(most.Where(one => !asked.ContainsKey(one.Node.ToString()))
            .Select(one => $"The request is incomplete, missing job vertex [{one.Node}] resource requirements."));
        return errors.Count > 0
            ? throw FlinkRefusal.Handled(400, string.Join('\n', errors))
            : new([.. most.Select(one => (one.Node, asked[one.Node.ToString()]))]);
    }

    /// <summary>-1 stands for what Flink does without bounds.</summary>
    private static ParallelismBounds Expanded(ParallelismBounds given, int max) =>
        new(given.Lower == -1 ? 1 : given.Lower, given.Upper == -1 ? max : given.Upper);

    private static Dictionary<string, ParallelismBounds> Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var asked = new Dictionary<string, ParallelismBounds>();
            if (body.Length > 0)
            {
                using var document = JsonDocument.Parse(body);
                foreach (var vertex in document.RootElement.EnumerateObject())
                {
                    var parallelism = OnlyMember(vertex.Value, "parallelism").Single();
                    var bounds = OnlyMember(parallelism, "lowerBound", "upperBound").ToArray();
                    asked[vertex.Name] = new(Whole(bounds[0]), Whole(bounds[1]));
                }
            }

            return asked;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw FlinkRefusal.Handled(400, "Request did not match expected format JobResourceRequirementsBody.");
        }
    }

    /// <summary>Members in this order; no others are allowed.</summary>
    private static IEnumerable<JsonElement> OnlyMember(JsonElement json, params string[] names) =>
        json.EnumerateObject().All(member => names.Contains(member.Name))
            ? names.Select(name => json.TryGetProperty(name, out var value) ? value : throw new FormatException())
            : throw new FormatException();

    /// <summary>Jackson cuts fractions, and takes numbers in quotes.</summary>
    private static int Whole(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? int.Parse(json.GetString()!.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : checked((int)json.GetDouble());
}
