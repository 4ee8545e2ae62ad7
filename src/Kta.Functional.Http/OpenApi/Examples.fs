/// Requests and replies for people to look at and to send: what is in them is read by the very codecs.
module internal Kta.Functional.Http.Examples

open System.Text.Json.Nodes
open Kta.Functional
open Kta.Functional.Http.JsonParts

[<Literal>]
let private Started = 1767268800000L

let private node: TopologyNode = TopologyNode.Deployment "orders"

let private millis (value: int64) : JsonNode = JsonValue.Create value
let private byNode (value: JsonNode) : JsonNode = objectOf [ node.Key, value ]

let private topology () = list [ objectOf [ "type", text node.Type; "fields", text node.Fields ] ]

/// What plan may answer.
let plan () : JsonNode = byNode (objectOf [ "parallelism", JsonValue.Create 2 ])

/// What explain may answer.
let explanation () : JsonNode =
    objectOf [
        "plan", plan ()
        "reasons", byNode (list [ text "2 instances for 9,000/s at 5,000/s each." ])
        "heldBack", list []
        "lacksData", list []
    ]

/// Results that are read, and what a step is called with because of them.
type Results(algorithm: Algorithm) =
    let monitor = algorithm.DescribeResult Step.Monitor
    let analyze = algorithm.DescribeResult Step.Analyze

    let orNothing (result: ResultDescription) : JsonNode =
        match result.Example with
        | null -> JsonObject()
        | example -> example.DeepClone()

    let entry () =
        objectOf [
            "id", text "6b86b273-ff34-4e1f-b1f8-9ed2ab0f8d4c"
            "udfStartTimestampMillis", millis (Started - 30000L)
            "udfEndTimestampMillis", millis (Started - 29900L)
            "monitorResult", orNothing monitor
            "analyzeResult", orNothing analyze
            "planResult", plan ()
            "parallelism", byNode (JsonValue.Create 2)
        ]

    let request (step: Step) (history: JsonNode list) : JsonNode =
        objectOf [
            "id", text "d4735e3a-265e-46ee-a4b0-6f0f3c0b2f5d"
            "udfStartTimestampMillis", millis Started
            "topology", topology ()
            "monitorResult",
            (if step = Step.Monitor then
                 JsonObject()
             else
                 orNothing monitor)
            "analyzeResult", (if step = Step.Plan then orNothing analyze else JsonObject())
            "resultHistory", list history
        ]

    let named (summary: string) (value: JsonNode) : JsonNode = objectOf [ "summary", text summary; "value", value ]

    member _.Monitor = monitor
    member _.Analyze = analyze

    /// Requests of a step by name; none if nobody knows what the step can read.
    member _.Requests(step: Step) : JsonObject =
        let isKnown = not (isNull monitor.Example)

        objectOf [
            if isKnown || step = Step.Monitor then
                "first", named "The first iteration." (request step [])
            if isKnown then
                "later", named "One with a history." (request step [ entry () ])
        ]
