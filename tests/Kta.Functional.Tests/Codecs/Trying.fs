/// Codecs of types that are known at run time only, and F# types to try them with.
module Kta.Functional.Tests.Codecs.Trying

open System
open System.Buffers
open System.Collections.Generic
open System.Reflection
open System.Text
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp.Shapes

type Record<'T> = { Value: 'T; Count: int }

[<Struct>]
type FSharpStruct<'T> = { Of: 'T }

type Mode =
    | Fast
    | Slow of seconds: int

/// A codec of a type that is known at run time only.
type Tried =
    static member Write<'T when 'T: not struct and 'T: not null>(codec: ResultCodec<'T>, value: obj) : string =
        let output = ArrayBufferWriter<byte>()
        codec.Write(unbox<'T> value, output)
        Encoding.UTF8.GetString output.WrittenSpan

    static member Read<'T when 'T: not struct and 'T: not null>(codec: ResultCodec<'T>, text: string) : obj =
        box (codec.Read(ReadOnlySpan(Encoding.UTF8.GetBytes text))) |> nonNull

    static member Schema<'T when 'T: not struct and 'T: not null>(codec: ResultCodec<'T>) : obj =
        box (nonNull (codec.DescribeSchema())) |> nonNull

    static member ByReflection<'T when 'T: not struct and 'T: not null>() : obj = Codec.Json<'T>()

    static member Generated<'T when 'T: not struct and 'T: not null>() : obj =
        Codec.Json<'T>(ShapesContext.Default :> IJsonTypeInfoResolver)

    static member GeneratedAsItIs<'T when 'T: not struct and 'T: not null>() : obj =
        Codec.Json<'T>(nonNull (ShapesContext.Default.GetTypeInfo typeof<'T>) :?> JsonTypeInfo<'T>)

    static member Plain<'T when 'T: not struct and 'T: not null>() : obj = Codec.Json<'T>(JsonSerializerOptions())

let call (name: string) (kind: Type) (arguments: obj array) : obj =
    let method = typeof<Tried>.GetMethod name |> nonNull

    try
        method.MakeGenericMethod(kind).Invoke(null, arguments) |> nonNull
    with :? TargetInvocationException as error ->
        raise (error.InnerException |> nonNull)

let trying (maker: string) (kind: Type) : Result<obj, string> =
    try
        Ok(call maker kind [||])
    with :? ArgumentException as error ->
        Error error.Message

let survives (codec: obj) (kind: Type) (value: obj) =
    let text = call "Write" kind [| codec; value |] :?> string
    let back = call "Read" kind [| codec; text |]
    let again = call "Write" kind [| codec; back |]
    Expect.isTrue (Values.same value back) $"{kind}: {text} came back as {again}"
