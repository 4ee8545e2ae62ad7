module Kta.Cli.Tests.LiveRuns.LiveReportTests

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Cli.Tests.Reports
open Kta.Cli.Tests.Reports.ReportTests
open Kta.Cli.Tests.Tool
open Kta.Cli.Tests.LiveRuns

open Kta.Cli.Tests.LiveRuns.LivePages

let tests =
    testList "kta report" [
        testTask "shows a policy of a store: how good it was, what happened when, and why" {
            do!
                inStore (fun folder file -> task {
                    let! page = pageOf folder [ "orders"; "--store"; file; "--lag"; "10s" ]
                    let run = Stores.shadowed.Value
                    let kept = run.Iterations |> Seq.filter Stores.isKept |> List.ofSeq

                    has page "<h1>shop/orders · break-even</h1>"
                    has page $"{kept.Length} decisions, 1 failure, 1 gap without decisions."

                    Expect.floatClose
                        Accuracy.high
                        (figure "agreement" page)
                        (agreement kept)
                        "agreement with the shadow"

                    let late =
                        kept
                        |> List.filter (fun one ->
                            let source = one.Measured[run.Topology[0]]
                            source.Lag.Value.Value > 10.0 * source.ArrivalRate.Value.Value)

                    Expect.isLessThan
                        (abs (figure "timeAboveObjective" page - float late.Length / float kept.Length))
                        0.02
                        "as long above the objective as the monitor says"

                    let data = dataOf "data" page

                    Expect.equal
                        (data.GetProperty("epoch").GetInt64())
                        (Stores.start.ToUnixTimeMilliseconds())
                        "the calendar"

                    Expect.equal [ for name in list "rules" data -> name.GetString() ] [ "ds2" ] "the shadow"

                    for kind, count in List.countBy id (kinds data) do
                        Expect.equal
                            count
                            (match kind with
                             | "settings" -> 2
                             | "rescale" -> Seq.length run.Changes
                             | _ -> 1)
                            $"{kind}"

                    Expect.containsAll (kinds data) [ "failure"; "settings"; "rescale"; "gap" ] "all that happened"
                    let iterations = list "iterations" data
                    Expect.hasLength iterations kept.Length "the decisions"

                    for one, simulated in List.zip iterations kept do
                        let at = one.GetProperty("at").GetDouble()
                        Expect.floatClose Accuracy.low at (simulated.At.TotalSeconds + 0.04) "when"

                    for text in
                        [
                            "settings.growth 0.5 → 0.7"
                            "no decision for 11 min"
                            "Connection refused"
                            "scaling failed: 403: allow patch"
                            "Break-even: "
                            "Times are UTC"
                        ] do
                        has page text

                    Expect.isFalse (page.Contains "clairvoyant") "no figures that need a simulated application"
                    Expect.isEmpty (fetches page) "nothing is fetched"
                })
        }

        testTask "takes the file of a policy for its name" {
            do!
                inStore (fun folder file -> task {
                    let policy = Path.Combine(folder, "orders-policy.yaml")

                    let node: TopologyNode = TopologyNode.Deployment "orders"

                    File.WriteAllText(
                        policy,
                        PolicyFile.ToYaml(
                            KtaPolicy(
                                Name = "orders",
                                Namespace = "shop",
                                Topology = Topology.Of node,
                                MonitorEndpoint = Uri "http://monitor:8096",
                                PlanEndpoint = Uri "http://plan:8096",
                                Target = KubernetesTarget [| ScaledObject(node, "apps/v1", "Deployment", "orders") |]
                            )
                        )
                    )

                    let! page = pageOf folder [ policy; "--store"; file ]
                    has page "<h1>shop/orders · break-even</h1>"
                })
        }

        testTask "runs nothing that stands in a name or a message" {
            do!
                inStore (fun folder file -> task {
                    using (KnowledgeStore.Open file) (fun store ->
                        store.AddFailure("shop/orders", Stores.minute 50.0, Runs.evil)

                        store.AddSettings(
                            "shop/orders",
                            Stores.minute 50.0,
                            JsonObject([ KeyValuePair(Runs.evil, null) ]).ToJsonString()
                        ))

                    let! page = pageOf folder [ "orders"; "--store"; file ]
                    Expect.isFalse (page.Contains("<script>alert", StringComparison.Ordinal)) "escaped"
                    has page "&lt;script&gt;alert(1)&lt;/script&gt;"
                })
        }

        testTask "keeps to a stretch of time" {
            do!
                inStore (fun folder file -> task {
                    let! page =
                        pageOf folder [
                            "shop/orders"
                            "--store"
                            file
                            "--from"
                            "2026-11-26T08:40Z"
                            "--to"
                            "2026-11-26T08:50Z"
                        ]

                    let data = dataOf "data" page

                    Expect.hasLength
                        (list "iterations" data)
                        (Stores.shadowed.Value.Iterations
                         |> Seq.filter (fun one ->
                             one.At >= TimeSpan.FromMinutes 40.0 && one.At < TimeSpan.FromMinutes 50.0)
                         |> Seq.length)
                        "the decisions"

                    Expect.isFalse (List.contains "failure" (kinds data)) "nothing from before"

                    Expect.isFalse
                        (figuresOf page |> List.exists (fst >> (=) "timeAboveObjective"))
                        "no objective, no such figure"
                })
        }

        testTask "says what is wrong with what it is asked for" {
            do!
                inStore (fun folder file -> task {
                    let page = Path.Combine(folder, "page.html")
                    let broken = Path.Combine(folder, "broken.jsonl")
                    File.WriteAllText(broken, "no recording\n")

                    using (KnowledgeStore.Open file) (fun store ->
                        store.AddFailure("shop/payments", Stores.minute 1.0, "plan answered 500"))

                    for arguments, code, expected in
                        [
                            [ "order"; "--store"; file ], 1, "holds no policy 'order', did you mean"
                            [ "payments"; "--store"; file ],
                            1,
                            "holds no decision about shop/payments; the last of 1 failures: plan answered 500"
                            [ "orders"; "--store"; file; "--to"; "2020-01-01" ],
                            1,
                            "holds no decision about shop/orders to 2020-01-01"
                            [ "orders"; "--store"; file + ".none" ], 1, "There is no knowledge store"
                            [ "orders"; "--store"; sample "orders.yaml" ], 1, "is no knowledge store"
                            [ "orders"; "--store"; file; "--lag"; "long" ], 2, "--lag long: expected a time above 0"
                            [ "orders"; "--store"; file; "--node"; "map" ], 2, "--node is for recordings"
                            [ "orders"; "--store"; file; "--out"; file ], 2, "would overwrite what is read"
                            [ "orders" ],
                            2,
                            "There is no recording orders, and no store kta.db. If it is a policy, say which"
                            [ file ], 2, "is a knowledge store: name a policy of it"
                            [ broken ], 1, "has no plan that was answered"
                            [ sample "orders.yaml"; "--store"; file ], 1, "orders.yaml:"
                            [ sample "decisions.json" ], 2, "There is no recording"
                        ] do
                        do!
                            failsWith
                                (arguments
                                 @ (if List.contains "--out" arguments then
                                        []
                                    else
                                        [ "--out"; page ]))
                                code
                                expected

                    Expect.isFalse (File.Exists page) "nothing is written"
                })
        }
    ]
