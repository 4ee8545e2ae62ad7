using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Kta.Functional.Soak.Load;

/// <summary>What differs between the entries of a history.</summary>
internal enum Entries
{
    /// <summary>Numbers only: results of the dummy autoscaler, nodes always in the same order.</summary>
    Alike,

    /// <summary>Lists of other lengths, text, null or not, nodes in any order.</summary>
    Varied,
}

/// <summary>The body of a plan request as the operator sends it: Deployments, newest entry first.</summary>
internal static class OperatorBody
{
    private const long Epoch = 1_735_689_600_000;

    internal static byte[] Plan(int nodes, int entries, Entries kind = Entries.Alike)
    {
        var keys = Enumerable.Range(0, nodes)
            .Select(node => TopologyNode.Deployment(string.Create(CultureInfo.InvariantCulture, $"operator-{node:000}")).Key).ToArray();
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteStart(json, entries + 1);
            json.WriteStartArray("topology");
            foreach (var key in keys)
            {
                json.WriteRawValue(key);
            }

            json.WriteEndArray();
            WriteResults(json, entries + 1, kind);
            json.WriteStartArray("resultHistory");
            for (var iteration = entries; iteration > 0; iteration--)
            {
                WriteEntry(json, iteration, keys, kind);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, int iteration, string[] keys, Entries kind)
    {
        json.WriteStartObject();
        WriteStart(json, iteration);
        json.WriteNumber("udfEndTimestampMillis", Epoch + (30_000L * iteration) + 45);
        WriteResults(json, iteration, kind);
        json.WriteStartObject("planResult");
        foreach (var node in Order(keys.Length, iteration, kind))
        {
            json.WriteStartObject(keys[node]);
            json.WriteNumber("parallelism", Parallelism(iteration, node));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("parallelism");
        foreach (var node in Order(keys.Length, iteration / 2, kind))
        {
            json.WriteNumber(keys[node], Parallelism(iteration, node));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteStart(Utf8JsonWriter json, int iteration)
    {
        json.WriteString("id", new Guid(iteration, 0x4B54, 0x4100, [1, 2, 3, 4, 5, 6, 7, (byte)iteration]));
        json.WriteNumber("udfStartTimestampMillis", Epoch + (30_000L * iteration));
    }

    private static void WriteResults(Utf8JsonWriter json, int iteration, Entries kind)
    {
        json.WriteStartObject("monitorResult");
        json.WriteNumber("numInvocations", iteration);
        if (kind == Entries.Varied)
        {
            WriteMetrics(json, new Random(iteration));
        }

        json.WriteEndObject();
        json.WriteStartObject("analyzeResult");
        json.WriteNumber("toggleState", iteration / 2 % 2);
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, Random random)
    {
        json.WriteStartArray("lagByPartition");
        for (var partition = random.Next(1, 13); partition > 0; partition--)
        {
            json.WriteNumberValue(random.Next(100_000));
        }

        json.WriteEndArray();
        json.WriteNumber("recordsPerSecond", Math.Round(random.NextDouble() * 20_000, random.Next(1, 4)));
        json.WriteString("busiest", random.Next(8) == 0 ? "größte \"Senke\"" : "source");
        json.WritePropertyName("error");
        if (random.Next(3) == 0)
        {
            json.WriteStringValue("no metrics");
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteBoolean("isStable", random.Next(2) == 0);
    }

    private static IEnumerable<int> Order(int nodes, int iteration, Entries kind) =>
        Enumerable.Range(0, nodes).Select(node => kind == Entries.Varied ? (node + iteration) % nodes : node);

    private static int Parallelism(int iteration, int node) => ((iteration / 2) + node) % 2 == 0 ? 4 : 2;
}
