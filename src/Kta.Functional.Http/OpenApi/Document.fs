/// The OpenAPI document of what is served: only the steps there are, with the results as their codecs read them.
module internal Kta.Functional.Http.Document

open System
open System.Text.Json.Nodes
open Kta.Functional
open Kta.Functional.Http.JsonParts

/// The statuses a step answers with, beside 200.
let private refusals = [ "400"; "408"; "413"; "415"; "422"; "429"; "500"; "503" ]

let private any (schemas: JsonNode list) : JsonNode = objectOf [ "anyOf", list schemas ]

let private described (description: string) (schema: JsonObject) : JsonNode =
    schema["description"] <- text description
    schema

let private nothing (description: string) : JsonNode =
    described description (objectOf [ "type", text "object"; "maxProperties", JsonValue.Create 0 ])

let private responseRef (name: string) : JsonNode = objectOf [ "$ref", text $"#/components/responses/{name}" ]

let private child (parent: JsonNode) (name: string) : JsonObject = (nonNull parent[name]).AsObject()

/// What a step reads: the members of all requests, and the results it looks at.
let private requestOf (shared: JsonObject) (results: Examples.Results) (step: Step) : JsonNode =
    let request = shared.DeepClone().AsObject()
    let members = child request "properties"

    if step <> Step.Monitor then
        let monitored = ResultSchemas.reference "MonitorResult"

        if not results.Monitor.TakesNothing then
            (nonNull request["required"]).AsArray().Add(text "monitorResult")
            monitored["minProperties"] <- JsonValue.Create 1

        members["monitorResult"] <- described "What monitor has answered." monitored

    if step = Step.Plan then
        members["analyzeResult"] <-
            any [ ResultSchemas.reference "AnalyzeResult"; nothing "Analyze has nothing to say, or there is none." ]

    request

/// An entry that does not fit is no error, unless the algorithm says so.
let private relax (components: JsonObject) (unreadable: UnreadableHistory) =
    let members = child (child components "HistoryEntry") "properties"

    for name, result in [ "monitorResult", "MonitorResult"; "analyzeResult", "AnalyzeResult" ] do
        members[name] <-
            match unreadable with
            | UnreadableHistory.Fail when result = "MonitorResult" -> ResultSchemas.reference result :> JsonNode
            | UnreadableHistory.Fail -> any [ ResultSchemas.reference result; nothing "Nothing to say." ]
            | _ ->
                any [
                    ResultSchemas.reference result
                    described "Anything else: the entry is left out." (objectOf [ "type", text "object" ])
                ]

let private answerOf (results: Examples.Results) (step: Step) : JsonNode * JsonNode option =
    let exampleOf (result: ResultDescription) = result.Example |> Option.ofObj |> Option.map _.DeepClone()

    match step with
    | Step.Monitor -> ResultSchemas.reference "MonitorResult", exampleOf results.Monitor
    | Step.Analyze ->
        any [ ResultSchemas.reference "AnalyzeResult"; nothing "Nothing to say." ], exampleOf results.Analyze
    | _ -> ResultSchemas.reference "Plan", Some(Examples.plan ())

let private operation
    (id: string)
    (summary: string)
    (request: string)
    (requests: JsonObject)
    (answer: JsonNode, example: JsonNode option)
    : JsonNode =
    let json (schema: JsonNode) (more: (string * JsonNode) list) : JsonNode =
        objectOf [ "application/json", objectOf (("schema", schema) :: more) ]

    objectOf [
        "post",
        objectOf [
            "operationId", text id
            "tags", list [ text "steps" ]
            "summary", text summary
            "requestBody",
            objectOf [
                "required", JsonValue.Create true
                "content",
                json (ResultSchemas.reference request) [
                    if requests.Count > 0 then
                        "examples", requests
                ]
            ]
            "responses",
            objectOf [
                "200",
                objectOf [
                    "description", text "The answer of the step."
                    "content", json answer [ yield! example |> Option.map (fun one -> "example", one) |> Option.toList ]
                ]
                for status in refusals do
                    status, responseRef status
            ]
        ]
    ]

let private summaryOf (step: Step) =
    match step with
    | Step.Monitor -> "Collects what the decision needs."
    | Step.Analyze -> "Draws conclusions from what monitor answered. {} says that there are none."
    | _ -> "Decides the parallelism of every node of the topology."

let private probe (path: string) : JsonNode =
    let isLive = path.EndsWith("/live", StringComparison.Ordinal)

    objectOf [
        "get",
        objectOf [
            "operationId", text (path.Trim('/').Replace('/', '-'))
            "tags", list [ text "probes" ]
            "summary",
            text (
                if isLive then
                    "Is the process worth keeping?"
                else
                    "Will calls be answered?"
            )
            "responses", objectOf [ "200", responseRef "Healthy"; "503", responseRef "NotHealthy" ]
        ]
    ]

/// The document of an algorithm, whose steps and probes are at these paths.
let make (algorithm: Algorithm) (options: KtaOptions) (probes: string list) : JsonObject =
    let document = (JsonNode.Parse(Resource.text "openapi.json") |> nonNull).AsObject()
    let info, components = child document "info", child (child document "components") "schemas"
    let results = Examples.Results algorithm
    info["title"] <- text algorithm.Name

    info["description"] <-
        text
            $"The steps of {algorithm}, as the Kubernetes Topology Autoscaler calls them. Other paths answer 404 and other methods 405, both with a message as all errors have."

    components["TopologyNode"] <- NodeSchema.Make typeof<TopologyNode>
    ResultSchemas.add components "MonitorResult" results.Monitor
    ResultSchemas.add components "AnalyzeResult" results.Analyze
    relax components algorithm.UnreadableHistory
    let shared = child components "Request"
    components.Remove "Request" |> ignore
    (child (child shared "properties") "topology")["maxItems"] <- JsonValue.Create options.MaxTopologyNodes
    let paths = child document "paths"

    for step in algorithm.Steps do
        let name = step.Name()
        let request = Char.ToUpperInvariant(name[0]).ToString() + name.Substring 1 + "Request"
        components[request] <- requestOf shared results step

        paths[$"{options.Root}/{name}"] <-
            operation name (summaryOf step) request (results.Requests step) (answerOf results step)

        if step = Step.Plan then
            paths[$"{options.Root}/explain"] <-
                operation
                    "explain"
                    "Takes a plan request, and answers the plan with the reasons for it. For people; the operator does not call it."
                    request
                    (results.Requests step)
                    (ResultSchemas.reference "Explanation", Some(Examples.explanation ()))

    for path in probes do
        paths[path] <- probe path

    document
