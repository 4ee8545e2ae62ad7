/// What arrives: every kind by its definition, and that a trace is a function of time.
module Kta.Functional.Tests.Simulation.TraceTests

open System
open System.Collections.Generic
open System.IO
open System.Threading.Tasks
open Expecto
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Generators
open Kta.Functional.Tests.Simulation.Applications

let private at (second: float) (trace: Trace) = trace.RateAt(TimeSpan.FromSeconds second)

let private rates (seconds: float list) (trace: Trace) = seconds |> List.map (fun second -> at second trace)

let private minutesOf (count: int) (trace: Trace) = [ for minute in 0 .. count - 1 -> at (60.0 * float minute) trace ]

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
    with :? FileProblemException as wrong -> [
        for problem in wrong.Problems -> string problem
    ]

let tests =
    testList "Traces" [
        testList "by their definitions" [
            test "steps stay until the next one" {
                let trace = steps [ 0.0, 50.0; 1_800.0, 200.0; 5_400.0, 80.0 ]
                Expect.equal (rates [ 0.0; 1_799.9; 1_800.0; 5_399.0; 5_400.0; 1e6 ] trace) [ 50.0; 50.0; 200.0; 200.0; 80.0; 80.0 ] "rates"
            }

            test "a cosine begins at its peak, and is cut at 0" {
                let trace = Trace.Cosine(150.0, 200.0, after 3_600)
                Expect.equal (rates [ 0.0; 1_800.0; 3_600.0 ] trace) [ 350.0; 0.0; 350.0 ] "rates"
                Expect.floatClose Accuracy.high (at 900.0 trace) 150.0 "a quarter"
            }

            test "a ramp stays where it ends" {
                let trace = Trace.Ramp(20.0, 250.0, after 100)
                Expect.equal (rates [ 0.0; 50.0; 100.0; 1e5 ] trace) [ 20.0; 135.0; 250.0; 250.0 ] "rates"
            }

            test "spikes have an absolute height" {
                let trace = Trace.Spikes(90.0, 240.0, after 600, after 2_400, after 120)
                Expect.equal (rates [ 0.0; 599.0; 600.0; 719.0; 720.0; 2_999.0; 3_000.0 ] trace) [ 90.0; 90.0; 240.0; 240.0; 90.0; 90.0; 240.0 ] "rates"
            }

            test "a walk takes a step a minute, and stays above 0" {
                let walk = minutesOf 500 (Trace.Walk(50.0, 20.0, 3L))
                Expect.equal walk.Head 50.0 "the start"

                for before, after in List.pairwise walk do
                    Expect.isGreaterThanOrEqual after 0.0 "never negative"
                    Expect.isLessThanOrEqual (abs (after - before)) 20.0 "a step"

                Expect.isGreaterThan (List.distinct walk).Length 490 "it moves"
            }

            test "a day has its night, its two peaks and its weekend" {
                let trace = Trace.Daily(100.0, 1_000.0, 9L)
                let hour day time = [ for minute in 0..19 -> at (86_400.0 * day + 3_600.0 * time + 60.0 * float minute) trace ] |> List.average
                Expect.isLessThan (hour 0.0 4.3) 110.0 "night"
                Expect.isGreaterThan (hour 0.0 18.3) 850.0 "evening"
                Expect.isGreaterThan (hour 0.0 8.3) (hour 0.0 11.8) "the morning is higher than noon"
                Expect.isLessThan (hour 0.0 8.3) (hour 0.0 18.3) "and lower than the evening"
                Expect.isLessThan (hour 5.0 18.3) 750.0 "Saturday"

                for rate in minutesOf (7 * 1_440) trace do
                    Expect.isTrue (rate >= 100.0 && rate <= 1_000.0) "between low and high"
            }

            test "the patterns of DEBS begin, move and end as defined" {
                let pattern kind query = minutesOf 140 (Trace.Debs(kind, query, 1_066L))

                for query, mean, amplitude in [ NexmarkQuery.Q1, 150_000.0, 100_000.0; NexmarkQuery.Q3, 50_000.0, 25_000.0; NexmarkQuery.Q11, 30_000.0, 15_000.0 ] do
                    for minute, rate in List.indexed (pattern DebsPattern.Cosine query) do
                        let pure' = mean + amplitude * cos (2.0 * Math.PI * float minute / 60.0)
                        Expect.isLessThanOrEqual (abs (rate - pure')) 10_000.0 $"minute {minute} of {query}"

                    let random = pattern DebsPattern.Random query
                    Expect.equal random.Head mean "the start of the walk"

                    for before, after in List.pairwise random do
                        Expect.isLessThanOrEqual (abs (after - before)) 10_000.0 "its steps"

                for query, range in [ NexmarkQuery.Q1, 240_000.0; NexmarkQuery.Q3, 75_000.0; NexmarkQuery.Q11, 150_000.0 ] do
                    let increase = pattern DebsPattern.Increase query
                    Expect.equal increase.Head 2_000.0 "the start of the increase"

                    for before, after in List.pairwise increase do
                        Expect.isTrue (after - before <= range / 22.0 && after >= 0.0) "its steps"

                for query, range in [ NexmarkQuery.Q1, 240_000.0; NexmarkQuery.Q3, 80_000.0; NexmarkQuery.Q11, 150_000.0 ] do
                    Expect.equal (pattern DebsPattern.Decrease query).Head (range + 2_000.0) "the start of the decrease"

                for minute, rate in List.indexed (pattern DebsPattern.Convergence NexmarkQuery.Q1) do
                    let round = if minute < 20 then 0.0 elif minute >= 60 && minute < 100 then 2e6 else 1e6
                    Expect.isTrue (rate >= 0.9 * round && rate <= 1.1 * round) $"minute {minute} of the rounds"
            }

            test "on average the patterns of DEBS go where they are said to go" {
                let last kind = List.average [ for seed in 1L..200L -> (minutesOf 140 (Trace.Debs(kind, NexmarkQuery.Q1, seed))) |> List.last ]
                let upwards, downwards = last DebsPattern.Increase, last DebsPattern.Decrease
                Expect.isTrue (upwards > 0.7 * 240_000.0 && upwards < 1.1 * 240_000.0) $"about 0.85 R: {upwards}"
                Expect.isLessThan downwards (0.5 * 240_000.0) "less than half is left"
            }

            test "spikes of DEBS begin in the minute after they are drawn, and last up to three" {
                let plain = minutesOf 1_000 (Trace.Debs(DebsPattern.Cosine, NexmarkQuery.Q1, 3L))
                let spiking = minutesOf 1_000 (Trace.Debs(DebsPattern.Cosine, NexmarkQuery.Q1, 3L, 0.05))
                let sizes = List.map2 (fun before after -> after - before) plain spiking
                Expect.equal sizes.Head 0.0 "none in the first minute"
                let inSpike = sizes |> List.filter (fun size -> size <> 0.0)
                Expect.isTrue (inSpike.Length > 40 && inSpike.Length < 200) $"about one in twenty begins one: {inSpike.Length}"
                Expect.exists inSpike (fun size -> size >= 50_000.0 && size <= 100_000.0) "upwards"
                Expect.exists inSpike (fun size -> size < 0.0) "downwards"
            }

            test "noise has its standard deviation, and lasts a minute" {
                let trace = Trace.Constant(1_000.0).WithNoise(0.1, seed = 3L)
                let draws = minutesOf 5_000 trace
                let mean = List.average draws
                let deviation = draws |> List.averageBy (fun rate -> (rate - mean) ** 2.0) |> sqrt
                Expect.isLessThan (abs (mean - 1_000.0)) 6.0 "around the rate"
                Expect.isLessThan (abs (deviation - 100.0)) 5.0 "10 %"
                Expect.equal (at 0.0 trace) (at 59.0 trace) "within a minute"
                Expect.isTrue (draws |> List.forall (fun rate -> rate >= 0.0)) "never negative"
            }

            test "sums and products are what they say, and end with their shortest part" {
                let ramp, three = Trace.Ramp(0.0, 10.0, after 10), Trace.Constant 3.0
                Expect.equal (at 5.0 (Trace.Sum(ramp, three))) 8.0 "sum"
                Expect.equal (at 5.0 (Trace.Product(ramp, three))) 15.0 "product"
                let file = csv "0,1\n60,2"
                Expect.equal (Trace.Sum(ramp, file)).Length (Nullable(after 120)) "length"
            }
        ]

        testList "are functions of time" [
            for name, trace in seeded do
                test $"{name}: in any order, on any thread, one by one or many at once" {
                    let forwards = [ for second in 0..699 -> at (float second) trace ]

                    let backwards =
                        Task.Run(fun () -> [ for second in 699..-1..0 -> at (float second) trace ])
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
                        Operators = [| StreamOperator("a", 1e6); StreamOperator("b", 1e6); StreamOperator("join", 1e6) |],
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

        testList "of files" [
            test "hold each rate until the next row, from the first row on" {
                let trace = csv "seconds,rate\n1000,5\n1060, 7.5\n\n# a comment\n1120,0\n"
                Expect.equal (rates [ 0.0; 59.0; 60.0; 119.0; 120.0; 179.0; 1e6 ] trace) [ 5.0; 5.0; 7.5; 7.5; 0.0; 0.0; 0.0 ] "rates"
                Expect.equal trace.Length (Nullable(after 180)) "length"
            }

            test "say everything that is wrong with line numbers" {
                Expect.equal
                    (problemsOf (fun () ->
                        csv "0,1\n60,2\n180,3\n120,4\nx,5\n300,-1\n360\n420,1,2\n500,1"))
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

                Expect.equal (problemsOf (fun () -> csv "seconds,rate\n0,1")) [ "load.csv: expected at least two rows of seconds,rate, found 1" ] "too short"
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

        test "numbers out of range are refused" {
            let refused (make: unit -> Trace) = Expect.throwsT<ArgumentException> (make >> ignore) "refused"
            refused (fun () -> Trace.Constant(-1.0))
            refused (fun () -> Trace.Constant nan)
            refused (fun () -> steps [  ])
            refused (fun () -> steps [ 1.0, 5.0 ])
            refused (fun () -> steps [ 0.0, 5.0; 0.0, 6.0 ])
            refused (fun () -> Trace.Cosine(1.0, 1.0, TimeSpan.Zero))
            refused (fun () -> Trace.Spikes(1.0, 2.0, TimeSpan.Zero, after 5, after 6))
            refused (fun () -> Trace.Daily(5.0, 4.0))
            refused (fun () -> Trace.Debs(enum 9, NexmarkQuery.Q1))
            refused (fun () -> Trace.Sum())
            refused (fun () -> Trace.Constant(1.0).WithNoise(-0.1))
            refused (fun () -> Trace.Constant(1.0).Offset(after(-1)))
        }

        test "headings tell kind and range" {
            let texts = [
                Trace.Constant 1_500.0
                Trace.Cosine(150_000.0, 100_000.0, after 60)
                Trace.Sum(Trace.Walk(10.0, 1.0), Trace.Debs(DebsPattern.Increase, NexmarkQuery.Q11).WithNoise 0.05)
            ]

            Expect.equal
                [ for trace in texts -> string trace ]
                [
                    "constant 1.5k/s"
                    "cosine 50k…250k/s"
                    "sum of walk from 10/s, debs increase Q11, noise 0.05"
                ]
                "texts"
        }
    ]
