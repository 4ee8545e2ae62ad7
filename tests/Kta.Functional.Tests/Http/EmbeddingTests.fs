module Kta.Functional.Tests.Http.EmbeddingTests

open System
open System.Net.Http
open System.Text
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.Calling
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

let private dummy () = DummyAutoscaler.Create() :> Algorithm

let private messageOf<'error when 'error :> exn> (action: unit -> unit) =
    try
        action ()
        failtest "nothing was thrown"
    with :? 'error as error ->
        error.Message

let private postTo (client: HttpClient) (url: Uri) = task {
    use content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
    use! response = client.PostAsync(url, content)
    return! response.Content.ReadAsStringAsync()
}

let private post (client: HttpClient) (path: string) =
    postTo client (Uri(client.BaseAddress |> Unchecked.nonNull, path))

let tests =
    testSequenced
    <| testList "Inside of an application" [
        testCaseTask "MapKta serves the steps beside other endpoints, and takes conventions"
        <| fun () -> task {
            let seen = ResizeArray<string>()

            do!
                inside
                    ignore
                    (fun app ->
                        app.MapGet("/hello", Func<string>(fun () -> "hello")) |> ignore

                        app.MapKta(dummy ()).Add(fun endpoint -> seen.Add(string endpoint.DisplayName)))
                    (fun client -> task {
                        let! hello = client.GetStringAsync "/hello"
                        Expect.equal hello "hello" "the application's own"
                        let! reply = post client "/api/v1alpha1/monitor"
                        Expect.equal reply """{"numInvocations":1}""" "ours"

                        Expect.equal
                            (List.ofSeq seen)
                            [
                                "KTA /api/v1alpha1/monitor"
                                "KTA /api/v1alpha1/analyze"
                                "KTA /api/v1alpha1/plan"
                                "KTA /api/v1alpha1/explain"
                            ]
                            "conventions reach every step"
                    })
        }

        testCaseTask "AddKta makes the algorithm from services; what is registered first stays"
        <| fun () -> task {
            do!
                inside
                    (fun builder ->
                        builder.Services.AddSingleton(DummyOptions(1, 7, 9)) |> ignore

                        builder.Services.AddKta(
                            (fun services ->
                                DummyAutoscaler.Create(services.GetRequiredService<DummyOptions>()) :> Algorithm),
                            (fun options -> options.Prefix <- "/kta")
                        )
                        |> ignore

                        builder.Services.AddKta(DummyAutoscaler.CreateMonitor()) |> ignore)
                    (fun app -> app.MapKta() |> ignore)
                    (fun client -> task {
                        let request =
                            Requests.ofNodes [ "orders" ] """{"numInvocations":1}""" """{"toggleState":1}""" "[]"

                        use content = new StringContent(request, Encoding.UTF8, "application/json")
                        use! response = client.PostAsync("/kta/plan", content)
                        let! reply = response.Content.ReadAsStringAsync()
                        Expect.stringContains reply """{"parallelism":9}""" "the options came from the services"
                    })
        }

        testCaseTask "a call under way is answered when the application stops"
        <| fun () -> task {
            let gate, algorithm = GatedStep.gated ()

            do!
                inside
                    (fun builder -> builder.Services.AddKta algorithm |> ignore)
                    (fun app ->
                        app.MapKta() |> ignore
                        app.MapPost("/stop", Action(fun () -> app.Lifetime.StopApplication())) |> ignore)
                    (fun client -> task {
                        let call = post client "/api/v1alpha1/monitor"
                        do! gate.Begun.WaitAsync()
                        use! stopping = client.PostAsync("/stop", null)
                        Expect.equal (int stopping.StatusCode) 200 "it has begun to stop"
                        let! ready = client.GetAsync "/health/ready"
                        Expect.equal (int ready.StatusCode) 503 "and takes no new calls"
                        gate.Open.SetResult()
                        let! reply = call
                        Expect.equal reply """{"ok":true}""" "the answer still comes"
                    })
        }

        testCaseTask "MapKta without AddKta says which call is missing"
        <| fun () -> task {
            do!
                inside
                    ignore
                    (fun app ->
                        Expect.equal
                            (messageOf<IllegalStateException>(fun () -> app.MapKta() |> ignore))
                            "There is no algorithm to map. Call services.AddKta(algorithm) before the application is built, or endpoints.MapKta(algorithm)."
                            "the whole message")
                    (fun _ -> Task.FromResult())
        }

        testCaseTask "Kta.handler is a Giraffe handler: it serves its paths and skips all others"
        <| fun () -> task {
            let elsewhere: HttpHandler =
                fun next ctx -> task {
                    do! ctx.Response.WriteAsync "elsewhere"
                    return! next ctx
                }

            let choose (handlers: HttpHandler list) : HttpHandler =
                fun next ctx -> task {
                    let mutable served = None

                    for handler in handlers do
                        if Option.isNone served then
                            let! result = handler next ctx
                            served <- result

                    return served
                }

            let app' = choose [ Kta.handler (dummy ()); elsewhere ]

            do!
                inside
                    ignore
                    (fun app -> app.Run(fun ctx -> app' (fun c -> Task.FromResult(Some c)) ctx :> Task))
                    (fun client -> task {
                        let! ours = post client "/api/v1alpha1/monitor"
                        Expect.equal ours """{"numInvocations":1}""" "the step"
                        let! theirs = post client "/api/v1alpha1/other"
                        Expect.equal theirs "elsewhere" "the rest of the application"
                    })
        }
    ]
