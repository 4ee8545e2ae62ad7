/// The whole circle as processes: an application, a server that decides on its numbers, and the loop that scales it.
module Kta.Cli.Tests.CircleTests

open System
open System.IO
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Operator
open Kta.Cli.Tests.Children
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Runs

let private stepAt = 1800

let private application =
    $"""name: orders
operators:
  - {{ id: source, ratePerInstance: 4000 }}
  - {{ id: map, ratePerInstance: 1000 }}
sources:
  source: {{ kind: steps, points: [[0, 2500], [{stepAt}, 7600]] }}
parallelism: {{ source: 1, map: 8 }}
downtime: 20s
warmUp: 20s
hours: 2
"""

let private decided (line: JsonNode) = not (isNull line["plan"])
let private planOf (line: JsonNode) = [ whole [ "plan"; "source" ] line; whole [ "plan"; "map" ] line ]

/// What the application was asked for, as its state file has it.
let private requests (state: string) = [
    for line in File.ReadAllLines state do
        match JsonNode.Parse line |> Unchecked.nonNull with
        | json when not (isNull json["body"]) -> [
            whole [ "body"; "source"; "parallelism"; "upperBound" ] json
            whole [ "body"; "map"; "parallelism"; "upperBound" ] json
          ]
        | _ -> ()
]

let private sent (stored: StoredIteration) =
    match stored.Scaling with
    | null -> false
    | scaling -> scaling.Nodes |> Seq.exists (fun node -> node.Outcome = ScalingOutcome.Sent)

let private circle =
    testTask "An application, a server of DS2 and kta run: settles after a step, and survives the end of each of them" {
        do!
            Tool.inFolder (fun folder -> task {
                let file (name: string) = Path.Combine(folder, name)
                File.WriteAllText(file "orders.yaml", application)
                let flinkPort, servePort = Tool.freePort (), Tool.freePort ()
                let flinkAddress = Uri $"http://127.0.0.1:{flinkPort}/"

                let flink () =
                    new Child(
                        [
                            "flink"
                            file "orders.yaml"
                            "--port"
                            string flinkPort
                            "--speed"
                            "60x"
                            "--state"
                            file "state.jsonl"
                        ]
                    )

                let serve () =
                    new Child(
                        [
                            "serve"
                            "--algorithm"
                            "ds2"
                            "--host"
                            "127.0.0.1"
                            "--port"
                            string servePort
                            "--monitor"
                            $"flink:http://127.0.0.1:{flinkPort}#orders"
                        ]
                    )

                let run () = new Child([ "run"; file "policy.yaml"; "--store"; file "kta.db" ])

                let policyText =
                    policy
                        "orders"
                        []
                        (endpoints (Uri $"http://127.0.0.1:{servePort}/"))
                        (Runs.flink flinkAddress "orders" [ "source"; "map" ])

                write folder "policy.yaml" [ policyText ] |> ignore
                use firstFlink = flink ()
                do! Tool.isServing flinkPort "/overview"
                use firstServe = serve ()
                do! Tool.isServing servePort "/health/ready"
                use firstRun = run ()
                let! _ = firstRun.Next decided
                do! firstServe.Kill()
                let! failed = firstRun.Next(fun line -> not (isNull line["failed"]))
                use secondServe = serve ()
                let! _ = firstRun.Next(fun line -> decided line && planOf line = [ 1L; 3L ])
                do! firstFlink.Kill()
                use secondFlink = flink ()
                do! Tool.isServing flinkPort "/overview"
                let! _ = firstRun.Next decided
                do! firstRun.Kill()
                use secondRun = run ()

                let! _ =
                    secondRun.Next(fun line -> not (isNull line["note"]) && (text [ "note" ] line).Contains "goes on")

                let! _ = secondRun.Next(fun line -> decided line && planOf line = [ 2L; 8L ])
                let! code = secondRun.Terminate()
                do! secondFlink.Kill()
                Expect.equal code 0 "ended in order"
                Expect.stringContains (text [ "problem" ] failed) $"127.0.0.1:{servePort}" "who did not answer"


                use store = KnowledgeStore.OpenForReading(file "kta.db")
                let stored = List.ofSeq (store.Read "default/orders")

                let plans = [
                    for one in stored ->
                        [ for node in [ "source"; "map" ] -> int64 one.Parallelism[TopologyNode.Flink node] ]
                ]

                let course =
                    [
                        for one, plan in List.zip stored plans ->
                            let why =
                                match one.Explanation with
                                | null -> ""
                                | why -> string why.Nodes[1]

                            $"{one.EndedAt.TimeOfDay} {plan} {why}"
                    ]
                    |> String.concat "\n"

                let changes = plans |> List.pairwise |> List.filter (fun (a, b) -> a <> b) |> List.length

                Expect.isLessThanOrEqual
                    changes
                    4
                    $"one decision before the step, and at most three after it:\n{course}"

                Expect.equal
                    (requests (file "state.jsonl"))
                    [
                        for one, plan in List.zip stored plans do
                            if sent one then
                                plan
                    ]
                    "what the application was asked for is what was stored"
            })
    }


let tests = testList "The circle of kta" [ circle ]
