namespace Kta.Functional.FSharp

open System
open System.Text.Json
open System.Text.Json.Nodes
open Kta.Functional

/// Ways to turn your results into JSON and back.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Codec =

    /// <summary>
    /// The default: System.Text.Json with camelCase names. Records (anonymous ones too), options, lists and maps work as
    /// they are; a member that is an option may be absent. Unions need a codec of their own, see <c>ofText</c>.
    /// </summary>
    /// <typeparam name="'T">A type that is written as a JSON object.</typeparam>
    /// <exception cref="T:System.ArgumentException">The type cannot be a JSON object.</exception>
    let json<'T when 'T: not struct and 'T: not null> : ResultCodec<'T> = Codec.Json<'T>()

    /// <summary>System.Text.Json with your options, taken as they are.</summary>
    /// <param name="options">Your options. Without a type resolver the one that uses reflection is set.</param>
    /// <exception cref="T:System.ArgumentException">The type cannot be a JSON object with these options.</exception>
    let jsonWith<'T when 'T: not struct and 'T: not null> (options: JsonSerializerOptions) : ResultCodec<'T> =
        Codec.Json<'T> options

    /// <summary>A codec of two text functions, for other JSON libraries.</summary>
    /// <param name="encode">Gives the JSON text of a result; it has to be one JSON object.</param>
    /// <param name="decode">Reads JSON text; an error, or an exception, says why it does not fit.</param>
    /// <example>
    /// With Thoth.Json.Net:
    /// <code>
    /// let encoder = Encode.Auto.generateEncoderCached&lt;Load&gt; ()
    /// let decoder = Decode.Auto.generateDecoderCached&lt;Load&gt; ()
    /// let codec = Codec.ofText (encoder >> Encode.toString 0) (Decode.fromString decoder)
    /// </code>
    /// </example>
    let ofText<'T when 'T: not struct and 'T: not null>
        (encode: 'T -> string)
        (decode: string -> Result<'T, string>)
        : ResultCodec<'T> =
        let read (text: string) =
            match decode text with
            | Ok value -> value
            | Error reason -> raise (FormatException reason)

        Codec.FromText<'T>(Func<'T, string> encode, Func<string, 'T> read)

    /// <summary>The same codec, which tells this JSON Schema of what it reads: for <c>/openapi.json</c>, which cannot look into functions and converters.</summary>
    /// <param name="json">A JSON Schema of draft 2020-12: an object, or <c>true</c> for anything. Its <c>examples</c> are shown.</param>
    /// <param name="codec">The codec.</param>
    /// <exception cref="T:System.ArgumentException">The text is no JSON, no schema, or a schema that no JSON object can fit.</exception>
    /// <example><code>Codec.ofText encode decode |> Codec.withSchema """{"type":"object"}"""</code></example>
    let withSchema (json: string) (codec: ResultCodec<'T>) : ResultCodec<'T> = codec.WithSchema json

    /// Any JSON object, for results without a type of their own. Numbers keep their digits.
    let untyped: ResultCodec<JsonObject> = Codec.Untyped
