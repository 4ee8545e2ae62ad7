/// `kta check` passes backends that obey the protocol, and finds what takes seconds to find.
module Kta.Cli.Tests.CheckBackendTests

open System
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Cli.Tests.Checking
open Kta.Cli.Tests.Endpoints
open Kta.Cli.Tests.Tool
open Kta.Functional
open Microsoft.AspNetCore.Http

let private findings (outcome: Outcome) =
    Expect.isNotEmpty outcome.Output outcome.Notes
    whateverTheMachineDoes (findingsIn outcome.Output)

/// A step of lambdas, as the first page of the documentation has it.
let private lambdas =
    Algorithm.Create(
        (fun (_: MonitorContext<JsonObject, JsonObject>) ->
            let load = JsonObject()
            load["recordsPerSecond"] <- JsonValue.Create 12_500.5
            load),
        (fun (context: PlanContext<JsonObject, JsonObject>) ->
            let rate = (nonNull context.MonitorResult["recordsPerSecond"]).GetValue<float>()
            Plan.ForEach(context.Topology, fun _ -> int (ceil (rate / 5_000.0))))
    )

/// What is said about `kta serve` with such arguments.
let private served (arguments: string list) (options: string list) = task {
    let port = freePort ()
    use ending = new CancellationTokenSource()

    let running =
        runUntil ending.Token ("serve" :: arguments @ [ "--host"; "127.0.0.1"; "--port"; string port ])

    do! isServing port "/health/ready"
    let! outcome = run ([ "check"; $"http://127.0.0.1:{port}"; "--json" ] @ options)
    ending.Cancel()
    let! _ = running
    return outcome
}

let tests =
    testList "kta check: backends" [
        testTask "ours with the dummy" {
            let! outcome = served [ "--algorithm"; "dummy" ] []
            Expect.equal (outcome.Code, findings outcome) (0, []) outcome.Output
        }

        for rule in [ "ds2"; "break-even"; "hpa" ] do
            testTask $"ours with the rule {rule}, whose monitor is another server" {
                let! outcome = served [ "--algorithm"; rule ] []
                Expect.equal (outcome.Code, findings outcome) (0, [ "note", "not-served", "monitor" ]) outcome.Output
            }

        testTask "ours with two lambdas, which have no analyze" {
            do!
                Runs.withSteps lambdas (fun server -> task {
                    let! outcome = run [ "check"; string server.BaseAddress; "--json" ]

                    Expect.equal
                        (outcome.Code, findings outcome)
                        (0, [ "note", "not-served", "analyze" ])
                        outcome.Output
                })
        }

        testTask "the Python SDK as it was recorded" {
            do!
                RecordedPython.serving (fun address -> task {
                    let! outcome = run [ "check"; address; "--json" ]
                    Expect.equal outcome.Code 0 outcome.Output

                    Expect.equal
                        (findings outcome
                         |> List.map (fun (severity, code, _) -> severity, code)
                         |> List.distinct)
                        [ "warning", "history-shape"; "warning", "history-empty"; "warning", "many-nodes" ]
                        "what its dummy cannot read, which was recorded, too"
                })
        }

        testTask "about the topology of a policy" {
            do!
                inFolder (fun folder -> task {
                    let policy = IO.Path.Combine(folder, "orders.yaml")

                    IO.File.WriteAllText(
                        policy,
                        """apiVersion: research.dynatrace.com/v1alpha1
kind: KtaPolicy
metadata: { name: orders }
spec:
  behavior: { udfs: { monitorEndpoint: http://a/monitor, planEndpoint: http://a/plan } }
  scaleDriver: { type: GenericKubernetes, genericKubernetesTopology: [{ kind: Deployment, name: only-this }] }
"""
                    )

                    let picky: Answer =
                        fun step request ->
                            if request.GetProperty("topology").GetRawText().Contains "only-this" then
                                obedient step request
                            else
                                500, """{"message":"who?"}"""

                    do!
                        serving picky send (fun address -> task {
                            let! whole = run [ "check"; address; "--policy"; policy; "--json" ]
                            Expect.equal (whole.Code, findings whole) (0, []) whole.Output
                            let! other = run [ "check"; address ]
                            Expect.equal other.Code 1 "topologies it does not know"
                        })
                })
        }

        testTask "an endpoint that never answers" {
            let mute (context: HttpContext) (step: string) (status: int) (text: string) : Task = task {
                if step = "monitor" then
                    do! Task.Delay(Timeout.Infinite, context.RequestAborted)
                else
                    do! send context step status text
            }

            do!
                serving obedient mute (fun address -> task {
                    let! outcome = run [ "check"; address; "--json" ]

                    Expect.equal
                        (outcome.Code, findings outcome)
                        (1,
                         [ "error", "silent", "monitor"; "note", "not-asked", "analyze"; "note", "not-asked", "plan" ])
                        outcome.Output

                    Expect.stringContains outcome.Output "\"complete\": false" "given up after it was seen twice"
                })
        }

        testTask "a body that never ends" {
            let endless (context: HttpContext) (step: string) (status: int) (text: string) : Task = task {
                if step = "plan" then
                    do! context.Response.WriteAsync "{"
                    do! context.Response.Body.FlushAsync()
                    do! Task.Delay(Timeout.Infinite, context.RequestAborted)
                else
                    do! send context step status text
            }

            do!
                serving obedient endless (fun address -> task {
                    let! outcome = run [ "check"; address; "--json" ]
                    Expect.equal (outcome.Code, findings outcome) (1, [ "error", "endless", "plan" ]) outcome.Output
                })
        }

        testTask "a body that is slow" {
            let mutable first = true

            let slow (context: HttpContext) (step: string) (status: int) (text: string) : Task = task {
                if step = "plan" && first then
                    first <- false
                    context.Response.StatusCode <- status
                    do! context.Response.Body.FlushAsync()
                    do! Task.Delay 1_500
                    do! context.Response.WriteAsync text
                else
                    do! send context step status text
            }

            do!
                serving obedient slow (fun address -> task {
                    let! outcome = run [ "check"; address; "--json" ]

                    Expect.equal outcome.Code 0 "a warning"
                    Expect.contains (findingsIn outcome.Output) ("warning", "slow-body", "plan") outcome.Output
                })
        }
    ]
