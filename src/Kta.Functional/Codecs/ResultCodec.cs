using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>Turns the results of a step into JSON and back. See <see cref="Codec"/> for ready-made ones.</summary>
/// <typeparam name="T">The result type.</typeparam>
/// <remarks>
/// A codec is called by many requests at once and has to be stateless. What it writes has to be one JSON object, because the
/// operator reads nothing else. What it wrote comes back through Java: member order and <c>null</c> survive, but
/// <c>1e3</c> comes back as <c>1000.0</c> and decimals beyond 17 digits are cut; send those as text.
/// </remarks>
public abstract class ResultCodec<T>
    where T : class
{
    /// <summary>Writes a result as one JSON object in UTF-8.</summary>
    /// <param name="value">The result.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="UdfResultException">The value cannot be written as JSON; the message names the member.</exception>
    public abstract void Write(T value, IBufferWriter<byte> output);

    /// <summary>Reads a result from one JSON object in UTF-8.</summary>
    /// <param name="json">A well-formed JSON object, possibly <c>{}</c>.</param>
    /// <exception cref="FormatException">The object does not hold a <typeparamref name="T"/>; the message says why.</exception>
    public abstract T Read(ReadOnlySpan<byte> json);

    /// <summary>
    /// The JSON Schema of what is read, for <c>/openapi.json</c> and editors; null if the codec cannot tell. A new object for every
    /// call. What it says of what it cannot see through, such as a converter of yours, is that anything is read.
    /// </summary>
    /// <remarks>Narrower than reading in few points: names of enums are read in any case, whole numbers as text where options say so.</remarks>
    public virtual JsonNode? DescribeSchema() => null;

    /// <summary>The same codec, which tells this schema of what it reads: for codecs of text functions, and for types with converters.</summary>
    /// <param name="json">
    /// A JSON Schema of draft 2020-12: an object, or <c>true</c> for anything. Its <c>examples</c>, if it has some, are shown and
    /// have to be readable. References are to inside of it: <c>#/$defs/Name</c>.
    /// </param>
    /// <exception cref="ArgumentException">The text is no JSON, no schema, or a schema that no JSON object can fit.</exception>
    /// <example><code>Codec.FromText(load => load.ToJson(), Load.FromJson).WithSchema("""{"type":"object","required":["rate"],"properties":{"rate":{"type":"number"}}}""")</code></example>
    public ResultCodec<T> WithSchema([StringSyntax(StringSyntaxAttribute.Json)] string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new DescribedCodec<T>(this, GivenSchema.Parse(json, typeof(T)));
    }

    /// <summary>Whether <c>{}</c> is a value of its own and not only the operator's word for "none".</summary>
    internal virtual bool TakesNothing => true;

    /// <summary>Whether several calls of this process may share what was read, see <see cref="ImmutableResultAttribute"/>.</summary>
    internal virtual bool IsShareable => false;
}
