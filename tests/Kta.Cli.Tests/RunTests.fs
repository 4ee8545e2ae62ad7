/// kta run: against a simulated Flink, with rules and with servers of steps, and files that change.
module Kta.Cli.Tests.RunTests

open System
open System.IO
open System.Text.Json.Nodes
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

let private decides =
    testList "decides" [
        testTask "by the algorithm and monitor of annotations, scales the job, and keeps what it decided" {
            do!
                serving (chain "busy" 2600.0) (fun served ->
                    Tool.inFolder (fun folder -> task {
                        served.Pass 120.0

                        let file =
                            write folder "busy.yaml" [ policy "busy" (ds2 served) everySecond (busyJob served) ]

                        use running = started folder [ file ]
                        // What arrives is told by two lags.
                        let! _ = running.Decision()
                        served.Pass 60.0

                        let! decided =
                            running.Next(fun line -> not (isNull line["plan"]) && whole [ "plan"; "map" ] line = 6L)

                        let! bounds = upperBounds served
                        let! code = running.Stop()
                        Expect.equal code 0 "stopped"
                        Expect.equal (text [ "policy" ] decided) "default/busy" "whose"
                        Expect.equal (text [ "scaling"; "map" ] decided) "sent" "it was told"
                        Expect.equal bounds [ whole [ "plan"; "source" ] decided; 6L ] "what the job has been told"
                        use store = KnowledgeStore.OpenForReading(Path.Combine(folder, "kta.db"))
                        let stored = store.Read "default/busy"
                        let found = stored |> Seq.find (fun one -> one.Id = text [ "id" ] decided)

                        Expect.isTrue
                            (Option.isSome (Option.ofObj found.Scaling))
                            "it is stored, with what became of it"
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
                        File.WriteAllText(Path.Combine(folder, "application.yaml"), "name: orders")
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

let tests = testList "kta run" [ decides; troubles ]
