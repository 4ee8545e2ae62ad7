module Kta.Functional.Tests.Http.PlacesTests

open System
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

/// Counts how many steps run at once.
type private Crowd() =
    let mutable now = 0
    let mutable most = 0

    member _.Most = Volatile.Read &most

    member this.Enter() =
        let here = Interlocked.Increment &now
        lock this (fun () -> most <- max most here)

    member _.Leave() = Interlocked.Decrement &now |> ignore

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
    testList "Places" [
        testCaseTask "many calls, and callers that leave while they wait: never more run than may, and no place is lost"
        <| fun () -> task {
            let crowd = Service.Of(Crowd())
            let together = Service.Of(new Barrier(places))

            let algorithm =
                plain
                    .WithMonitor(fun (_: MonitorCtx) (_: CancellationToken) -> task {
                        crowd.Value.Enter()
                        do! Task.Yield()
                        Thread.SpinWait 500
                        do! Task.Yield()
                        crowd.Value.Leave()
                        return ok ()
                    })
                    .WithAnalyze(fun (_: AnalyzeContext<JsonObject, JsonObject>) (token: CancellationToken) -> task {
                        do! Task.Yield()
                        together.Value.SignalAndWait token
                        return ok ()
                    })

            let handler = Kta.handlerWith (KtaOptions(MaxConcurrentCalls = places)) algorithm

            let caller (number: int) =
                Task.Run<unit>(fun () -> task {
                    let random = Random number

                    for _ in 1..400 do
                        use leaving = new CancellationTokenSource()
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
