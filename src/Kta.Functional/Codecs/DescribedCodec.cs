using System.Buffers;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>A codec that is told what it reads.</summary>
internal sealed class DescribedCodec<T>(ResultCodec<T> codec, JsonNode schema) : ResultCodec<T>
    where T : class
{
    internal override bool TakesNothing => codec.TakesNothing;

    internal override bool IsShareable => codec.IsShareable;

    public override void Write(T value, IBufferWriter<byte> output) => codec.Write(value, output);

    public override T Read(ReadOnlySpan<byte> json) => codec.Read(json);

    public override JsonNode? DescribeSchema() => schema.DeepClone();
}
