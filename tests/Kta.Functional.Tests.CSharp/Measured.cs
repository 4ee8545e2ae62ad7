using System.Text.Json.Serialization;

namespace Kta.Functional.Tests.CSharp;

/// <summary>A result of a user that has measurements inside of it.</summary>
public sealed record Measured(Measurements Numbers, int Attempt);

/// <summary>Its metadata as native programs bring it.</summary>
[JsonSerializable(typeof(Measured))]
public sealed partial class MeasuredContext : JsonSerializerContext
{
    /// <summary>The codec of the metadata.</summary>
    public static ResultCodec<Measured> Codec => Functional.Codec.Json<Measured>(Default);
}
