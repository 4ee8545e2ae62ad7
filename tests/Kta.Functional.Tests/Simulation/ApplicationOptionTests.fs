/// What can be switched on in a simulated application.
module Kta.Functional.Tests.Simulation.ApplicationOptionTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests.Simulation.Applications

let private two =
    chain [ "source", 1_000.0; "map", 500.0 ] [ "source", 1; "map", 2 ] (Trace.constant 800.0)

let private scaled (count: int) (app: SimulatedApplication) = app.Rescale(counts [ "map", count ])

/// What the second operator took in, second by second.
let private work (count: int) (app: SimulatedApplication) =
    let seen = Collections.Generic.List<float>()

    app.Advance(after count, SampleObserver(fun sample -> seen.Add sample.Processed[1]))
    |> ignore

    List.ofSeq seen

let tests =
    testList "Options of a simulated application" [
        test "instances that are added grow to their full rate" {
            let app =
                chain [ "source", 1e6; "map", 100.0 ] [ "source", 1; "map", 2 ] (Trace.constant 1e5)
                |> fun application -> start (application.With(startUp = after 10, bufferSeconds = 1_000.0))
                |> advance 20
                |> scaled 4
                |> advance 30

            let expected = [ for second in 1..12 -> 200.0 + 200.0 * min 1.0 (float second / 10.0) ]

            for expected, found in List.zip expected (work 12 app) do
                Expect.floatClose Accuracy.high found expected "two at once, two more within 10 s"
        }

        test "instances without room wait for a machine" {
            let app =
                chain [ "source", 1e6; "map", 100.0 ] [ "source", 1; "map", 2 ] (Trace.constant 1e5)
                |> fun application -> start (application.With(cluster = Cluster(4, after 120), bufferSeconds = 1_000.0))
                |> advance 20
                |> scaled 5

            let seen = work 121 app
            Expect.floatClose Accuracy.high seen[30] 300.0 "three of the five have room"
            Expect.floatClose Accuracy.high seen[119] 300.0 "the machine is not there"
            Expect.floatClose Accuracy.high seen[120] 500.0 "it is"
            let back = app |> advance 200 |> scaled 4 |> advance 31
            Expect.floatClose Accuracy.high (List.last (work 1 back)) 400.0 "fewer need no machine"
        }

        test "what has a machine already keeps it for those that come in its place" {
            let full =
                chain
                    [ "source", 1e6; "map", 100.0; "sink", 1e6 ]
                    [ "source", 1; "map", 2; "sink", 4 ]
                    (Trace.constant 1e5)
                |> fun application -> start (application.With(cluster = Cluster(4, after 120), bufferSeconds = 1_000.0))
                |> advance 20

            // Seven run where there is room for four: the three others were there from the start.
            let moved =
                full.Rescale(Plan.Of(struct (node "source", 1), struct (node "map", 5), struct (node "sink", 2)))

            let seen = work 121 moved
            Expect.floatClose Accuracy.high seen[30] 400.0 "eight now: a third of the three new ones waits"
            Expect.floatClose Accuracy.high seen[120] 500.0 "until its machine is there"
        }

        test "the hottest instance limits a skewed operator, while the mean of busy times says it could do more" {
            let hot (only: StreamOperator) =
                Application(
                    Operators = [| only |],
                    Sources = traces [ "only", Trace.constant 1e4 ],
                    Parallelism = counts [ "only", 4 ]
                )
                |> start
                |> advance 100
                |> SimulatedApplication.measure
                |> fst
                |> fun measured -> measured[node "only"]

            for only in
                [
                    StreamOperator("only", 100.0, Skew = 1.0)
                    StreamOperator("only", 100.0, InstanceWeights = [| 3.0; 1.0; 1.0; 1.0 |])
                ] do
                let numbers = hot only
                Expect.floatClose Accuracy.high numbers.RecordsIn.Value.Value 200.0 "half of it goes to one instance"
                Expect.floatClose Accuracy.high numbers.Busy.Value.Value 0.5 "the mean"

                Expect.floatClose
                    Accuracy.high
                    numbers.TrueProcessingRate.Value.Value
                    400.0
                    "what one is led to believe"
        }

        test "instances beyond the partitions have nothing to do" {
            let source = StreamOperator("only", 100.0, Partitions = 3)

            Expect.equal
                [ for count in [ 1; 3; 4; 9 ] -> source.CapacityAt count ]
                [ 100.0; 300.0; 300.0; 300.0 ]
                "capacity"
        }

        test "noise is on every measured number, around it, the same each time" {
            let measure (seed: int64) =
                let app = start (two.With(noise = 0.05, seed = seed)) |> advance 60
                let measured, _ = SimulatedApplication.measure app
                measured[node "source"]

            let arrivals = [ for seed in 1L .. 400L -> (measure seed).ArrivalRate.Value.Value ]
            let mean = List.average arrivals
            let deviation = arrivals |> List.averageBy (fun rate -> (rate - mean) ** 2.0) |> sqrt
            Expect.isLessThan (abs (mean - 800.0)) 8.0 "around the rate"
            Expect.isLessThan (abs (deviation - 40.0)) 6.0 "5 %"
            Expect.equal (measure 3L) (measure 3L) "the same seed"
            let one = measure 3L

            Expect.notEqual
                (one.RecordsIn.Value.Value / 800.0)
                (one.ArrivalRate.Value.Value / 800.0)
                "a draw for each number"

            let behind =
                start (
                    chain [ "only", 100.0 ] [ "only", 1 ] (Trace.Constant 800.0)
                    |> _.With(noise = 0.05)
                )
                |> advance 60

            let (measured, _), exact = SimulatedApplication.measure behind, behind.Totals.Sources[node "only"].Lag
            let lag = measured[node "only"].Lag.Value.Value
            Expect.notEqual lag exact "on the lag, too"
            Expect.isLessThan (abs (lag / exact - 1.0)) 0.3 "around it"

            Expect.equal one.Parallelism.Value (Nullable 1.0) "but the parallelism"

            Expect.isLessThanOrEqual
                (one.Busy.Value.Value + one.BackPressured.Value.Value + one.Idle.Value.Value)
                (1.0 + 1e-9)
                "no more than all of the time"
        }

        test "without monitoring the last measurement is all there is, and it grows old" {
            let app =
                start (two.With(outages = [ MonitoringOutage(after 120, after 600) ]))
                |> advance 60

            let first, app = SimulatedApplication.measure app
            let stale, app = app |> advance 120 |> SimulatedApplication.measure
            Expect.equal stale[node "map"].RecordsIn.Value first[node "map"].RecordsIn.Value "the same number"
            Expect.equal stale[node "map"].RecordsIn.Age (Nullable(after 120)) "two minutes old"
            let older, app = app |> advance 300 |> SimulatedApplication.measure
            Expect.equal older[node "map"].RecordsIn.State ReadingState.Stale "seven minutes are too old"
            let after', _ = app |> advance 300 |> SimulatedApplication.measure
            Expect.equal after'[node "map"].RecordsIn.State ReadingState.Current "it is back"
            Expect.equal after'[node "map"].RecordsIn.Age (Nullable TimeSpan.Zero) "and new"

            let nothing, _ =
                start (two.With(outages = [ MonitoringOutage(TimeSpan.Zero, after 600) ]))
                |> advance 60
                |> SimulatedApplication.measure

            Expect.equal nothing.Nodes.Count 0 "before the first measurement there is none"
        }

        test "a downtime of more than a day is refused" {
            let problems (downtime: TimeSpan) =
                Application(
                    Operators = [| StreamOperator("a", 10.0) |],
                    Sources = traces [ "a", Trace.constant 1.0 ],
                    Downtime = downtime
                )
                    .Problems
                |> Seq.map string
                |> List.ofSeq

            Expect.equal (problems (TimeSpan.FromDays 1.0)) [] "a day"

            Expect.equal
                (problems (TimeSpan.FromSeconds 86_401.0))
                [ "downtime: expected a whole number of seconds, from 0 to a day, found 1.00:00:01" ]
                "a second more"
        }

        test "a copy changes what it names only" {
            let copy = two.With(noise = 0.5)
            Expect.equal (copy.Noise, copy.Downtime, copy.Seed) (0.5, two.Downtime, two.Seed) "noise"
            Expect.equal (List.ofSeq copy.Operators) (List.ofSeq two.Operators) "operators"
            Expect.equal copy.Parallelism two.Parallelism "start"
        }
    ]
