/// What the fluid model has to do by the theory it follows, whatever the numbers.
module Kta.Functional.Tests.Simulation.FluidModelTests

open System
open System.Threading.Tasks
open Expecto
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Tests.Generators
open Kta.Functional.Tests.Simulation.Applications

let private single rate parallelism arriving = chain [ "only", rate ] [ "only", parallelism ] (Trace.Constant arriving)

let private only = node "only"

let private lag (id: string) (app: SimulatedApplication) = app.Totals.Sources[node id].Lag

let private work (id: string) (app: SimulatedApplication) = app.Totals.Operators[node id]

/// Numbers of an operator, and of the rate that arrives.
let private sized = gen {
    let! rate = Gen.choose (1, 5_000) |> Gen.map float
    let! parallelism = Gen.choose (1, 40)
    let! more = Gen.choose (1, 2_000) |> Gen.map float
    return rate, parallelism, more
}

let tests =
    testList "The fluid model" [
        property "one operator saturates exactly at its capacity" 100 sized (fun (rate, parallelism, more) ->
            let capacity = rate * float parallelism
            let full = start (single rate parallelism capacity) |> advance 500
            Expect.equal (lag "only" full) 0.0 "everything is taken in"
            within 1e-12 1.0 (work "only" full).Busy "always busy"

            let over = start (single rate parallelism (capacity + more)) |> advance 500
            within 1e-9 (500.0 * more) (lag "only" over) "what is above the capacity waits"
            within 1e-12 1.0 (work "only" over).Busy "no more than always busy")

        property
            "below the capacity it is busy for rate / capacity, and nothing waits"
            100
            sized
            (fun (rate, parallelism, more) ->
                let capacity = rate * float parallelism
                let arriving = capacity * more / 2_001.0
                let app = start (single rate parallelism arriving) |> advance 300
                within 1e-9 (arriving / capacity) (work "only" app).Busy "busy"
                Expect.equal (lag "only" app) 0.0 "lag"
                Expect.equal (work "only" app).BackPressured 0.0 "nothing is blocked")

        test "back-pressure reaches the source through everything between, and what is downstream idles" {
            let app =
                chain
                    [ "source", 1_000.0; "a", 1_000.0; "b", 1_000.0; "slow", 300.0; "sink", 1_000.0 ]
                    [ "source", 1; "a", 1; "b", 1; "slow", 1; "sink", 1 ]
                    (Trace.Constant 600.0)
                |> start
                |> advance 600

            let settled = app.Totals
            let later = (advance 600 app).Totals.Since settled

            for id in [ "source"; "a"; "b" ] do
                within 1e-6 300.0 later.Operators[node id].Rate $"the rate of {id}"
                within 1e-6 0.3 later.Operators[node id].Busy $"{id} is busy"
                within 1e-6 0.7 later.Operators[node id].BackPressured $"{id} is blocked"

            within 1e-6 1.0 later.Operators[node "slow"].Busy "the bottleneck"
            within 1e-6 0.3 later.Operators[node "sink"].Busy "what is downstream"
            Expect.equal later.Operators[node "sink"].BackPressured 0.0 "nothing blocks the last one"

            within
                1e-6
                (300.0 * 600.0)
                (lag "source" (advance 600 app) - lag "source" app)
                "the lag grows by what is too much"
        }

        test "records in buffers count as what they were at the sources, however many of these feed them" {
            let joined =
                Application(
                    Operators = [|
                        StreamOperator("a", 100.0, Selectivity = 3.0)
                        StreamOperator("b", 100.0, Selectivity = 3.0)
                        StreamOperator("join", 1_000.0)
                    |],
                    Edges = [| TopologyEdge(node "a", node "join"); TopologyEdge(node "b", node "join") |],
                    Sources = traces [ "a", Trace.Constant 10.0; "b", Trace.Constant 30.0 ]
                )

            let mutable seen = struct (0.0, 0.0)
            let note = SampleObserver(fun sample -> seen <- struct (sample.Buffered, sample.Latency))
            (start joined).Advance(after 5, note) |> ignore
            Expect.equal seen (struct (40.0, 1.0)) "120 records are those of a second at the sources"
        }

        test "after a downtime D the lag is gone after D·λ / (c − λ) seconds" {
            for downtime, rate, capacity in [ 30, 1_000.0, 1_250.0; 60, 800.0, 1_000.0; 10, 99.0, 100.0 ] do
                let app = start (single capacity 1 rate) |> advance 100 |> _.Restart(after downtime)

                let up = advance downtime app
                within 1e-12 (float downtime * rate) (lag "only" up) "what arrived meanwhile"
                let needed = Math.Ceiling(float downtime * rate / (capacity - rate)) |> int
                Expect.isGreaterThan (lag "only" (advance (needed - 1) up)) 0.0 "not before"
                within 1e-6 0.0 (lag "only" (advance needed up)) "gone"
        }

        property
            "records are conserved end to end, through any topology, load and rescales"
            300
            movedApplication
            (fun (application, moves) -> conserves (moved application moves))

        property
            "a rescale loses none: queues and buffers are as they were"
            200
            movedApplication
            (fun (application, moves) ->
                let app = moved application moves

                let waiting (app: SimulatedApplication) = [
                    for node in app.Topology -> app.Totals.Operators[node].Waiting
                ]

                let plan = Plan.ForEach(app.Topology, (fun node -> app.Parallelism[node] + 1))
                Expect.equal (waiting (app.Rescale plan)) (waiting app) "waiting")

        property
            "no buffer holds more than its seconds of capacity, unless it has become smaller"
            200
            application
            (fun application ->
                let started = start application
                let capacity = [ for one in application.Operators -> one.CapacityAt started.Parallelism[one.Node] ]

                let look =
                    SampleObserver(fun sample ->
                        for i in 0 .. capacity.Length - 1 do
                            if sample.Sources.IndexOf i < 0 then
                                let most = capacity[i] * application.BufferSeconds
                                Expect.isLessThanOrEqual sample.Waiting[i] (most * (1.0 + 1e-9)) $"the buffer of {i}")

                started.Advance(after 400, look) |> ignore)

        property "it does not matter in how many pieces time passes" 100 movedApplication (fun (application, _) ->
            let app = start application
            let pieces = (app, [ 1; 2; 60; 37; 200; 1 ]) ||> List.fold (fun app time -> advance time app)
            Expect.equal pieces.Totals.InstanceSeconds (advance 301 app).Totals.InstanceSeconds "instance seconds"
            Expect.equal (seconds 5 pieces) (seconds 5 (advance 301 app)) "the seconds after")

        test "the same description gives the same bytes on any number of cores" {
            let application =
                orders (Trace.Sum(Trace.Walk(80_000.0, 9_000.0), Trace.Daily(10_000.0, 60_000.0).WithNoise 0.1))

            let once () = seconds 1_500 (start application)
            let alone = once ()

            let together =
                [| for _ in 1..16 -> Task.Run once |]
                |> Task.WhenAll
                |> _.GetAwaiter().GetResult()

            for one in together do
                Expect.equal one alone "every thread"
        }

        test "another seed is another load" {
            let application = orders (Trace.Walk(80_000.0, 9_000.0))
            let other = Application(Operators = application.Operators, Sources = application.Sources, Seed = 2L)
            Expect.notEqual (seconds 200 (start other)) (seconds 200 (start application)) "seconds"
        }
    ]
