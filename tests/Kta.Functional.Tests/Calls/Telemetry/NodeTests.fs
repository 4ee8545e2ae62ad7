/// What a plan tells of its nodes.
module Kta.Functional.Tests.Telemetry.NodeTests

open System
open System.Diagnostics.Metrics
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched
open Microsoft.Extensions.DependencyInjection

let private decided =
    testCaseTask
        "a plan tells what is wanted, what was applied, and what it has left out, though nobody asked for reasons"
    <| fun () -> task {
        use meters = ServiceCollection().AddMetrics().BuildServiceProvider()
        let factory = meters.GetRequiredService<IMeterFactory>()
        use listening = new Listening()
        let runner = StepRunner(watched (newGate ()), meters = factory)
        let! reply = runner.RunAsync(Step.Plan, Recording.Recordings.utf8 planning)
        Expect.equal (reply.StatusCode, reply.Explanation) (200, null) "nobody asked"
        let heard = listening.By factory
        let orders = [ "kta.node", "Deployment/orders" ]
        Expect.equal (newest "kta.functional.parallelism.decided" heard) [ orders, 3.0 ] "wanted"
        Expect.equal (newest "kta.functional.parallelism.previous" heard) [ orders, 4.0 ] "applied"
        Expect.equal (sumOf "kta.functional.history.skipped" [ "kta.step", "plan" ] heard) (Some 1.0) "left out"
        Expect.equal (sumOf "kta.functional.decisions" [] heard) (Some 1.0) "one plan"

        Expect.equal
            (sumOf "kta.functional.request.size" [ "kta.step", "plan" ] heard)
            (Some(float planning.Length))
            "bytes"
    }

let private many =
    testCaseTask "of more than 1,000 nodes the first have series of their own, and the others share one with their sum"
    <| fun () -> task {
        use meters = ServiceCollection().AddMetrics().BuildServiceProvider()
        let factory = meters.GetRequiredService<IMeterFactory>()
        use listening = new Listening()
        // Two algorithms of one application share the bound.
        for runner in [ for _ in 1..2 -> StepRunner(plain, meters = factory) ] do
            for names in [ [ 1..600 ]; [ 500..1100 ] ] do
                let request = Requests.ofNodes [ for i in names -> $"n{i}" ] "{}" "{}" "[]"
                let! reply = runner.RunAsync(Step.Plan, Recording.Recordings.utf8 request)
                Expect.equal reply.StatusCode 200 "decided"

        let series = newest "kta.functional.parallelism.decided" (listening.By factory)
        Expect.hasLength series 1001 "series"

        Expect.equal
            (series |> List.find (fun (tags, _) -> tags = [ "kta.node", "_OTHER" ]))
            ([ "kta.node", "_OTHER" ], 100.0)
            "all that is beyond"

        Expect.exists series (fun (tags, _) -> tags = [ "kta.node", "Deployment/n1000" ]) "the last with a name"
    }

let private gone =
    testCaseTask "each node tells the time of its newest plan, so that one that left the topology can be told apart"
    <| fun () -> task {
        use meters = ServiceCollection().AddMetrics().BuildServiceProvider()
        let factory = meters.GetRequiredService<IMeterFactory>()
        use listening = new Listening()
        let runner = StepRunner(plain, meters = factory)
        let before = DateTimeOffset.UtcNow.ToUnixTimeSeconds()

        for names in [ [ "orders"; "gone" ]; [ "orders" ] ] do
            let! reply =
                runner.RunAsync(Step.Plan, Recording.Recordings.utf8 (Requests.ofNodes names "{}" "{}" "[]"))

            Expect.equal reply.StatusCode 200 "decided"

        let after = DateTimeOffset.UtcNow.ToUnixTimeSeconds()

        let times =
            listening.By factory
            |> List.filter (fun one -> one.Name = "kta.functional.parallelism.decided.time")

        Expect.equal
            [ for one in times -> snd one.Tags.Head ]
            [ "Deployment/orders"; "Deployment/gone"; "Deployment/orders" ]
            "with each plan, of its nodes"

        for one in times do
            Expect.isTrue (one.Value >= float before && one.Value <= float after) $"seconds of Unix time: {one.Value}"
    }

let private alike =
    testCaseTask "nodes whose names read alike have series of their own"
    <| fun () -> task {
        use meters = ServiceCollection().AddMetrics().BuildServiceProvider()
        let factory = meters.GetRequiredService<IMeterFactory>()
        use listening = new Listening()
        let runner = StepRunner(plain, meters = factory)
        let long = String('x', 500)

        let deployments =
            Requests.ofNodes [ "orders"; "a\u0001"; "a\u0002"; long + "1"; long + "2" ] "{}" "{}" "[]"

        let vertices =
            [
                for id in [ "Deployment/orders"; "_OTHER" ] ->
                    $"{{\"type\":\"flinkStreamingGraphNode\",\"fields\":\"id={id}\"}},"
            ]
            |> String.concat ""

        let request = deployments.Replace("\"topology\":[", "\"topology\":[" + vertices)
        let! reply = runner.RunAsync(Step.Plan, Recording.Recordings.utf8 request)
        Expect.equal reply.StatusCode 200 (Encoding.UTF8.GetString reply.Body.Span)

        Expect.equal
            [
                for tags, _ in newest "kta.functional.parallelism.decided" (listening.By factory) ->
                    (snd tags.Head).Replace(String('x', 389), "x..x")
            ]
            [
                "Deployment/orders"
                "_OTHER (2)"
                "Deployment/orders (2)"
                "Deployment/a\uFFFD"
                "Deployment/a\uFFFD (2)"
                "Deployment/x..x…"
                "Deployment/x..x… (2)"
            ]
            "series"
    }

let tests = testList "A node that is measured" [ decided; many; gone; alike ]
