using System.Text.Json;
using Kta.Functional.Simulation;
using Kta.Functional.Wire;

namespace Kta.Functional.Operator;

/// <summary>Reads iterations back from what <see cref="FinishedIteration.ToUtf8"/> has written. Remembers the nodes it has met; not for several threads at once.</summary>
internal sealed class StoredEntry
{
    private readonly NodeKeyCache _nodes = new(null);

    /// <exception cref="FormatException">It is not such an entry.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal FinishedIteration Read(byte[] entry)
    {
        var reader = new Utf8JsonReader(entry, JsonFormat.Reading);
        Expect(ref reader, JsonTokenType.StartObject);
        Member(ref reader, WireNames.Id);
        Expect(ref reader, JsonTokenType.String);
        var id = reader.GetString()!;
        var start = Millis(ref reader, WireNames.Start);
        var end = Millis(ref reader, WireNames.End);
        var monitor = Result(ref reader, WireNames.MonitorResult, entry);
        var analyze = Result(ref reader, WireNames.AnalyzeResult, entry);
        var plan = Counts(ref reader, WireNames.PlanResult, isPlan: true);
        var parallelism = Counts(ref reader, WireNames.Parallelism, isPlan: false);
        Expect(ref reader, JsonTokenType.EndObject);
        if (reader.Read())
        {
            throw new FormatException("it goes on after its end");
        }

        return new FinishedIteration
        {
            Id = id,
            UdfStartTimestampMillis = start,
            UdfEndTimestampMillis = end,
            MonitorResult = monitor,
            AnalyzeResult = analyze,
            PlanResult = plan,
            Parallelism = parallelism,
            Written = entry,
        };
    }

    private static long Millis(ref Utf8JsonReader reader, JsonEncodedText name)
    {
        Member(ref reader, name);
        Expect(ref reader, JsonTokenType.Number);
        return reader.GetInt64();
    }

    private static ReadOnlyMemory<byte> Result(ref Utf8JsonReader reader, JsonEncodedText name, byte[] entry)
    {
        Member(ref reader, name);
        Expect(ref reader, JsonTokenType.StartObject);
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return entry.AsMemory(start, (int)reader.BytesConsumed - start);
    }

    private Dictionary<TopologyNode, int> Counts(ref Utf8JsonReader reader, JsonEncodedText name, bool isPlan)
    {
        Member(ref reader, name);
        Expect(ref reader, JsonTokenType.StartObject);
        var counts = new Dictionary<TopologyNode, int>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var read = _nodes.Read(ref reader);
            var node = read.Node ?? throw new FormatException($"a key of {name} is no topology node: {read.Problem}");
            if (isPlan)
            {
                Expect(ref reader, JsonTokenType.StartObject);
                Member(ref reader, WireNames.Parallelism);
            }

            Expect(ref reader, JsonTokenType.Number);
            counts.Add(node, reader.GetInt32());
            if (isPlan)
            {
                Expect(ref reader, JsonTokenType.EndObject);
            }
        }

        return counts;
    }

    private static void Member(ref Utf8JsonReader reader, JsonEncodedText name)
    {
        Expect(ref reader, JsonTokenType.PropertyName);
        if (!MemberReader.IsNamed(ref reader, name))
        {
            throw new FormatException($"{name} is missing");
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new FormatException($"expected {type} at byte {reader.TokenStartIndex}, found {reader.TokenType}");
        }
    }
}
