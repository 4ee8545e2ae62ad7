using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Kta.Functional.Soak.Load;

/// <summary>The body of a plan request as the operator sends it: Deployments, results of the dummy autoscaler, newest entry first.</summary>
internal static class OperatorBody
{
    private const long Epoch = 1_735_689_600_000;

    internal static byte[] Plan(int nodes, int entries)
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
            WriteResults(json, entries + 1);
            json.WriteStartArray("resultHistory");
            for (var iteration = entries; iteration > 0; iteration--)
            {
                WriteEntry(json, iteration, keys);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, int iteration, string[] keys)
    {
        json.WriteStartObject();
        WriteStart(json, iteration);
        json.WriteNumber("udfEndTimestampMillis", Epoch + (30_000L * iteration) + 45);
        WriteResults(json, iteration);
        json.WriteStartObject("planResult");
        for (var node = 0; node < keys.Length; node++)
        {
            json.WriteStartObject(keys[node]);
            json.WriteNumber("parallelism", Parallelism(iteration, node));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("parallelism");
        for (var node = 0; node < keys.Length; node++)
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

    private static void WriteResults(Utf8JsonWriter json, int iteration)
    {
        json.WriteStartObject("monitorResult");
        json.WriteNumber("numInvocations", iteration);
        json.WriteEndObject();
        json.WriteStartObject("analyzeResult");
        json.WriteNumber("toggleState", iteration / 2 % 2);
        json.WriteEndObject();
    }

    private static int Parallelism(int iteration, int node) => ((iteration / 2) + node) % 2 == 0 ? 4 : 2;
}
