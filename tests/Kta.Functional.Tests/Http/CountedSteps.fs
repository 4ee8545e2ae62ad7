/// Monitor steps whose calls are counted where no look at their code can see it.
module Kta.Functional.Tests.Http.CountedSteps

open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

let request (id: string) = Requests.first.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", id)

/// A request that differs from others by more than its id.
let differing (id: string) =
    (Requests.withHistory [ Requests.entry $"{{\"n\":\"{id}\"}}" "{}" ])
        .Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", id)

let answering (answer: int -> int) (asked: CallLog) : Untyped =
    plain.WithMonitor(fun (ctx: MonitorCtx) -> Json.object [ "n", JsonValue.Create(answer (asked.Note ctx.Id)) ])

let steady asked = answering (fun _ -> 1) asked
let counting asked = answering id asked

let succeed (server: RunningServer) body = task {
    let! reply = server.Call("monitor", body)
    Expect.equal reply.Status 200 reply.Text
}
