/// What /openapi.json says is what the server does.
module Kta.Functional.Tests.Http.OpenApiTests

open System
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open global.Json.Schema
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.OpenApiDocuments
open Kta.Functional.Tests.Server
open Microsoft.OpenApi

let private fits (schema: JsonSchema) (value: JsonNode) = schema.Evaluate(value).IsValid

/// A library reads the document without a complaint.
let readByLibrary (document: JsonNode) =
    let read = OpenApiDocument.Parse(document.ToJsonString(), "json")
    let diagnostic = nonNull read.Diagnostic
    let complaints = [ for one in Seq.append diagnostic.Errors diagnostic.Warnings -> string one ]
    Expect.equal complaints [] "nothing to complain about"
    Expect.equal diagnostic.SpecificationVersion OpenApiSpecVersion.OpenApi3_1 "the version"

    Expect.equal
        [ for path in (nonNull read.Document).Paths -> path.Key ]
        [ for path in (at document "paths").AsObject() -> path.Key ]
        "the paths"

/// Sends every example of a request, and holds every example of a reply against its schema.
let private tryExamples (server: RunningServer) (document: JsonNode) : Task<int> = task {
    let mutable sent = 0

    for path, method, operation in operations document do
        if method = "post" then
            let answers, documented = contentOf (at (at operation "responses") "200")
            let requests, examples = contentOf (at operation "requestBody")

            for name, value in documented do
                Expect.isTrue (fits (schemaOf document answers) value) $"{path}, {name} of the reply: {value}"

            for name, value in examples do
                sent <- sent + 1
                Expect.isTrue (fits (schemaOf document requests) value) $"{path}, {name}: {value}"
                let! reply = server.Post(path, value.ToJsonString())
                Expect.equal reply.Status 200 $"{path}, {name}: {value}: {reply.Text}"

                Expect.isTrue
                    (fits (schemaOf document answers) (nonNull (JsonNode.Parse reply.Text)))
                    $"{path}, {name}: {reply.Text}"

    return sent
}

let private ofAlgorithms =
    testList "of an algorithm" [
        for name, algorithm in algorithms do
            testCaseTask $"%s{name} is read by a library, and the server takes its examples"
            <| fun () ->
                serve algorithm (fun server -> task {
                    let! document = get server
                    readByLibrary document
                    Expect.isFalse (document.ToJsonString().Contains "\"not\":true") "everything can be something"
                    let! sent = tryExamples server document

                    Expect.equal
                        sent
                        (if name.Contains "without a schema" then
                             1
                         else
                             2 * algorithm.Steps.Count + 2)
                        "examples"
                })

        testCaseTask "has no example of what has no end"
        <| fun () ->
            serve endless (fun server -> task {
                let! document = get server
                readByLibrary document

                let _, _, plan = operations document |> List.find (fun (path, _, _) -> path.EndsWith "/plan")
                Expect.equal (snd (contentOf (at plan "requestBody"))) [] "none that would be read"
            })

        testCaseTask "has a name of its own for every definition of a schema"
        <| fun () ->
            serve oddlyNamed (fun server -> task {
                let! document = get server
                let schemas = at (at document "components") "schemas"

                Expect.equal
                    [
                        for schema in schemas.AsObject() do
                            if schema.Key.StartsWith "MonitorResult." then
                                schema.Key
                    ]
                    [ "MonitorResult.a_b"; "MonitorResult.L_int_"; "MonitorResult.a_b2"; "MonitorResult.a_b3" ]
                    "names"

                Expect.equal
                    ((at (at schemas "MonitorResult") "properties").ToJsonString())
                    """{"busy":{"$ref":"#/components/schemas/MonitorResult.a_b"},"quiet":{"$ref":"#/components/schemas/MonitorResult.L_int_"},"x":{"$ref":"#/components/schemas/MonitorResult.a_b2"},"y":{"$ref":"#/components/schemas/MonitorResult.a_b3/properties/z"}}"""
                    "references"
            })

        testCaseTask "has types of results by name, with descriptions, also inside of themselves"
        <| fun () ->
            serve (algorithms |> List.find (fst >> (=) "of F# records") |> snd) (fun server -> task {
                let! document = get server
                let schemas = at (at document "components") "schemas"
                let seen = at schemas "MonitorResult"
                Expect.equal (string seen["title"], string seen["description"]) ("Seen", "What was seen.") "its words"

                Expect.equal
                    ((at (at seen "properties") "whole").ToJsonString())
                    """{"$ref":"#/components/schemas/MonitorResult.Part"}"""
                    "a type inside"

                Expect.stringContains
                    ((at schemas "MonitorResult.Part").ToJsonString())
                    """{"$ref":"#/components/schemas/MonitorResult.Part"}"""
                    "which is inside of itself"

                Expect.stringContains
                    ((at schemas "AnalyzeResult").ToJsonString())
                    """{"$ref":"#/components/schemas/AnalyzeResult"}"""
                    "as a result, too"
            })

        for algorithm in [ typed; typed.WithUnreadableHistory UnreadableHistory.Fail ] do
            testCaseTask
                $"that deals with history by %A{algorithm.UnreadableHistory}: document and server agree about requests that are almost right"
            <| fun () ->
                serve algorithm (fun server -> task {
                    let random = Random 7
                    let mutable taken, refused = 0, 0
                    let! document = get server
                    let _, _, plan = operations document |> List.find (fun (path, _, _) -> path.EndsWith "/plan")
                    let schema, examples = contentOf (at plan "requestBody")
                    let schema = schemaOf document schema

                    for _ in 1..300 do
                        let _, example = examples[random.Next examples.Length]
                        let text = Codecs.SchemaTests.mutated random (example.ToJsonString())
                        let isFit = fits schema (nonNull (JsonNode.Parse text))
                        let! reply = server.Call("plan", text)

                        // A boolean for a whole number is the one thing that is read and not said.
                        if not (text.Contains "true") then
                            Expect.equal reply.Status (if isFit then 200 else 422) $"{text}: {reply.Text}"

                        if isFit then taken <- taken + 1 else refused <- refused + 1

                    Expect.isGreaterThan taken 50 "requests that are taken"
                    Expect.isGreaterThan refused 50 "requests that are refused"
                })
    ]

let tests = testSequenced (testList "The OpenAPI document" [ ofAlgorithms ])
