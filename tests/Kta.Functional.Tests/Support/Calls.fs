/// Calls of a step without HTTP: bytes in, bytes out.
module Kta.Functional.Tests.Calls

open System.Text
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls

type Untyped = Algorithm<JsonObject, JsonObject>

let bytes (algorithm: Algorithm) (step: Step) (request: byte array) : Task<StepReply> =
    StepRunner(algorithm).RunAsync(step, request)

let call algorithm step (request: string) : StepReply =
    (bytes algorithm step (Encoding.UTF8.GetBytes request)).GetAwaiter().GetResult()

let body (reply: StepReply) = Encoding.UTF8.GetString reply.Body.Span

let message (reply: StepReply) = Json.text (Json.parse (body reply)) "message"

/// The body of a call that has to work.
let answer algorithm step request : string =
    let reply = call algorithm step request
    Expect.equal reply.StatusCode 200 (body reply)
    body reply

/// The message of a call that has to be refused or to fail.
let refusal (status: int) algorithm step request : string =
    let reply = call algorithm step request
    Expect.equal reply.StatusCode status (body reply)
    message reply

/// The message of an exception that has to be thrown.
let thrownBy<'E when 'E :> exn> (action: unit -> unit) : string =
    match
        (try
            action ()
            None
         with :? 'E as error ->
             Some error.Message)
    with
    | Some text -> text
    | None -> failtest $"expected a {typeof<'E>.Name}, nothing was thrown"

let deployment (name: string) : TopologyNode = TopologyNode.Deployment name
let vertex (id: string) : TopologyNode = TopologyNode.Flink id
let orders, payments, audit = deployment "orders", deployment "payments", deployment "audit"

let planKey (name: string) =
    $$"""{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name={{name}}\"}"""

/// What the operator is told if every node gets the same parallelism.
let planText (names: string list) (parallelism: int) =
    let entries = [ for name in names -> $$"""{{planKey name}}":{"parallelism":{{parallelism}}}""" ]
    "{\"" + String.concat ",\"" entries + "}"
