/// A Flink that cannot be scaled, and what is said then.
module Kta.Functional.Operator.Tests.Flink.FailingFlink

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Operator.Tests.Flink.FakeFlink

/// Every node has failed, with one problem.
let failing (driver: FlinkScaleDriver) : Task<string> = task {
    let! result = scaled driver [ "source", 3; "map", 5 ]
    Expect.all result.Nodes (fun node -> node.Outcome = ScalingOutcome.Failed) "each node has failed"
    Expect.equal (Seq.length result.Nodes) 2 "both are there"
    Expect.isFalse result.IsComplete "and that is seen"
    return problems result |> List.distinct |> List.exactlyOne
}

let failure (flink: Flink) (other: Asked -> Answer option) (said: string -> string list) = task {
    use! served = startWith other flink
    use driver = driverOf served
    let! problem = failing driver

    for part in said served.Address do
        Expect.stringContains problem part "what is said"

    Expect.equal served.Now.Required flink.Required "nothing was taken"
}

let unanswered (_: Asked) : Answer option = None
let jobPath = $"/jobs/{orders.Jid}"
let requirementsPath = $"{jobPath}/resource-requirements"

let on (method: string) (path: string) (answer: Answer) (asked: Asked) =
    if asked.Method = method && asked.Path = path then
        Some answer
    else
        None

let errors (status: int) (text: string) =
    FakeSystem.status status (System.Text.Json.JsonSerializer.Serialize {| errors = [ text ] |})

let serverSide (text: string) =
    FakeSystem.status
        500
        (System.Text.Json.JsonSerializer.Serialize {|
            errors = [
                "Internal server error."
                $"<Exception on server side:\njava.util.concurrent.CompletionException: {text}\n\tat java.base/x.y\nEnd of exception on server side>"
            ]
        |})
