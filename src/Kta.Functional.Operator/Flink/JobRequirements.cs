using System.Buffers;
using System.Text.Json;
using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Operator.Flink;

/// <summary>The least instances a vertex needs to run at all, and the most it takes.</summary>
internal readonly record struct Bounds(int Lower, int Upper)
{
    /// <summary>Other most instances. The least stay what they are, for a least above the free slots can stop a job that runs.</summary>
    internal Bounds UpTo(int upper) => new(Math.Clamp(Lower, 1, upper), upper);
}

/// <summary>What a job has been asked for: bounds of each of its vertices.</summary>
internal sealed class JobRequirements(IReadOnlyDictionary<string, Bounds> bounds)
{
    internal Bounds this[string vertex] => bounds[vertex];

    /// <summary>As Flink takes them: all vertices at once.</summary>
    internal ReadOnlyMemory<byte> Json
    {
        get
        {
            var buffer = new ArrayBufferWriter<byte>();
            using var json = new Utf8JsonWriter(buffer);
            json.WriteStartObject();
            foreach (var (vertex, (lower, upper)) in bounds)
            {
                json.WriteStartObject(vertex);
                json.WriteStartObject("parallelism");
                json.WriteNumber("lowerBound", lower);
                json.WriteNumber("upperBound", upper);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.Flush();
            return buffer.WrittenMemory;
        }
    }

    internal static JobRequirements Read(ReplyNode reply, IEnumerable<string> vertices) => new(vertices.ToDictionary(vertex => vertex, vertex =>
    {
        var parallelism = reply[vertex]["parallelism"];
        return new Bounds(Whole(parallelism["lowerBound"]), Whole(parallelism["upperBound"]));
    }));

    /// <summary>The same with other most instances of some vertices.</summary>
    internal JobRequirements With(IReadOnlyDictionary<string, int> upper) => new(bounds.ToDictionary(
        one => one.Key, one => upper.TryGetValue(one.Key, out var most) ? one.Value.UpTo(most) : one.Value));

    private static int Whole(ReplyNode number) =>
        number.Number() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw number.Refused("a whole number of 32 bits");
}
