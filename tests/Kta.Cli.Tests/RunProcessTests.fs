/// kta run as a program: several of it, what it tells other programs, and what it refuses.
module Kta.Cli.Tests.RunProcessTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Operator
open Kta.Functional.Tests
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Runs

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
                let page = Repository.read "docs/telemetry.md"
                let section = page.Substring(page.IndexOf "\n## `kta run`")
                let promised = set [ for name in Regex.Matches(section, @"`(kta_\w+)`") -> name.Groups[1].Value ]
                let shown = set [ for name in Regex.Matches(text, @"# TYPE (\w+)") -> name.Groups[1].Value ]
                Expect.equal shown promised "what the page about telemetry says"
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

let private surroundings =
    testList "and what is around it" [
        testTask "a store that is somebody else's is refused, and nothing is left beside it" {
            do!
                Tool.inFolder (fun folder -> task {
                    let file =
                        write folder "orders.yaml" [
                            policy "orders" [ "algorithm", "dummy" ] everySecond (deployments [ "orders" ])
                        ]

                    let! (outcome: Tool.Outcome) = Tool.run [ "run"; file; "--dry-run"; "--store"; file ]
                    Expect.equal outcome.Code 1 outcome.Notes
                    Expect.stringContains outcome.Notes "is no knowledge store" "what is wrong"
                    Expect.hasLength (Directory.GetFiles folder) 1 "no lock"
                })
        }

        testTask "a port that is taken is told with the option to change" {
            do!
                Tool.inFolder (fun folder -> task {
                    let file =
                        write folder "orders.yaml" [
                            policy "orders" [ "algorithm", "dummy" ] everySecond (deployments [ "orders" ])
                        ]

                    use taken = new Net.Sockets.TcpListener(Net.IPAddress.Loopback, 0)
                    taken.Start()
                    let port = (taken.LocalEndpoint :?> Net.IPEndPoint).Port

                    let! (outcome: Tool.Outcome) =
                        Tool.run [
                            "run"
                            file
                            "--dry-run"
                            "--store"
                            Path.Combine(folder, "kta.db")
                            "--metrics-port"
                            string port
                        ]

                    Expect.equal outcome.Code 1 outcome.Notes
                    Expect.stringContains outcome.Notes "Give another --metrics-port" "what to do"
                })
        }

        testTask "a folder without policies is waited for" {
            do!
                Tool.inFolder (fun folder -> task {
                    let policies = Directory.CreateDirectory(Path.Combine(folder, "policies")).FullName
                    use running = started folder [ policies; "--dry-run" ]
                    let! _ = running.Note "no policy in these files yet"

                    write policies "orders.yaml" [
                        policy "orders" [ "algorithm", "dummy" ] everySecond (deployments [ "orders" ])
                    ]
                    |> ignore

                    let! _ = running.Decision()
                    let! code = running.Stop()
                    Expect.equal code 0 "it ends in order"
                })
        }
    ]

let tests = testList "kta run" [ twice; metrics; refused; surroundings ]
