module Kta.Functional.Tests.Http.ConformanceTests

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.FSharp
open Kta.Functional.Tests.Http.DeliberateDifferences

type Case = {
    Name: string
    Algorithm: string
    Step: string
    Method: string
    Path: string
    ContentType: string | null
    Body: byte array | null
    Status: int
    Reply: JsonElement
}

let private cases: Case list =
    let file = Path.Combine(AppContext.BaseDirectory, "data", "oracle.json")

    [
        for record in (Json.parse (File.ReadAllText file)).EnumerateArray() do
            let member' (name: string) = record.GetProperty name
            let encoding = Json.text record "requestBodyEncoding"

            {
                Name = Json.text record "name"
                Algorithm = Json.text record "algorithm"
                Step = Json.text record "step"
                Method = Json.text record "method"
                Path = Json.text record "path"
                ContentType = (member' "contentType").GetString()
                Body =
                    match (member' "requestBody").GetString() with
                    | null -> null
                    | text when encoding = "base64" -> Convert.FromBase64String text
                    | text -> Encoding.UTF8.GetBytes text
                Status = (member' "status").GetInt32()
                Reply = member' "responseBody"
            }
    ]

let private expectMessage (case: Case) (reply: Server.Reply) =
    Expect.equal reply.ContentType "application/json" "an error is JSON, because the operator parses every body"

    if case.Method <> "HEAD" then
        let members =
            match case.Reply.ValueKind with
            | JsonValueKind.Object when case.Status = reply.Status -> [
                for m in case.Reply.EnumerateObject() -> m.Name
              ]
            | _ -> []

        for name in "message" :: members do
            Expect.isNotEmpty (Json.text reply.Json name) $"the error has a {name}: {reply.Text}"

let private expectSame (case: Case) (expected: JsonElement) (reply: Server.Reply) =
    Expect.equal reply.Status 200 reply.Text
    Expect.equal reply.ContentType "application/json" "a reply is JSON"

    if case.Step = "plan" then
        Expect.equal
            (Set.ofList (Json.planEntries reply.Json))
            (Set.ofList (Json.planEntries expected))
            "the same plan, keys parsed"
    else
        Expect.isTrue (Json.same reply.Json expected) $"expected {expected.GetRawText()}, got {reply.Text}"

/// Here monitor does not see a monitorResult and analyze no analyzeResult, because they do not exist yet in these steps.
/// So the echo of the context is taken from analyze, and is expected without the analyzeResult.
let private echoed (case: Case) =
    if case.Algorithm = "echo" && case.Step <> "plan" && case.Status = 200 then
        let reply =
            (JsonNode.Parse(case.Reply.GetRawText(), documentOptions = JsonDocumentOptions(MaxDepth = 2000))
             |> Unchecked.nonNull)
                .AsObject()

        reply["analyzeResult"] <- JsonObject()

        {
            case with
                Path = case.Path.Replace("/monitor", "/analyze")
                Reply = Json.parse (reply.ToJsonString(JsonSerializerOptions(MaxDepth = 2000)))
        }
    else
        case

let private servers = Dictionary<string, Server.RunningServer>()

/// One server for each name.
let private serverOf (name: string) (algorithm: unit -> Algorithm) = task {
    match servers.TryGetValue name with
    | true, server -> return server
    | _ ->
        let! server = Server.start (algorithm ())
        servers[name] <- server
        return server
}

let private checkAt (server: Case -> Task<Server.RunningServer>) (case: Case) = testTask case.Name {
    match table |> Map.tryFind case.Name with
    | Some((DoesNotCompile | NotOnTheWire), _) -> ()
    | difference ->
        let! (server: Server.RunningServer) = server case
        let! (reply: Server.Reply) = server.Send(case.Method, case.Path, case.Body, case.ContentType)

        match difference with
        | Some(Refused status, reason) ->
            Expect.equal reply.Status status $"deliberately, because {reason}: {reply.Text}"
            expectMessage case reply
        | Some(Answered body, _) -> expectSame case (Json.parse body) reply
        | Some(AnsweredFreely, reason) -> Expect.equal reply.Status 200 $"deliberately, because {reason}"
        | _ when case.Status = 200 -> expectSame case case.Reply reply
        | _ ->
            Expect.equal reply.Status case.Status reply.Text
            expectMessage case reply
}

let private check =
    checkAt (fun case -> serverOf case.Algorithm (fun () -> Probes.Create case.Algorithm))

/// The recorded algorithm, as docs/migrate-from-python.md writes it.
let private migrated =
    testList "and so are those of an algorithm that has moved" [
        for name, algorithm in
            [
                "as C# functions", CSharp.MigrationSnippets.AsFunctions
                "as a C# class", CSharp.MigrationSnippets.AsClass
                "in F#", (fun () -> FSharp.MigrationSnippets.toggling 2 (4, 2) :> Algorithm)
            ] do
            testList name [
                for case in cases do
                    if case.Algorithm = "dummy(2,(4,2))" && case.Status = 200 then
                        checkAt (fun _ -> serverOf name algorithm) case
            ]
    ]

let tests =
    testSequenced (
        testList "Replies are those of the Python SDK, or deliberately better" [
            testList "recorded request" (cases |> List.map (echoed >> check))
            migrated

            test "every deliberate difference belongs to a recorded case" {
                let names = cases |> List.map _.Name |> Set.ofList
                let strangers = table |> Map.keys |> Seq.filter (names.Contains >> not) |> List.ofSeq
                Expect.isEmpty strangers "rows of the table without a case"
            }

            test "every probe is used" {
                let used = cases |> List.map _.Algorithm |> Set.ofList
                Expect.isEmpty (Probes.Names |> Seq.filter (used.Contains >> not)) "probes without a case"
            }

            testTask "the servers stop" {
                for server in servers.Values do
                    do! (server :> IAsyncDisposable).DisposeAsync()
            }
        ]
    )
