/// Requests as the operator sends them.
module Kta.Functional.Tests.Requests

open System.Text.Json.Nodes

let private node (name: string) : JsonNode =
    Json.object [
        "type", JsonValue.Create "scaleTargetRef"
        "fields", JsonValue.Create $"kind=Deployment|name={name}"
    ]

let ofNodes (names: string list) (monitorResult: string) (analyzeResult: string) (history: string) : string =
    (Json.object [
        "id", JsonValue.Create "c3f7bdf5-37c4-4724-a92c-4428e47e04c1"
        "udfStartTimestampMillis", JsonValue.Create 1700000100000L
        "topology", JsonArray [| for name in names -> node name |]
        "monitorResult", JsonNode.Parse monitorResult
        "analyzeResult", JsonNode.Parse analyzeResult
        "resultHistory", JsonNode.Parse history
    ])
        .ToJsonString()

/// A first call of monitor for one Deployment.
let first = ofNodes [ "orders" ] "{}" "{}" "[]"

let entry (monitorResult: string) (analyzeResult: string) =
    let key = """{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}"""

    $$$"""{"id":"6b86b273","udfStartTimestampMillis":1,"udfEndTimestampMillis":2,"monitorResult":{{{monitorResult}}},"analyzeResult":{{{analyzeResult}}},"planResult":{"{{{key}}}":{"parallelism":4}},"parallelism":{"{{{key}}}":4}}"""

let withHistory (entries: string list) =
    let history = entries |> String.concat ","
    ofNodes [ "orders" ] "{}" "{}" $"[{history}]"

/// The same, with the text of the entries as it is.
let withText (entries: string list) = (withHistory []).Replace("[]}", "[" + String.concat "," entries + "]}")
