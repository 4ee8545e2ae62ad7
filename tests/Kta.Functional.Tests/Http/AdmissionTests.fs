module Kta.Functional.Tests.Http.AdmissionTests

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection

/// Counts how many steps run at once, without those whose caller has gone: they are abandoned, and count as such.
type private Crowd() =
    let inside = HashSet<CancellationToken>()
    let mutable most = 0

    member _.Most = Volatile.Read &most

    member _.Enter(gone: CancellationToken) =
        lock inside (fun () ->
            inside.Add gone |> ignore

            most <-
                max
                    most
                    (inside
                     |> Seq.filter (fun other -> not other.IsCancellationRequested)
                     |> Seq.length))

    member _.Leave(gone: CancellationToken) = lock inside (fun () -> inside.Remove gone |> ignore)

let private places = 3
let private body = Encoding.UTF8.GetBytes Requests.first

let private services = ServiceCollection().AddLogging().BuildServiceProvider() :> IServiceProvider

/// Calls a step without a socket between, so that callers leave at any moment; the status, 200 if none was set.
let private call (handler: HttpHandler) (step: string) (gone: CancellationToken) : Task<int> = task {
    let ctx = DefaultHttpContext(RequestServices = services, RequestAborted = gone)
    ctx.Request.Method <- "POST"
    ctx.Request.Path <- PathString $"/api/v1alpha1/{step}"
    ctx.Request.ContentLength <- Nullable body.LongLength
    ctx.Request.Body <- new MemoryStream(body)
    let! _ = handler (fun ctx -> Task.FromResult(Some ctx)) ctx
    return ctx.Response.StatusCode
}

let tests =
    testList "Admission" [
        testCaseTask "many calls, and callers that leave while they wait: never more run than may, and no place is lost"
        <| fun () -> task {
            let crowd = Service.Of(Crowd())
            let together = Service.Of(new Barrier(places))
            let gone = Service.Of(AsyncLocal<CancellationToken>())

            let algorithm =
                plain
                    .WithMonitor(fun (_: MonitorCtx) (_: CancellationToken) -> task {
                        let mine = gone.Value.Value
                        crowd.Value.Enter mine
                        do! Task.Yield()
                        Thread.SpinWait 500
                        do! Task.Yield()
                        crowd.Value.Leave mine
                        return ok ()
                    })
                    .WithAnalyze(fun (_: AnalyzeContext<JsonObject, JsonObject>) (token: CancellationToken) -> task {
                        do! Task.Yield()
                        together.Value.SignalAndWait token
                        return ok ()
                    })

            let handler =
                Kta.handlerWith (KtaOptions(MaxConcurrentCalls = places, ReserveThreads = false)) algorithm

            let caller (number: int) =
                Task.Run<unit>(fun () -> task {
                    let random = Random number

                    for _ in 1..400 do
                        use leaving = new CancellationTokenSource()
                        gone.Value.Value <- leaving.Token
                        let called = call handler "monitor" leaving.Token

                        if random.Next 2 = 0 then
                            Thread.SpinWait(random.Next 2_000)
                            leaving.Cancel()

                        let! _ = called
                        ()
                })

            let! _ = Task.WhenAll [ for number in 1..16 -> caller number ]
            Expect.isLessThanOrEqual crowd.Value.Most places "as many as may"

            // They wait for each other, so each needs a place.
            let! all = Task.WhenAll [ for _ in 1..places -> call handler "analyze" CancellationToken.None ]
            Expect.allEqual all 200 "all places are still there"
        }
    ]
