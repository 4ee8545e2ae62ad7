/// Documents of servers, their schemas, and algorithms that look at all they are sent.
module Kta.Functional.Tests.Http.OpenApiDocuments

open System
open System.Collections.Generic
open System.ComponentModel
open System.Text.Json
open System.Text.Json.Nodes
open System.Text.Json.Serialization
open System.Threading.Tasks
open Expecto
open global.Json.Schema
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

type Shift =
    | Day = 0
    | Night = 1

type Part = { Rate: float; Parts: Part list }

[<Description "What was seen.">]
type Seen = {
    [<Description "Records per second.">]
    Rates: Dictionary<TopologyNode, float>
    [<JsonConverter(typeof<JsonStringEnumConverter<Shift>>)>]
    Shift: Shift
    Weekday: DayOfWeek
    Age: TimeSpan option
    Whole: Part
    ByName: Map<string, Part>
}

/// A union, which needs a codec of its own.
type Signal =
    | Quiet
    | Busy of float

let private write (signal: Signal) =
    match signal with
    | Quiet -> """{"quiet":true}"""
    | Busy load -> (Json.object [ "busy", JsonValue.Create load ]).ToJsonString()

let private read (text: string) =
    match (Json.parse text).TryGetProperty "busy" with
    | true, load -> Ok(Busy(load.GetDouble()))
    | _ when text.Contains "quiet" -> Ok Quiet
    | _ -> Error "neither quiet nor busy"

let signals = Codec.ofText write read

let describedSignals =
    signals
    |> Codec.withSchema
        """{"anyOf":[{"required":["busy"],"properties":{"busy":{"$ref":"#/$defs/load"}}},{"required":["quiet"],"properties":{"quiet":{"const":true}}}],"$defs":{"load":{"type":"number"}}}"""

/// Words that only a value without an end fits.
let private endlessSignals =
    let names = [ for i in 1..9 -> $"\"m%d{i}\"" ]
    let members = [ for name in names -> name + ":{\"$ref\":\"#\"}" ]

    let schema =
        "{\"required\":["
        + String.Join(',', names)
        + "],\"properties\":{"
        + String.Join(',', members)
        + "}}"

    signals |> Codec.withSchema schema

/// Names that are no names of components.
let private oddlyNamedSignals =
    signals
    |> Codec.withSchema
        """{"properties":{"busy":{"$ref":"#/$defs/a~1b"},"quiet":{"$ref":"#/$defs/L%3Cint%3E"},"x":{"$ref":"#/$defs/a b"},"y":{"$ref":"#/$defs/a_b/properties/z"}},"required":["busy"],"$defs":{"a/b":{"type":"number"},"L<int>":{"type":"boolean"},"a b":{"type":"string"},"a_b":{"type":"object","properties":{"z":{"type":"integer"}}}}}"""

/// A plan step that looks at everything there is.
let private lookAtAll (ctx: PlanContext<'M, 'A>) : Kta.Functional.Plan =
    ctx.MonitorResult |> ignore
    ctx.TryAnalyzeResult |> ignore
    ctx.History |> Seq.iter ignore
    Kta.Functional.Plan.ForEach(ctx.Topology, (fun _ -> 1))

let private lookingAtAll (monitor: 'M) (analyze: 'A) (codec: ResultCodec<'M>) : Algorithm<'M, 'A> =
    Algorithm
        .For<'M, 'A>()
        .WithMonitor(fun ctx ->
            ctx.History |> Seq.iter ignore
            monitor)
        .WithAnalyze(fun ctx ->
            ctx.MonitorResult |> ignore
            ctx.History |> Seq.iter ignore
            analyze)
        .WithPlan(lookAtAll)
        .WithMonitorCodec
        codec

let typed = lookingAtAll (Load 1.0) (Demand 1) (Kta.Functional.Codec.Json<Load>())

let endless = lookingAtAll (Busy 0.5) (Demand 1) endlessSignals
let oddlyNamed = lookingAtAll (Busy 0.5) (Demand 1) oddlyNamedSignals

let algorithms: (string * Algorithm) list = [
    "typed", typed
    "typed, and strict about its history", typed.WithUnreadableHistory UnreadableHistory.Fail
    "untyped", plain
    "of F# records",
    lookingAtAll
        {
            Rates = Dictionary(dict [ Calls.orders, 1.0 ])
            Shift = Shift.Day
            Weekday = DayOfWeek.Monday
            Age = None
            Whole = { Rate = 1.0; Parts = [] }
            ByName = Map.empty
        }
        { Rate = 1.0; Parts = [] }
        (Kta.Functional.Codec.Json<Seen>())
    "of unions with a schema", lookingAtAll (Busy 0.5) (Demand 1) describedSignals
    "of unions with oddly named definitions", oddlyNamed
    "of unions without a schema", lookingAtAll (Busy 0.5) (Demand 1) signals
    "of measurements", Autoscaler.Create((fun _ -> Measurements.Nothing), Ds2.Rule())
    "of source-generated metadata",
    lookingAtAll (Load 1.0) (Demand 1) (Kta.Functional.Codec.Json ResultsContext.Default.Load)
    "of two steps", DummyAutoscaler.CreateAnalyzeAndPlan()
]

/// A member that has to be there.
let at (node: JsonNode) (name: string) : JsonNode =
    match node[name] with
    | null -> failtest $"{name} is missing in {node}"
    | found -> found

let get (server: RunningServer) : Task<JsonNode> = task {
    let! reply = server.Send("GET", "/openapi.json", null, null)
    Expect.equal reply.Status 200 reply.Text
    return nonNull (JsonNode.Parse reply.Text)
}

/// The same with references that a validator of JSON Schema follows.
let schemaOf (document: JsonNode) (schema: JsonNode) : JsonSchema =
    let all =
        Json.object [
            "$defs", (at (at document "components") "schemas").DeepClone()
            "allOf", JsonArray(schema.DeepClone())
        ]

    JsonSchema.FromText(all.ToJsonString().Replace("#/components/schemas/", "#/$defs/"))

/// The operations of a document: path, method, and what is said of it.
let operations (document: JsonNode) = [
    for path in (at document "paths").AsObject() do
        for method in (nonNull path.Value).AsObject() do
            path.Key, method.Key, nonNull method.Value
]

/// What is said of a body: its schema, and examples.
let contentOf (owner: JsonNode) : JsonNode * (string * JsonNode) list =
    let content = at (at owner "content") "application/json"

    at content "schema",
    [
        match content["example"] with
        | null -> ()
        | example -> "example", example
        match content["examples"] with
        | null -> ()
        | examples ->
            for example in examples.AsObject() do
                example.Key, at (nonNull example.Value) "value"
    ]
