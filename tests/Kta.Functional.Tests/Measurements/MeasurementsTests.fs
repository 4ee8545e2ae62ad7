module Kta.Functional.Tests.Measurements.MeasurementsTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls

let private both = Topology.Of(orders, payments)

let private one (numbers: NodeMeasurements) = Measurements.Of(struct (orders, numbers))

let private lagOf (measured: Measurements) = measured[orders].Lag

let private seconds (count: float) = Nullable(TimeSpan.FromSeconds count)

let private readings =
    testList "a number is absent, stale or there" [
        test "absent is not zero" {
            let nothing = NodeMeasurements.Nothing.Lag
            let zero = NodeMeasurements(Lag = 0).Lag
            Expect.equal (nothing.State, nothing.Value) (ReadingState.Absent, Nullable()) "nobody measured it"
            Expect.equal (zero.State, zero.Value) (ReadingState.Current, Nullable 0.) "it was measured, and is 0"
            Expect.notEqual nothing zero "two different things"
        }

        test "stale is neither: it has no value to decide on, but a last one, an age and a source" {
            let stale = one(NodeMeasurements(Lag = 7)).From("kafka", seconds 301.) |> lagOf
            Expect.equal (stale.State, stale.Value) (ReadingState.Stale, Nullable()) "too old"
            Expect.equal (stale.LastValue, stale.Age) (Nullable 7., seconds 301.) "what it was"
            Expect.equal (string stale) "7 (301 s old, kafka)" "for logs"
        }

        test "up to the limit it is current, and the source may set the limit" {
            let lag (age: float) limit =
                (one(NodeMeasurements(Lag = 7)).From("kafka", seconds age, limit) |> lagOf).State

            Expect.equal (lag 300. (Nullable())) ReadingState.Current "five minutes by default"
            Expect.equal (lag 61. (seconds 60.)) ReadingState.Stale "a limit of its own"
        }

        test "a number without source or age is never stale" {
            let unnamed = one (NodeMeasurements(Lag = 7))
            let ageless = unnamed.From "kafka"
            Expect.equal unnamed[orders].Lag.State ReadingState.Current "no source"
            Expect.equal ageless[orders].Lag.State ReadingState.Current "no age"
        }

        test "a node nobody measured has no numbers, which is no error" {
            let measured = one (NodeMeasurements(Lag = 7))
            Expect.equal measured[payments] NodeMeasurements.Nothing "all absent"
        }
    ]

let private impossible =
    testList "a number that cannot be right is no number" [
        for quantity in Enum.GetValues<Quantity>() do
            for what, number in
                [ "NaN", nan; "an infinity", infinity; "a negative one", -1.; "the other infinity", -infinity ] do
                test $"{quantity}: {what}" {
                    let numbers = NodeMeasurements.Nothing.With(quantity, Reading.op_Implicit number)
                    Expect.equal numbers[quantity] Reading.Absent "absent, neither 0 nor cut to the range"
                }

        for quantity in [ Quantity.Busy; Quantity.BackPressured; Quantity.Idle; Quantity.BufferUsage ] do
            test $"{quantity}: 1.3 and 350 are another unit, and a rounding is none" {
                let state (number: float) =
                    let numbers = NodeMeasurements.Nothing.With(quantity, Reading.op_Implicit number)
                    numbers[quantity].Value

                Expect.equal (state 1.3, state 350.) (Nullable(), Nullable()) "absent"
                Expect.equal (state 1.0000000002) (Nullable 1.) "rounded"
            }

        for quantity in [ Quantity.Parallelism; Quantity.MaxParallelism; Quantity.Partitions ] do
            test $"{quantity}: half of one, none, and more than an int" {
                for number in [ 2.5; 0.; 3e9 ] do
                    let numbers = NodeMeasurements.Nothing.With(quantity, Reading.op_Implicit number)
                    Expect.equal numbers[quantity] Reading.Absent $"{number}"
            }

        test "null is absent" {
            Expect.equal (NodeMeasurements(Lag = Reading.op_Implicit (Nullable<float>())).Lag) Reading.Absent "null"
        }
    ]

let private combining =
    let flink = (one (NodeMeasurements(Busy = 0.5, Lag = 1))).From("flink", seconds 1.)

    testList "numbers of two sources" [
        test "both count, each with its source; the later one where both know it" {
            let kafka =
                Measurements
                    .Of(struct (orders, NodeMeasurements(Lag = 2)), struct (payments, NodeMeasurements(Lag = 3)))
                    .From("kafka", seconds 2.)

            let all = flink.And kafka

            Expect.equal
                (string all[orders].Busy.Source, all[orders].Busy.Age)
                (string flink[orders].Busy.Source, seconds 1.)
                "flink's"

            Expect.equal (all[orders].Lag.Value, all[orders].Lag.Age) (Nullable 2., seconds 2.) "kafka's"
            Expect.equal all[payments].Lag.Value (Nullable 3.) "kafka's alone"
        }

        test "a stale number does not cover a current one" {
            let stale = (one (NodeMeasurements(Lag = 9))).From("kafka", seconds 1000.)
            Expect.equal (lagOf (flink.And stale)).Value (Nullable 1.) "stale behind current"
            Expect.equal (lagOf (stale.And flink)).Value (Nullable 1.) "current behind stale"
        }

        test "a node that is measured twice is refused" {
            let pair = struct (orders, NodeMeasurements.Nothing)

            Expect.equal
                (thrownBy<ArgumentException>(fun () -> Measurements.Of(pair, pair) |> ignore))
                "Deployment/orders is measured twice. Combine two sources with And. (Parameter 'nodes')"
                "the whole message"
        }

        test "a source has a name" { thrownBy<ArgumentException>(fun () -> flink.From "" |> ignore) |> ignore }
    ]

let private edges =
    testList "the connections" [
        test "are a chain in the order of the topology if the monitor says nothing" {
            let all = Topology.Of(orders, payments, audit)

            Expect.sequenceEqual
                (Measurements.Nothing.EdgesOf all)
                [ TopologyEdge(orders, payments); TopologyEdge(payments, audit) ]
                "a chain"

            Expect.isEmpty (Measurements.Nothing.EdgesOf(Topology.Of orders)) "one node alone"
        }

        test "are what the monitor says, without nodes of another topology" {
            let given = Measurements.Nothing.WithEdges(TopologyEdge(payments, orders), TopologyEdge(orders, audit))
            Expect.sequenceEqual (given.EdgesOf both) [ TopologyEdge(payments, orders) ] "only ours"
        }

        test "can be none at all" { Expect.isEmpty (Measurements.Nothing.WithEdges().EdgesOf both) "not connected" }
    ]

let private equality =
    testList "compare by value" [
        test "whatever the order of the nodes" {
            let a, b =
                struct (orders, NodeMeasurements(Busy = 0.5)), struct (payments, NodeMeasurements(Busy = 0.6))

            Expect.equal (Measurements.Of(a, b)) (Measurements.Of(b, a)) "equal"
            Expect.equal (hash (Measurements.Of(a, b))) (hash (Measurements.Of(b, a))) "the same hash"
        }

        test "numbers, instances, sources and connections count" {
            let basis = one (NodeMeasurements(Busy = 0.5))

            let others = [
                one (NodeMeasurements(Busy = 0.6))
                one (NodeMeasurements(Busy = 0.5, Instances = [| InstanceMeasurements InstanceState.Ready |]))
                basis.From("flink")
                basis.WithEdges()
                basis.With(payments, NodeMeasurements.Nothing)
            ]

            for other in others do
                Expect.notEqual other basis (string other)
        }

        test "a copy with another number leaves the original alone" {
            let original = NodeMeasurements(Busy = 0.5)
            let copy = original.With(Quantity.Busy, 0.7)
            Expect.equal (original.Busy.Value, copy.Busy.Value) (Nullable 0.5, Nullable 0.7) "two values"
        }
    ]

let tests = testList "Measurements" [ readings; impossible; combining; edges; equality ]
