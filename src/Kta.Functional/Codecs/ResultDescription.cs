using System.Text;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>What a description of an algorithm says about one of its results.</summary>
/// <param name="Type">The name of the type.</param>
/// <param name="Schema">What is read; null if the codec cannot tell.</param>
/// <param name="Example">An object that is read; null if none is known.</param>
/// <param name="TakesNothing">Whether <c>{}</c>, the operator's word for "none", is read as a value.</param>
internal sealed record ResultDescription(string Type, JsonNode? Schema, JsonObject? Example, bool TakesNothing)
{
    internal static ResultDescription Of<T>(ResultCodec<T> codec)
        where T : class
    {
        var schema = SchemaOf(codec);
        return new(
            TypeText.Of(typeof(T)),
            schema,
            ExampleOf(codec, schema),
            codec.TakesNothing && IsRead(codec, []));
    }

    private static JsonNode? SchemaOf<T>(ResultCodec<T> codec)
        where T : class
    {
        try
        {
            return codec.DescribeSchema()?.DeepClone();
        }
        catch (Exception)
        {
            // A codec of somebody else's: a description is no reason to fail.
            return null;
        }
    }

    private static JsonObject? ExampleOf<T>(ResultCodec<T> codec, JsonNode? schema)
        where T : class
    {
        try
        {
            return SchemaExample.Of(schema).FirstOrDefault(example => IsRead(codec, example));
        }
        catch (Exception)
        {
            // A schema of somebody else's with words that are not what they should be, or one that only fits values without an end.
            return IsRead(codec, []) ? [] : null;
        }
    }

    private static bool IsRead<T>(ResultCodec<T> codec, JsonObject example)
        where T : class
    {
        try
        {
            return codec.Read(Encoding.UTF8.GetBytes(example.ToJsonString())) is not null;
        }
        catch (Exception)
        {
            // A codec of somebody else's may throw anything.
            return false;
        }
    }
}
