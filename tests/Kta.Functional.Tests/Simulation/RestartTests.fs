/// Restarts: what they bring back, and what they wait for.
module Kta.Functional.Tests.Simulation.RestartTests

open System
open Expecto
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests.Generators
open Kta.Functional.Tests.Simulation.Applications

let private two =
    chain [ "source", 1_000.0; "map", 500.0 ] [ "source", 1; "map", 2 ] (Trace.constant 800.0)

let private lag (app: SimulatedApplication) = app.Totals.Sources[node "source"].Lag
let private mapped (app: SimulatedApplication) = app.Totals.Operators[node "map"]
let private scaled (count: int) (app: SimulatedApplication) = app.Rescale(counts [ "map", count ])

let tests =
    testList "Restarts of a simulated application" [
        test "a restart reads again what came after the last checkpoint" {
            let app = start (two.With(checkpoints = Checkpoints(after 60))) |> advance 100
            let restarted = app.Restart(after 30)
            Expect.floatClose Accuracy.high (lag restarted) (40.0 * 800.0) "40 s since the checkpoint"
            Expect.floatClose Accuracy.high (mapped restarted).Waiting 800.0 "the buffer as it was then"
            Expect.floatClose Accuracy.high restarted.Totals.Operators[node "source"].Replayed (40.0 * 800.0) "counted"

            let kept =
                start (two.With(checkpoints = Checkpoints(after 60, Replay = false)))
                |> advance 100

            Expect.equal (lag (kept.Restart(after 30))) 0.0 "without replay nothing comes back"
        }

        test "checkpoints begin anew when it is up again" {
            let app =
                start (two.With(checkpoints = Checkpoints(after 60)))
                |> advance 100
                |> _.Restart(after 30)
                |> advance 60

            // It was up for 30 s, with a backlog, and no checkpoint was complete yet.
            let once =
                app.Totals.Operators[node "source"].Records
                - app.Totals.Operators[node "source"].Replayed

            let again = app.Restart(after 1)

            Expect.floatClose
                Accuracy.high
                (lag again)
                (lag app + once - 60.0 * 800.0)
                "back to the checkpoint of the 60th second"
        }

        property
            "records are conserved with replay, too"
            200
            (Gen.zip movedApplication (Gen.elements [ 1; 7; 30; 60; 1_000 ]))
            (fun ((application, moves), interval) ->
                conserves (moved (application.With(checkpoints = Checkpoints(after interval))) moves))

        test "a rescale can wait for the next checkpoint: nothing is read again" {
            let app =
                start (two.With(checkpoints = Checkpoints(after 60, RescaleWaits = true)))
                |> advance 100
                |> scaled 3

            Expect.isFalse app.IsDown "not yet"
            Expect.equal (app.Parallelism[node "map"], app.Requested[node "map"]) (2, 3) "asked for"
            let due = app |> advance 21
            Expect.isTrue due.IsDown "from the 120th second on"
            Expect.equal due.Parallelism[node "map"] 3 "now"
            Expect.floatClose Accuracy.high (lag due) 800.0 "one second of downtime, nothing more"
        }

        test "the plan asked for last wins, also that of no change" {
            let app =
                start (two.With(checkpoints = Checkpoints(after 60, RescaleWaits = true)))
                |> advance 100
                |> scaled 3

            Expect.equal (app |> scaled 7 |> advance 21 |> _.Parallelism[node "map"]) 7 "the newer one"
            Expect.equal (app |> scaled 2 |> advance 100 |> _.Totals.Restarts) 0 "nothing to do any more"
            Expect.equal (app.Restart(after 5).Parallelism[node "map"]) 3 "a failure takes it along"
        }

        test "a rescale waits for the cooldown after the last one" {
            let app =
                start (two.With(rescaleCooldown = after 45))
                |> advance 10
                |> scaled 3
                |> advance 40
                |> scaled 4

            Expect.equal app.Parallelism[node "map"] 3 "30 s of downtime ended at 40, so not before 85"
            Expect.equal (app |> advance 35 |> _.Totals.Restarts) 1 "the 85th second has not begun"
            Expect.equal (app |> advance 36 |> _.Totals.Restarts) 2 "it has"
        }
    ]
