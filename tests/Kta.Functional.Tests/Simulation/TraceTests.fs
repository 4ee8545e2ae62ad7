/// What arrives: every kind by its definition, and that a trace is a function of time.
module Kta.Functional.Tests.Simulation.TraceTests

open System
open System.IO
open Expecto
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Tests.Simulation.Applications

let private at (second: float) (trace: Trace) = trace.RateAt(TimeSpan.FromSeconds second)

let private rates (seconds: float list) (trace: Trace) = seconds |> List.map (fun second -> at second trace)

let private minutesOf (count: int) (trace: Trace) = [ for minute in 0 .. count - 1 -> at (60.0 * float minute) trace ]

let private csv (text: string) = Trace.Csv(new StringReader(text), "load.csv")

let tests =
    testList "Traces" [
        testList "by their definitions" [
            test "steps stay until the next one" {
                let trace = steps [ 0.0, 50.0; 1_800.0, 200.0; 5_400.0, 80.0 ]

                Expect.equal
                    (rates [ 0.0; 1_799.9; 1_800.0; 5_399.0; 5_400.0; 1e6 ] trace)
                    [ 50.0; 50.0; 200.0; 200.0; 80.0; 80.0 ]
                    "rates"
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

                Expect.equal
                    (rates [ 0.0; 599.0; 600.0; 719.0; 720.0; 2_999.0; 3_000.0 ] trace)
                    [ 90.0; 90.0; 240.0; 240.0; 90.0; 90.0; 240.0 ]
                    "rates"
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

                let hour day time =
                    [ for minute in 0..19 -> at (86_400.0 * day + 3_600.0 * time + 60.0 * float minute) trace ]
                    |> List.average

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

                for query, mean, amplitude in
                    [
                        NexmarkQuery.Q1, 150_000.0, 100_000.0
                        NexmarkQuery.Q3, 50_000.0, 25_000.0
                        NexmarkQuery.Q11, 30_000.0, 15_000.0
                    ] do
                    for minute, rate in List.indexed (pattern DebsPattern.Cosine query) do
                        let pure' = mean + amplitude * cos (2.0 * Math.PI * float minute / 60.0)
                        Expect.isLessThanOrEqual (abs (rate - pure')) 10_000.0 $"minute {minute} of {query}"

                    let random = pattern DebsPattern.Random query
                    Expect.equal random.Head mean "the start of the walk"

                    for before, after in List.pairwise random do
                        Expect.isLessThanOrEqual (abs (after - before)) 10_000.0 "its steps"

                for query, range in
                    [ NexmarkQuery.Q1, 240_000.0; NexmarkQuery.Q3, 75_000.0; NexmarkQuery.Q11, 150_000.0 ] do
                    let increase = pattern DebsPattern.Increase query
                    Expect.equal increase.Head 2_000.0 "the start of the increase"

                    for before, after in List.pairwise increase do
                        Expect.isTrue (after - before <= range / 22.0 && after >= 0.0) "its steps"

                for query, range in
                    [ NexmarkQuery.Q1, 240_000.0; NexmarkQuery.Q3, 80_000.0; NexmarkQuery.Q11, 150_000.0 ] do
                    Expect.equal (pattern DebsPattern.Decrease query).Head (range + 2_000.0) "the start of the decrease"

                for minute, rate in List.indexed (pattern DebsPattern.Convergence NexmarkQuery.Q1) do
                    let round =
                        if minute < 20 then 0.0
                        elif minute >= 60 && minute < 100 then 2e6
                        else 1e6

                    Expect.isTrue (rate >= 0.9 * round && rate <= 1.1 * round) $"minute {minute} of the rounds"
            }

            test "on average the patterns of DEBS go where they are said to go" {
                let last kind =
                    List.average [
                        for seed in 1L .. 200L -> (minutesOf 140 (Trace.Debs(kind, NexmarkQuery.Q1, seed))) |> List.last
                    ]

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

                Expect.isTrue
                    (inSpike.Length > 40 && inSpike.Length < 200)
                    $"about one in twenty begins one: {inSpike.Length}"

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

        test "whatever is multiplied and added, a rate is a number" {
            let large = Trace.Product(Array.replicate 30 (Trace.Constant 1e12))

            for name, trace in
                [
                    "a product", large
                    "a product with nothing", Trace.Product(large, Trace.Constant 0.0)
                    "a sum", Trace.Sum(large, large)
                    "a function", Trace.Of("f", (fun _ -> infinity))
                ] do
                let rate = trace.RateAt TimeSpan.Zero
                Expect.isTrue (Double.IsFinite rate) name

                let app = chain [ "a", 10.0 ] [ "a", 1 ] trace |> start |> advance 10
                Expect.equal app.Totals.Sources[node "a"].Arrived (10.0 * rate) "in steps, too"
        }

        test "numbers out of range are refused" {
            let refused (make: unit -> Trace) =
                Expect.throwsC (make >> ignore) (fun error -> Expect.isTrue (error :? ArgumentException) (string error))

            refused (fun () -> Trace.Constant(-1.0))
            refused (fun () -> Trace.Constant nan)
            refused (fun () -> steps [])
            refused (fun () -> steps [ 1.0, 5.0 ])
            refused (fun () -> steps [ 0.0, 5.0; 0.0, 6.0 ])
            refused (fun () -> Trace.Cosine(1.0, 1.0, TimeSpan.Zero))
            refused (fun () -> Trace.Spikes(1.0, 2.0, TimeSpan.Zero, after 5, after 6))
            refused (fun () -> Trace.Daily(5.0, 4.0))
            refused (fun () -> Trace.Debs(enum 9, NexmarkQuery.Q1))
            refused (fun () -> Trace.Sum())
            refused (fun () -> Trace.Constant(1.0).WithNoise(-0.1))
            refused (fun () -> Trace.Constant(1.0).Offset(after (-1)))
        }

        test "headings tell kind and range" {
            let texts = [
                Trace.Constant 1_500.0
                Trace.Cosine(150_000.0, 100_000.0, after 60)
                Trace.Sum(Trace.Walk(10.0, 1.0), Trace.Debs(DebsPattern.Increase, NexmarkQuery.Q11).WithNoise 0.05)
            ]

            Expect.equal
                [ for trace in texts -> string trace ]
                [ "constant 1.5k/s"; "cosine 50k…250k/s"; "sum of walk from 10/s, debs increase Q11, noise 0.05" ]
                "texts"
        }
    ]
