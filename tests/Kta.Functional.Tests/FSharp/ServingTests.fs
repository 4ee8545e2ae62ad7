/// Serving F# algorithms, and the token that tells a step that nobody waits any more.
module Kta.Functional.Tests.FSharp.ServingTests

open System
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.Loads
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

let private autoscaler = algorithm {
    monitor (fun ctx -> task { return load })
    analyze (fun ctx -> demandOf ctx.MonitorResult)
    plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
}

let private quietOptions () =
    HttpBackendOptions(
        Host = "127.0.0.1",
        Port = Nullable 0,
        ConfigureBuilder = (fun builder -> builder.Logging.ClearProviders() |> ignore)
    )

let private post (address: Uri) (body: string) = task {
    use client = new HttpClient()
    use content = new StringContent(body, Encoding.UTF8, "application/json")
    use! reply = client.PostAsync(address, content)
    let! text = reply.Content.ReadAsStringAsync()
    return int reply.StatusCode, text
}

let private served =
    testList "HttpBackend" [
        testCaseTask "starts at a free port, answers a call, and stops when it is disposed of"
        <| fun () -> task {
            let! address = task {
                use! server = autoscaler |> HttpBackend.startWith (quietOptions ())
                let! reply = post (Uri(server.BaseAddress, "/api/v1alpha1/monitor")) Requests.first
                Expect.equal reply (200, """{"recordsPerSecond":12000}""") "the step's answer"
                return server.BaseAddress
            }

            let! error = task {
                try
                    let! _ = post (Uri(address, "/api/v1alpha1/monitor")) Requests.first
                    return None
                with :? HttpRequestException as error ->
                    return Some error.HttpRequestError
            }

            Expect.equal error (Some HttpRequestError.ConnectionError) "nobody listens any more"
        }

        testCaseTask "decides over HTTP what the loop decides in process"
        <| fun () -> task {
            use! server = autoscaler |> HttpBackend.startWith (quietOptions ())
            let! remote = LocalOperator.RunAsync(StepEndpoints.At(string server.BaseAddress), two, 2)
            let! local = turn 2 autoscaler
            Expect.equal (decisions remote) (decisions local) "the same"
        }

        test "refuses options out of range, all in one message" {
            let options = HttpBackendOptions(Port = Nullable 70_000, StepTimeLimit = TimeSpan.Zero)

            Expect.equal
                (thrownBy<ArgumentException>(fun () -> autoscaler |> HttpBackend.startWith options |> ignore))
                "The HTTP options do not work: StepTimeLimit has to be positive and at most a day, or Timeout.InfiniteTimeSpan for none; it is 00:00:00; Port has to be from 0 to 65535; it is 70000."
                "the whole message"

            Expect.equal
                (thrownBy<ArgumentException>(fun () -> autoscaler |> HttpBackend.runAt "127.0.0.1" -1))
                "The HTTP options do not work: Port has to be from 0 to 65535; it is -1."
                "the whole message"
        }
    ]

let private elsewhere: Kta.Functional.Http.HttpHandler =
    fun next ctx -> task {
        do! ctx.Response.WriteAsync "elsewhere"
        return! next ctx
    }

let private choose (handlers: Kta.Functional.Http.HttpHandler list) : Kta.Functional.Http.HttpHandler =
    fun next ctx -> task {
        let mutable served = None

        for handler in handlers do
            if Option.isNone served then
                let! result = handler next ctx
                served <- result

        return served
    }

let private inside (webApp: Kta.Functional.Http.HttpHandler) check = task {
    let builder = WebApplication.CreateBuilder()
    builder.Logging.ClearProviders() |> ignore
    builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
    let app = builder.Build()
    app.Run(fun ctx -> webApp (fun ctx -> Task.FromResult(Some ctx)) ctx :> Task)
    do! app.StartAsync()
    do! check (fun (path: string) -> post (Uri(Uri(Seq.head app.Urls), path)) Requests.first)
    do! app.StopAsync()
    do! app.DisposeAsync()
}

let private embedded =
    testList "Kta.handler" [
        testCaseTask "serves its steps and skips everything else"
        <| fun () ->
            inside (choose [ Kta.handler autoscaler; elsewhere ]) (fun post -> task {
                let! ours = post "/api/v1alpha1/monitor"
                Expect.equal ours (200, """{"recordsPerSecond":12000}""") "the step"
                let! theirs = post "/api/v1alpha1/other"
                Expect.equal theirs (200, "elsewhere") "the rest of the application"
            })

        testCaseTask "serves below another path"
        <| fun () ->
            inside (choose [ Kta.handlerWith (KtaOptions(Prefix = "/scaling")) autoscaler; elsewhere ]) (fun post -> task {
                let! ours = post "/scaling/monitor"
                Expect.equal ours (200, """{"recordsPerSecond":12000}""") "the step"
                let! theirs = post "/api/v1alpha1/monitor"
                Expect.equal theirs (200, "elsewhere") "not there"
            })
    ]

/// A step that waits until it is told to stop, and says so.
type private Waiting() =
    let told = TaskCompletionSource()
    member _.Told = told.Task

    member _.Forever(token: CancellationToken) : Task = task {
        use _ = token.Register(fun () -> told.SetResult())
        do! Task.Delay(Timeout.InfiniteTimeSpan, token)
    }

let private expired step (algorithm: Algorithm) (waiting: Waiting) = task {
    let request = requestWith """{"recordsPerSecond":12000}""" """{"instances":3}"""
    let! text = outOfTime algorithm step request

    Expect.equal
        text
        $"{(string step).ToLowerInvariant()} took longer than its time limit of 0.05 s and was given up. The operator waits 5 s by default. Make the step faster, pass its CancellationToken on, or raise both limits."
        "the whole message"

    do! waiting.Told.WaitAsync(TimeSpan.FromSeconds 30.0)
}

let private tokens =
    testList "The token reaches, when the time is up," [
        testCaseTask "a monitor task"
        <| fun () -> task {
            let waiting = Service.Of(Waiting())

            let slow = algorithm {
                monitor (fun ctx ct -> task {
                    do! waiting.Value.Forever ct
                    return load
                })
            }

            do! expired Step.Monitor slow waiting.Value
        }

        testCaseTask "a monitor async"
        <| fun () -> task {
            let waiting = Service.Of(Waiting())

            let slow = algorithm {
                monitor (fun ctx -> async {
                    let! token = Async.CancellationToken
                    do! Async.AwaitTask(waiting.Value.Forever token)
                    return load
                })
            }

            do! expired Step.Monitor slow waiting.Value
        }

        testCaseTask "an analyze async that may have nothing to say"
        <| fun () -> task {
            let waiting = Service.Of(Waiting())

            let slow = algorithmFor<Load, Demand> {
                analyze (fun ctx -> async {
                    let! token = Async.CancellationToken
                    do! Async.AwaitTask(waiting.Value.Forever token)
                    return None
                })
            }

            do! expired Step.Analyze slow waiting.Value
        }

        testCaseTask "a plan task"
        <| fun () -> task {
            let waiting = Service.Of(Waiting())

            let slow = algorithmFor<Load, Demand> {
                plan (fun ctx ct -> task {
                    do! waiting.Value.Forever ct
                    return Plan.single 1
                })
            }

            do! expired Step.Plan slow waiting.Value
        }
    ]

let tests = testSequenced (testList "F# serving" [ served; embedded; tokens ])
