module Kta.Functional.Tests.Http.OwnEndpointsTests

open System
open Expecto
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http

let private text (value: string) = Func<string>(fun () -> value)

let private serveWithEndpoints (map: WebApplication -> unit) check =
    serveWith (fun options -> options.ConfigureApp <- Action<WebApplication> map) plain check

let private get (server: RunningServer) (path: string) = server.Send("GET", path, null, null)

let private expectOurs (server: RunningServer) = task {
    let! step = server.Call("monitor", Requests.first)
    Expect.equal (step.Status, step.Text) (200, """{"ok":true}""") "a step"
    let! health = get server "/health/ready"
    Expect.equal (health.Status, health.Text) (200, """{"status":"ok"}""") "a probe"
    let! description = get server "/openapi.json"
    Expect.stringContains description.Text "operationId" "the description"
}

let tests =
    testSequenced
    <| testList "Endpoints of one's own" [
        testCaseTask "are served beside ours"
        <| fun () -> task {
            do!
                serveWithEndpoints
                    (fun app ->
                        app.MapGet("/metrics", text "up 1") |> ignore
                        app.MapGet("/orders/{id}", Func<string, string>(fun id -> id)) |> ignore)
                    (fun server -> task {
                        let! metrics = get server "/metrics"
                        Expect.equal (metrics.Status, metrics.Text) (200, "up 1") "theirs"
                        let! order = get server "/orders/7"
                        Expect.equal (order.Status, order.Text) (200, "7") "with parameters"
                        do! expectOurs server
                        let! missing = get server "/nothing"
                        Expect.equal missing.Status 404 missing.Text
                        Expect.stringContains missing.Message "/api/v1alpha1/monitor" "still helpful"
                    })
        }

        testCaseTask "that take whatever nobody else has, take nothing of ours"
        <| fun () -> task {
            for map in
                [
                    (fun (app: WebApplication) -> app.MapFallback(text "theirs") |> ignore)
                    fun app -> app.MapGet("/{**rest}", text "theirs") |> ignore
                    fun app -> app.MapGet("/{first}/{second?}", text "theirs") |> ignore
                ] do
                do!
                    serveWithEndpoints map (fun server -> task {
                        do! expectOurs server
                        let! other = get server "/other"
                        Expect.equal (other.Status, other.Text) (200, "theirs") "what is left"
                    })
        }

        testCaseTask "at exactly the path of a probe or of the description stand in for ours"
        <| fun () -> task {
            do!
                serveWithEndpoints
                    (fun app ->
                        app.MapGet("/health/live", text "mine") |> ignore
                        app.MapGet("openapi.json", text "mine") |> ignore)
                    (fun server -> task {
                        for path in [ "/health/live"; "/openapi.json" ] do
                            let! reply = get server path
                            Expect.equal (reply.Status, reply.Text) (200, "mine") path

                        let! ready = get server "/health/ready"
                        Expect.equal ready.Text """{"status":"ok"}""" "the others stay"
                    })
        }

        testCaseTask "below a path base are found as well"
        <| fun () -> task {
            do!
                serveWithEndpoints
                    (fun app ->
                        app.UsePathBase("/base") |> ignore
                        app.MapGet("/metrics", text "up 1") |> ignore)
                    (fun server -> task {
                        let! metrics = get server "/base/metrics"
                        Expect.equal (metrics.Status, metrics.Text) (200, "up 1") "theirs"
                        let! step = server.Post("/base/api/v1alpha1/monitor", Requests.first)
                        Expect.equal step.Status 200 step.Text
                    })
        }
    ]
