/// Calls that reach no step: each is counted, with its reason.
module Kta.Functional.Tests.Telemetry.RefusalTests

open System
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Http.CountedSteps
open Kta.Functional.Tests.Http.FailureTests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

let private monitor = "/api/v1alpha1/monitor"
let private large = Requests.ofNodes [ "orders" ] $"{{\"text\":\"{String('x', 100_000)}\"}}" "{}" "[]"

let private sendAs (server: RunningServer) (header: string) (value: string) (body: byte array) : Task<Reply> = task {
    use request =
        new HttpRequestMessage(HttpMethod.Post, Uri(monitor, UriKind.Relative), Content = new ByteArrayContent(body))

    for name, value in [ "Content-Type", "application/json"; header, value ] do
        let headers = (nonNull request.Content).Headers
        headers.Remove name |> ignore
        headers.TryAddWithoutValidation(name, value) |> ignore

    return! server.SendWith(request, CancellationToken.None)
}

/// Several at once where one may be, and one that was refused.
let private several (server: RunningServer) (body: string) = task {
    let! replies = Task.WhenAll [ for _ in 1..3 -> server.Call("monitor", body) ]
    return replies |> Array.find (fun reply -> reply.Status = 429 || reply.Status = 503)
}

let private blocked () =
    let gate = newGate ()
    gate, obedient gate

type private Case = {
    Reason: string
    Options: HttpBackendOptions -> unit
    Algorithm: Algorithm
    /// Makes a call that is refused.
    Call: RunningServer -> Task<Reply>
}

let private case reason call = {
    Reason = reason
    Options = ignore
    Algorithm = plain
    Call = call
}

let private cases = [
    case "method" (fun server -> server.Send("PUT", monitor, "{}"B, "application/json"))
    case "content_type" (fun server -> server.Send("POST", monitor, "{}"B, "text/plain"))
    case "content_encoding" (fun server -> sendAs server "Content-Encoding" "gzip" "{}"B)
    case "charset" (fun server ->
        sendAs server "Content-Type" "application/json; charset=iso-8859-1" (Encoding.Latin1.GetBytes "{\"id\":\"ü\"}"))
    {
        case "too_large" (fun server -> server.Call("monitor", large)) with
            Options = fun options -> options.MaxRequestBodySize <- 1_000L
    }
    {
        case "unreadable" (fun server -> sendAs server "Content-Encoding" "gzip" "{}"B) with
            Options =
                fun options ->
                    options
                    |> alsoConfigure (fun builder -> builder.Services.AddRequestDecompression() |> ignore)

                    options.ConfigureApp <- fun app -> app.UseRequestDecompression() |> ignore
    }
    {
        case "internal_error" (fun server -> server.Send("PUT", monitor, "{}"B, "application/json")) with
            Options = alsoConfigure (fun builder -> builder.Logging.AddProvider(new BrokenLog()) |> ignore)
    }
    {
        case "queue_full" (fun server -> several server (withId "wait")) with
            Options =
                fun options ->
                    shortLimit options
                    options.MaxConcurrentCalls <- 1
                    options.MaxQueuedCalls <- 0
            Algorithm = snd (blocked ())
    }
    {
        case "memory" (fun server -> several server (large.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", "wait"))) with
            Options =
                fun options ->
                    shortLimit options
                    options.MaxRequestMemory <- 150_000L
            Algorithm = snd (blocked ())
    }
    {
        case "abandoned_steps" (fun server -> task {
            let! _ = server.Call("monitor", withId "wait")
            return! server.Call("monitor", Requests.first)
        }) with
            Options =
                fun options ->
                    shortLimit options
                    options.MaxAbandonedSteps <- 1
            Algorithm = snd (blocked ())
    }
    {
        case "changed_decision" (fun server -> task {
            do! succeed server (request "one")
            let! _ = server.Log.Await "ChangedDecision"
            return! server.Call("monitor", request "one")
        }) with
            Options = fun options -> options.RefuseStatefulSteps <- true
            Algorithm = counting (new CallLog())
    }
]

let private everyReason = test "the page names every reason, and they are all tried here" {
    expectNames
        ("queue_timeout" :: [ for one in cases -> one.Reason ])
        [ for reason, _ in TelemetryPage.refusals -> reason ]
        "reasons"
}

let private counted (one: Case) =
    testCaseTask $"{one.Reason} is counted, with the status that the page tells"
    <| fun () ->
        serveHeard one.Options one.Algorithm (fun server heard -> task {
            let! reply = one.Call server
            let statuses = TelemetryPage.refusals |> List.find (fst >> (=) one.Reason) |> snd
            Expect.stringContains statuses (string reply.Status) reply.Text

            Expect.equal
                (sums "kta.functional.calls.refused" (heard ())
                 |> List.filter (fun (tags, sum) -> sum > 0.0 && List.contains ("error.type", one.Reason) tags)
                 |> List.map fst)
                [ [ "kta.step", "monitor"; "error.type", one.Reason ] ]
                "the reason"
        })

let private waiting =
    testCaseTask
        "calls that wait for their turn are counted while they do, and refused with queue_timeout when it is too late"
    <| fun () ->
        let gate, algorithm = gated ()

        let one (options: HttpBackendOptions) =
            options.StepTimeLimit <- TimeSpan.FromSeconds 2.0
            options.MaxConcurrentCalls <- 1

        serveHeard one algorithm (fun server heard -> task {
            let queued () = sumOf "kta.functional.calls.queued" [] (heard ())
            Expect.equal (queued ()) (Some 0.0) "from the start"
            let first = server.Call("monitor", Requests.first)
            do! gate.Begun.WaitAsync()
            let second = server.Call("monitor", Requests.first)
            do! until (fun () -> if queued () = Some 1.0 then Some() else None)
            gate.Open.SetResult()
            let! replies = Task.WhenAll(first, second)
            Expect.equal [ for reply in replies -> reply.Status ] [ 200; 200 ] "both are served"
            Expect.equal (queued ()) (Some 0.0) "nobody waits"
        })

let private tooLate =
    testCaseTask "a call that waits longer than a step may take is refused with queue_timeout"
    <| fun () ->
        let gate, algorithm = blocked ()

        let one (options: HttpBackendOptions) =
            shortLimit options
            options.MaxConcurrentCalls <- 1

        serveHeard one algorithm (fun server heard -> task {
            let! reply = several server (withId "wait")
            Expect.equal reply.Status 503 reply.Text
            gate.Open.SetResult()

            Expect.isGreaterThan
                (sumOf
                    "kta.functional.calls.refused"
                    [ "kta.step", "monitor"; "error.type", "queue_timeout" ]
                    (heard ()))
                (Some 0.0)
                "the reason"
        })

let private question =
    testCaseTask "a question that is refused is not counted among calls"
    <| fun () ->
        serveHeard ignore plain (fun server heard -> task {
            for verb, contentType, status in [ "GET", "application/json", 405; "POST", "text/plain", 415 ] do
                let body: byte array | null = if verb = "GET" then null else "{}"B
                let! reply = server.Send(verb, "/api/v1alpha1/explain", body, contentType)
                Expect.equal reply.Status status reply.Text

            Expect.all (heard ()) (fun one -> one.Value = 0.0) "no call"
        })

let tests =
    testList "A refused call" [ everyReason; question; yield! List.map counted cases; waiting; tooLate ]
