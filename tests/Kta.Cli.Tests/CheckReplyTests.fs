/// `kta check`: replies the operator would dislike.
module Kta.Cli.Tests.CheckReplyTests

open System
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Cli.Tests.Checking
open Kta.Cli.Tests.Endpoints
open Microsoft.AspNetCore.Http

/// In one place of the body, and after the other.
let private faults: (string * (string * string * string) list * ((string -> Task<unit>) -> Task<unit>)) list = [
    "a packed reply",
    [ "error", "packed", "monitor" ] @ notAsked,
    servingOther "monitor" (fun context text ->
        context.Response.Headers.ContentEncoding <- "gzip"
        bytes context (packed text))

    "a byte order mark",
    [ "error", "byte-order-mark", "plan" ],
    servingOther "plan" (fun context text ->
        bytes context (Array.append [| 0xEFuy; 0xBBuy; 0xBFuy |] (Encoding.UTF8.GetBytes text)))

    "UTF-16 without saying so",
    [ "error", "no-json", "plan" ],
    servingOther "plan" (fun context text -> bytes context (Encoding.Unicode.GetBytes text))

    "a redirect",
    [ "error", "redirect", "analyze"; "note", "not-asked", "plan" ],
    servingOther "analyze" (fun context _ ->
        context.Response.Redirect("/elsewhere", false, true)
        Task.CompletedTask)

    "204 for nothing to say",
    [ "error", "empty", "analyze"; "note", "not-asked", "plan" ],
    servingOther "analyze" (fun context _ ->
        context.Response.StatusCode <- 204
        Task.CompletedTask)

    "an empty body", [ "error", "empty", "plan" ], servingOther "plan" (fun context _ -> bytes context [||])
    "null for nothing to say",
    [ "error", "no-object", "analyze"; "note", "not-asked", "plan" ],
    saying "analyze" (fun _ -> "null")
    "a list", [ "error", "no-object", "monitor" ] @ notAsked, saying "monitor" (fun _ -> "[1]")
    "NaN", [ "error", "not-finite", "monitor" ] @ notAsked, saying "monitor" (fun _ -> """{"rate":NaN}""")
    "a comma too many", [ "error", "no-json", "monitor" ] @ notAsked, saying "monitor" (fun _ -> """{"rate":1.5,}""")

    "names without their types as keys",
    [ "error", "plan", "plan" ],
    saying "plan" (fun request ->
        let names = [
            for node in request.GetProperty("topology").EnumerateArray() ->
                JsonSerializer.Serialize(node.GetProperty("fields").GetString())
                + """:{"parallelism":1}"""
        ]

        "{" + String.Join(",", names) + "}")

    "a node too few",
    [ "error", "plan", "plan" ],
    saying "plan" (fun request ->
        let whole =
            JsonNode.Parse(planOf request (fun _ -> """{"parallelism":2}"""))
            |> nonNull
            |> _.AsObject()

        if whole.Count > 1 then
            whole.RemoveAt 0

        whole.ToJsonString())

    "a further member", [ "error", "plan", "plan" ], planning """{"parallelism":2,"reason":"load"}"""
    "another case", [ "error", "plan", "plan" ], planning """{"Parallelism":2}"""
    "more than an int", [ "error", "plan", "plan" ], planning """{"parallelism":2147483648}"""
    "a single result for all nodes", [ "error", "plan", "plan" ], saying "plan" (fun _ -> """{"parallelism":2}""")
    "0 instances in a map", [ "error", "not-positive", "plan" ], planning """{"parallelism":0}"""
    "less than none", [ "error", "not-positive", "plan" ], planning """{"parallelism":-5}"""
    "a fraction of an instance", [ "warning", "fraction", "plan" ], planning """{"parallelism":2.7}"""
    "text behind the object",
    [ "warning", "text-behind", "monitor" ],
    saying "monitor" (fun _ -> """{"rate":1000.5} ok""")
    "a name twice", [ "warning", "name-twice", "monitor" ], saying "monitor" (fun _ -> """{"rate":1.5,"rate":1000.5}""")

    "more digits than a double has",
    [ "warning", "number-changes", "monitor" ],
    saying "monitor" (fun _ -> """{"rate":1000.1234567890123456789}""")

    "500 in one step",
    [ "error", "status", "plan" ],
    serving
        (fun step request ->
            if step = "plan" then
                500, """{"message":"out of order"}"""
            else
                obedient step request)
        send

    "no analyze",
    [ "note", "not-served", "analyze" ],
    serving
        (fun step request ->
            match step with
            | "analyze" -> 404, """{"detail":"Not Found"}"""
            | "plan" -> 200, planOf request (fun _ -> """{"parallelism":2}""")
            | _ -> obedient step request)
        send

    "nothing there", [ "error", "no-steps", "" ], serving (fun _ _ -> 404, "{}") send

    "foreign nodes in the history are an error",
    [ "error", "history-foreign", "plan"; "warning", "history-shape", "plan" ],
    refusing "plan" (fun request -> (text request).Contains "elsewhere")

    "results of another kind in the history are an error",
    [ "warning", "history-shape", "analyze" ],
    refusing "analyze" (fun request -> (text request).Contains "somebody")

    "entries without results are an error",
    [ "warning", "history-empty", "monitor" ],
    refusing "monitor" (fun request ->
        request.GetProperty("resultHistory").EnumerateArray()
        |> Seq.exists (fun entry -> entry.GetProperty("monitorResult").GetRawText() = "{}"))

    "a long history is too large",
    [ "error", "history-long", "monitor" ],
    serving
        (fun step request ->
            if step = "monitor" && (text request).Length > 200_000 then
                413, """{"message":"too large"}"""
            else
                obedient step request)
        send

    "a capital E is no number",
    [ "error", "exponent", "analyze"; "warning", "history-shape", "analyze" ],
    refusing "analyze" (fun request -> (text request).Contains "E7")
]

let tests =
    testList "kta check: replies" [
        for name, expected, endpoint in faults do
            testTask name { do! finds expected endpoint }
    ]
