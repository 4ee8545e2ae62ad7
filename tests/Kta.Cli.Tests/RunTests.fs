/// kta run: against a simulated Flink, with rules and with servers of steps, and files that change.
module Kta.Cli.Tests.RunTests

open System
open System.IO
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Operator
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Runs

let private ds2 (served: Served) = [ "algorithm", "ds2"; "monitor", $"flink:{served.Face.Address}#busy" ]

let private busyJob (served: Served) = flink served.Face.Address served.Face.JobId [ "source"; "map" ]

/// What a job has been told, node by node.
let private upperBounds (served: Served) = task {
    let! (requirements: JsonNode) = served.Get $"{served.Job}/resource-requirements"

    return [
        for one in requirements.AsObject() -> whole [ "parallelism"; "upperBound" ] (Unchecked.nonNull one.Value)
    ]
}

/// A server whose plan is one more than what runs, whatever is measured.
let private counting (work: RunningHttpBackend -> Task<unit>) = task {
    let algorithm =
        Algorithm.Create(
            (fun (_: MonitorContext<JsonObject, JsonObject>) -> JsonObject()),
            (fun (context: PlanContext<JsonObject, JsonObject>) ->
                let last =
                    if context.History.Count = 0 then
                        0
                    else
                        context.History[0].Parallelism.Values |> Seq.max

                Plan.ForEach(context.Topology, fun _ -> last + 1))
        )

    do! withSteps algorithm work
}

let private decides =
    testList "decides" [
        testTask "by the algorithm and monitor of annotations, scales the job, and keeps what it decided" {
            do!
                serving (chain "busy" 1900.0) (fun served ->
                    Tool.inFolder (fun folder -> task {
                        served.Pass 120.0

                        let file =
                            write folder "busy.yaml" [ policy "busy" (ds2 served) everySecond (busyJob served) ]

                        use running = started folder [ file ]
                        let! decided = running.Decision()
                        let! bounds = upperBounds served
                        let! code = running.Stop()
                        Expect.equal code 0 "stopped"
                        Expect.equal (text [ "policy" ] decided) "default/busy" "whose"
                        Expect.equal (whole [ "plan"; "map" ] decided) 4L "1,900/s at 500/s per instance"
                        Expect.equal (text [ "scaling"; "map" ] decided) "sent" "it was told"
                        Expect.equal bounds [ whole [ "plan"; "source" ] decided; 4L ] "what the job has been told"
                        use store = KnowledgeStore.OpenForReading(Path.Combine(folder, "kta.db"))
                        let stored = store.Read "default/busy"
                        Expect.equal stored[0].Id (text [ "id" ] decided) "it is stored"
                        Expect.isTrue (Option.isSome (Option.ofObj stored[0].Scaling)) "with what became of it"
                    }))
        }

        testTask "by the endpoints of a policy, each time with the history before it" {
            do!
                counting (fun server ->
                    Tool.inFolder (fun folder -> task {
                        let file =
                            write folder "orders.yaml" [
                                policy "orders" [] (endpoints server.BaseAddress) (deployments [ "orders" ])
                            ]

                        use running = started folder [ file; "--dry-run" ]

                        for expected in 1L .. 3L do
                            let! decided = running.Decision()

                            Expect.equal
                                (whole [ "plan"; "Deployment/orders" ] decided)
                                expected
                                "one more than before"

                        let! _ = running.Stop()
                        use again = started folder [ file; "--dry-run" ]
                        let! decided = again.Decision()
                        let! _ = again.Stop()

                        Expect.isGreaterThan
                            (whole [ "plan"; "Deployment/orders" ] decided)
                            3L
                            "a restart knows what was stored"
                    }))
        }
    ]

let private troubles =
    testList "goes on when" [
        testTask "a step fails: it says so, tries again, and other policies are not held up" {
            do!
                counting (fun server ->
                    Tool.inFolder (fun folder -> task {
                        let nobody = Uri $"http://127.0.0.1:{Tool.freePort ()}/"

                        let file =
                            write folder "two.yaml" [
                                policy "dead" [] (endpoints nobody) (deployments [ "dead" ])
                                policy "alive" [] (endpoints server.BaseAddress) (deployments [ "alive" ])
                            ]

                        use running = started folder [ file; "--dry-run" ]
                        let! failed = running.Next(fun line -> not (isNull line["failed"]))
                        let! decided = running.Decision()

                        let! again =
                            running.Next(fun line -> not (isNull line["failed"]) && whole [ "failures" ] line = 2L)

                        let! _ = running.Stop()
                        Expect.equal (text [ "policy" ] failed) "default/dead" "who failed"
                        Expect.equal (text [ "failed" ] failed) "monitor" "where"
                        Expect.stringContains (text [ "problem" ] failed) (string nobody) "why"
                        Expect.equal (text [ "policy" ] decided) "default/alive" "the other one"
                        Expect.equal (text [ "policy" ] again) "default/dead" "tried again"
                    }))
        }

        testTask "a file changes: what differs is shown, and decided by; what is wrong leaves the old in place" {
            do!
                counting (fun server ->
                    Tool.inFolder (fun folder -> task {
                        let behavior = endpoints server.BaseAddress
                        let target = deployments [ "orders" ]
                        let file = write folder "orders.yaml" [ policy "orders" [] behavior target ]
                        use running = started folder [ folder; "--dry-run" ]
                        let! _ = running.Decision()

                        write folder "orders.yaml" [ policy "orders" [] (behavior @ [ "maxParallelism: 2" ]) target ]
                        |> ignore

                        let! changed = running.Note "maxParallelism"

                        let! bounded =
                            running.Next(fun line ->
                                not (isNull line["plan"]) && whole [ "plan"; "Deployment/orders" ] line = 2L)

                        File.WriteAllText(file, "kind: KtaPolicy")
                        let! wrong = running.Note "goes on"
                        let! _ = running.Decision()

                        write folder "orders.yaml" [
                            policy "orders" [] behavior target
                            policy "clicks" [] behavior (deployments [ "clicks" ])
                        ]
                        |> ignore

                        let! _ =
                            running.Next(fun line ->
                                not (isNull line["plan"]) && text [ "policy" ] line = "default/clicks")

                        File.Delete file
                        File.WriteAllText(file, policy "clicks" [] behavior (deployments [ "clicks" ]))
                        let! gone = running.Note "no longer"
                        let! _ = running.Stop()
                        Expect.equal (text [ "policy" ] changed) "default/orders" "which"
                        Expect.equal (text [ "policy" ] bounded) "default/orders" "within the new bound"
                        Expect.stringContains (text [ "note" ] wrong) "orders.yaml" "which file"
                        Expect.equal (text [ "policy" ] gone) "default/orders" "which is gone"
                    }))
        }
    ]

let private twice = testTask "A second kta run waits, and takes over when the first one ends" {
    do!
        counting (fun server ->
            Tool.inFolder (fun folder -> task {
                let file =
                    write folder "orders.yaml" [
                        policy "orders" [] (endpoints server.BaseAddress) (deployments [ "orders" ])
                    ]

                use first = started folder [ file; "--dry-run" ]
                let! _ = first.Decision()
                use second = started folder [ file; "--dry-run" ]
                let! _ = second.Told "waiting to take over"
                let! before = first.Decision()
                let! _ = first.Stop()
                let! after = second.Decision()
                let! _ = second.Stop()

                Expect.isGreaterThan
                    (whole [ "plan"; "Deployment/orders" ] after)
                    (whole [ "plan"; "Deployment/orders" ] before)
                    "it goes on from what the first decided"
            }))
}

let private metrics = testTask "Metrics tell of each policy, and health whether this process decides" {
    do!
        counting (fun server ->
            Tool.inFolder (fun folder -> task {
                let file =
                    write folder "orders.yaml" [
                        policy "orders" [] (endpoints server.BaseAddress) (deployments [ "orders" ])
                    ]

                let port = Tool.freePort ()
                use running = started folder [ file; "--dry-run"; "--metrics-port"; string port ]
                let! _ = running.Decision()
                use client = new Net.Http.HttpClient(BaseAddress = Uri $"http://127.0.0.1:{port}")
                let! (text: string) = client.GetStringAsync "/metrics"
                let! (ready: Net.Http.HttpResponseMessage) = client.GetAsync "/health/ready"
                let! _ = running.Stop()

                Expect.stringContains
                    text
                    "kta_decided_parallelism{policy=\"default/orders\",node=\"Deployment/orders\"} 1"
                    text

                Expect.stringContains text "kta_iterations_total{policy=\"default/orders\",outcome=\"decided\"}" text
                Expect.equal (int ready.StatusCode) 200 "it decides"
            }))
}

let private refused =
    testList "refuses" [
        for what, annotations, behavior, arguments, code, expected in
            [
                "a policy for which nobody decides",
                [],
                everySecond,
                [],
                1,
                "orders.yaml:7: spec.behavior: udfs is missing"
                "a rule without numbers",
                [ "algorithm", "ds2" ],
                everySecond,
                [],
                2,
                "default/orders: ds2 needs numbers"
                "an algorithm that does not exist",
                [ "algorithm", "ds3" ],
                everySecond,
                [],
                2,
                "There is no algorithm 'ds3'"
                "a setting of the command line that does not exist",
                [ "algorithm", "break-even" ],
                everySecond,
                [ "--algorithm"; "ds2"; "--set"; "catchUpp=1"; "--monitor"; "flink:http://f#j" ],
                2,
                "catchUpp"
            ] do
            testTask what {
                do!
                    Tool.inFolder (fun folder -> task {
                        let file =
                            write folder "orders.yaml" [
                                policy "orders" annotations behavior (deployments [ "orders" ])
                            ]

                        let! (outcome: Tool.Outcome) =
                            Tool.run (
                                [ "run"; file; "--dry-run"; "--store"; Path.Combine(folder, "kta.db") ]
                                @ arguments
                            )

                        Expect.equal outcome.Code code outcome.Notes
                        Expect.stringContains outcome.Notes expected "what is wrong"
                    })
            }
    ]

let tests = testList "kta run" [ decides; troubles; twice; metrics; refused ]
