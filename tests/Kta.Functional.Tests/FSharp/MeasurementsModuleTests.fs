module Kta.Functional.Tests.FSharp.MeasurementsModuleTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.Loads

let private busy (share: float) = NodeMeasurements(Busy = share)

let tests =
    testList "Measurements in F#" [
        test "are made of pairs, of nodes of any kind, and of a function" {
            let inCSharp = Measurements.Of(struct (orders, busy 0.4), struct (payments, busy 0.4))

            for made in
                [
                    Measurements.ofSeq [ orders, busy 0.4; payments, busy 0.4 ]
                    Measurements.ofSeq [ for node in two -> node, busy 0.4 ]
                    Measurements.ofSeq [
                        TopologyNode.Deployment "orders", busy 0.4
                        TopologyNode.Deployment "payments", busy 0.4
                    ]
                    two |> Measurements.forEach (fun node -> busy 0.4)
                ] do
                Expect.equal made inCSharp "the same as in C#"
        }

        test "of a node that occurs twice are refused" {
            let message =
                thrownBy<ArgumentException>(fun () ->
                    Measurements.ofSeq [ orders, busy 0.4; orders, busy 0.5 ] |> ignore)

            Expect.equal
                message
                "Deployment/orders is measured twice. Combine two sources with And. (Parameter 'nodes')"
                "which"
        }

        test "have a source with an age, and connections" {
            let made =
                two
                |> Measurements.forEach (fun node -> busy 0.4)
                |> Measurements.from "flink" (seconds 5)
                |> Measurements.withEdges [ payments, orders ]

            Expect.equal
                [ for node in two -> made[node].Busy.Age ]
                [ Nullable(seconds 5); Nullable(seconds 5) ]
                "the age"

            Expect.equal
                [ for edge in made.EdgesOf two -> edge.From, edge.To ]
                [ payments, orders ]
                "and no chain of orders and payments"
        }

        test "a reading is Some only if there is a number to decide on" {
            let lag (age: TimeSpan) =
                let made =
                    Measurements.ofSeq [ orders, NodeMeasurements(Lag = 7) ]
                    |> Measurements.from "kafka" age

                made[orders].Lag.TryValue

            Expect.equal (lag (seconds 299)) (Some 7.0) "there"
            Expect.equal (lag (seconds 301)) None "stale"
            Expect.equal (NodeMeasurements().Lag.TryValue) None "absent"
            Expect.equal (NodeMeasurements(Lag = 0).Lag.TryValue) (Some 0.0) "zero is a number"
        }
    ]
