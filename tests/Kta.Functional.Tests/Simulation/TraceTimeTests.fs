/// That a trace is a function of time, and what files of traces hold.
module Kta.Functional.Tests.Simulation.TraceTimeTests

open System
open System.Collections.Generic
open System.IO
open System.Threading.Tasks
open Expecto
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Tests.Generators
open Kta.Functional.Tests.Simulation.Applications

let private at (second: float) (trace: Trace) = trace.RateAt(TimeSpan.FromSeconds second)

let private rates (seconds: float list) (trace: Trace) = seconds |> List.map (fun second -> at second trace)

/// What arrives second by second in an application, which asks for many seconds at once.
let private arrived (count: int) (trace: Trace) : float list =
    let seen = List<float>()

    (start (chain [ "only", 1.0 ] [ "only", 1 ] trace))
        .Advance(after count, SampleObserver(fun sample -> seen.Add sample.Arrived[0]))
    |> ignore

    List.ofSeq seen

/// With seeds of their own, so that alone and in an application they are the same.
let private seeded: (string * Trace) list = [
    "constant", Trace.Constant 7.0
    "steps", steps [ 0.0, 1.0; 10.0, 2.0; 11.0, 3.0; 500.0, 0.0 ]
    "cosine", Trace.Cosine(100.0, 150.0, after 90)
    "ramp", Trace.Ramp(10.0, 500.0, after 333)
    "spikes", Trace.Spikes(5.0, 50.0, after 17, after 61, after 13)
    "walk", Trace.Walk(1_000.0, 100.0, 3L)
    "daily", Trace.Daily(100.0, 900.0, 4L)
    "debs", Trace.Debs(DebsPattern.Cosine, NexmarkQuery.Q3, 5L, 0.2)
    "noise", Trace.Constant(100.0).WithNoise(0.2, after 3, 6L)
    "sum", Trace.Sum(Trace.Ramp(0.0, 10.0, after 100), Trace.Walk(10.0, 3.0, 7L))
    "product", Trace.Product(Trace.Constant 3.0, Trace.Cosine(1.0, 0.5, after 77))
    "offset", Trace.Ramp(10.0, 500.0, after 333).Offset(after 100)
    "own", Trace.Of("own", fun time -> time.TotalSeconds - 100.0)
]

let private csv (text: string) = Trace.Csv(new StringReader(text), "load.csv")

let private problemsOf (read: unit -> Trace) : string list =
    try
        read () |> ignore
        []
    with :? FileProblemException as wrong -> [ for problem in wrong.Problems -> string problem ]

let tests =
    testList "A trace" [
        testList "is a function of time" [
            for name, trace in seeded do
                test $"{name}: in any order, on any thread, one by one or many at once" {
                    let forwards = [ for second in 0..699 -> at (float second) trace ]

                    let backwards =
                        Task
                            .Run(fun () -> [ for second in 699..-1..0 -> at (float second) trace ])
                            .GetAwaiter()
                            .GetResult()

                    Expect.equal (List.rev backwards) forwards "backwards, elsewhere"
                    Expect.equal (arrived 700 trace) forwards "many at once"
                    Expect.isTrue (forwards |> List.forall (fun rate -> rate >= 0.0 && Double.IsFinite rate)) "a rate"
                }

            test "two sources of one application are not the same, though neither names a seed" {
                let walk = Trace.Walk(1_000.0, 100.0)

                let application =
                    Application(
                        Operators = [|
                            StreamOperator("a", 1e6)
                            StreamOperator("b", 1e6)
                            StreamOperator("join", 1e6)
                        |],
                        Edges = [| TopologyEdge(node "a", node "join"); TopologyEdge(node "b", node "join") |],
                        Sources = traces [ "a", walk; "b", walk ]
                    )

                let seen = List<struct (float * float)>()
                let look = SampleObserver(fun sample -> seen.Add(struct (sample.Arrived[0], sample.Arrived[1])))
                (start application).Advance(after 600, look) |> ignore
                Expect.exists seen (fun struct (a, b) -> a <> b) "walks of their own"
            }

            property "a walk that is asked late first is the same" 50 (Gen.choose (1, 100_000)) (fun minute ->
                let late = at (60.0 * float minute) (Trace.Walk(1_000.0, 50.0, 8L))
                let trace = Trace.Walk(1_000.0, 50.0, 8L)
                at 0.0 trace |> ignore
                Expect.equal (at (60.0 * float minute) trace) late "the rate")
        ]

        testList "of a file" [
            test "hold each rate until the next row, from the first row on" {
                let trace = csv "seconds,rate\n1000,5\n1060, 7.5\n\n# a comment\n1120,0\n"

                Expect.equal
                    (rates [ 0.0; 59.0; 60.0; 119.0; 120.0; 179.0; 1e6 ] trace)
                    [ 5.0; 5.0; 7.5; 7.5; 0.0; 0.0; 0.0 ]
                    "rates"

                Expect.equal trace.Length (Nullable(after 180)) "length"
            }

            test "say everything that is wrong with line numbers" {
                Expect.equal
                    (problemsOf (fun () -> csv "0,1\n60,2\n180,3\n120,4\nx,5\n300,-1\n360\n420,1,2\n500,1"))
                    [
                        "load.csv:3: rows have to come every 60 s, as the first two do: after 60 expected 120, found 180"
                        "load.csv:4: seconds have to grow: 120 comes after 180"
                        "load.csv:5: expected a number of seconds, at least 0, found \"x\""
                        "load.csv:6: expected records per second, at least 0, found \"-1\""
                        "load.csv:7: expected seconds,rate, found \"360\""
                        "load.csv:8: expected seconds,rate, found \"420,1,2\""
                        "load.csv:9: rows have to come every 60 s, as the first two do: after 420 expected 480, found 500"
                    ]
                    "problems"

                Expect.equal
                    (problemsOf (fun () -> csv "seconds,rate\n0,1"))
                    [ "load.csv: expected at least two rows of seconds,rate, found 1" ]
                    "too short"
            }

            test "an experiment is no longer than its file" {
                let short = chain [ "only", 1.0 ] [] (csv "0,1\n60,2")
                Expect.equal short.RunTime (after 120) "the default"

                let long =
                    Application(Operators = short.Operators, Sources = short.Sources, Duration = Nullable(after 121))

                Expect.equal
                    [ for problem in long.Problems -> string problem ]
                    [ "sources.only: expected a trace at least as long as the experiment of 00:02:01, found 00:02:00" ]
                    "the problem"
            }
        ]
    ]
