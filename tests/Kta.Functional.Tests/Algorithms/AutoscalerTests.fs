module Kta.Functional.Tests.Algorithms.AutoscalerTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.Wishes

let tests =
    let past (age: int) (numbers: NodeMeasurements) (applied: int) =
        HistoryEntry<Measurements, Proposals>(
            Measurements.Of(struct (orders, numbers)),
            null,
            Plan.Of(struct (orders, applied)),
            udfStartTimestampMillis = (start - seconds age).ToUnixTimeMilliseconds()
        )

    let explain (algorithm: Algorithm<Measurements, Proposals>) (numbers: NodeMeasurements) history =
        let context =
            PlanContext<Measurements, Proposals>(
                one,
                Measurements.Of(struct (orders, numbers)),
                history = history,
                udfStartTimestampMillis = start.ToUnixTimeMilliseconds()
            )

        let explained = algorithm.Explain context
        explained.Plan[orders], [ for reason in explained.Nodes[0].Reasons -> string reason ]

    let busy = NodeMeasurements(RecordsIn = 100, Busy = 1, ArrivalRate = 250, Parallelism = 1, Lag = 600)
    let blind = NodeMeasurements(Parallelism = 2)

    testList "Strategies and preparations on measurements" [
        test "fallback counts when numbers have been missing for a time, and never below what is there" {
            let algorithm = Autoscaler.Create(Ds2.Rule(), Strategy.Fallback(seconds 60, 5))
            let lost k = past (30 * k) blind 2
            Expect.equal (fst (explain algorithm blind [ lost 1; past 60 busy 2 ])) 2 "for 30 s only"
            Expect.equal (fst (explain algorithm blind [ lost 1; lost 2 ])) 5 "for 60 s"
            let low = Autoscaler.Create(Ds2.Rule(), Strategy.Fallback(seconds 60, 1))
            Expect.equal (fst (explain low blind [ lost 1; lost 2 ])) 2 "not below"
            let told = Autoscaler.Create(Ds2.Rule(), Strategy.Fallback(seconds 60, 1, mayGoDown = true))
            Expect.equal (fst (explain told blind [ lost 1; lost 2 ])) 1 "unless told"
            let lowered = Autoscaler.Create(Ds2.Rule(), Strategy.Bounds(1, 1), Strategy.Fallback(seconds 60, 1))
            Expect.equal (fst (explain lowered blind [ lost 1; lost 2 ])) 2 "whatever was proposed before it"
        }

        test "activation takes the last, the largest or the median of what was proposed in a row" {
            let wanting rate = busy.With(Quantity.ArrivalRate, Reading.op_Implicit (float rate))

            let history = [ for i, rate in List.indexed [ 400; 800; 600; 700 ] -> past (30 * (i + 1)) (wanting rate) 1 ]

            for combine, expected in [ Combine.Last, 3; Combine.Max, 8; Combine.Median, 6 ] do
                let algorithm = Autoscaler.Create(Ds2.Rule(), Strategy.Activation(4, combine))
                Expect.equal (fst (explain algorithm busy history)) expected $"{combine} of 3, 4, 8 and 6"
        }

        test "shadow changes nothing and says what another rule would have said" {
            let algorithm = Autoscaler.Create(Ds2.Rule(), Strategy.Shadow(Hpa.Rule()))

            Expect.equal
                (explain algorithm busy [])
                (3, [ "DS2: 250/s needed, 100/s per instance → 3 (2.50)"; "Shadow: hpa would say 2" ])
                "ds2 decides"

            Expect.stringContains
                (thrownBy<ArgumentException>(fun () -> wishing.WithStrategies(Strategy.Shadow(Hpa.Rule())) |> ignore))
                "Let monitor answer Kta.Functional.Measurements"
                "it needs measurements"
        }

        test "smooth takes weighted means since the last change" {
            let rule = Ds2.Rule().Prepared(Preparation.Smooth(seconds 30))
            let history = [ for k in 1..20 -> past (30 * k) (busy.With(Quantity.ArrivalRate, 450)) 1 ]
            let count, reasons = explain (Autoscaler.Create rule) busy history
            Expect.equal count 4 "between 250 and 450"
            Expect.equal reasons[0] "Smooth: arrivals 348 instead of 250" "the reason comes first"
        }

        test "warm-up ignores what was measured soon after a change" {
            let rule = Ds2.Rule().Prepared(Preparation.WarmUp(seconds 60))
            let changed = [ past 30 busy 1; past 60 busy 2; past 90 busy 2 ]
            let count, reasons = explain (Autoscaler.Create rule) busy changed
            Expect.equal count 1 "kept"
            Expect.equal reasons[0] "WarmUp: ignores what was measured, last change 30 s ago, wait 60 s" "why"

            Expect.equal
                (fst (explain (Autoscaler.Create rule) busy [ past 30 busy 1; past 60 busy 1; past 90 busy 1 ]))
                3
                "later"
        }

        test "catch-up sizes for the backlog, but not twice" {
            let rule = Ds2.Rule().Prepared(Preparation.CatchUp(seconds 10))
            Expect.equal (fst (explain (Autoscaler.Create rule) busy [])) 4 "250 + 60"

            Expect.stringContains
                (thrownBy<ArgumentException>(fun () ->
                    Rule
                        .Max(Ds2.Rule(Ds2Options(CatchUp = seconds 10)), Hpa.Rule())
                        .Prepared(Preparation.CatchUp(seconds 10))
                    |> ignore))
                "The backlog would count 2 times"
                "refused"
        }

        test "where the history is too short, prepared rules go up only" {
            let rule = Ds2.Rule().Prepared(Preparation.Smooth(seconds 30))
            let many = busy.With(Quantity.Parallelism, 9).With(Quantity.RecordsIn, 900)
            let count, reasons = explain (Autoscaler.Create rule) many [ past 30 many 9 ]
            Expect.equal count 9 "kept"

            Expect.equal
                (List.last reasons)
                "Smooth: the history does not cover the last 150 s, kept 9 instead of 3"
                "why"
        }

        test "analyze publishes what the rule says by itself, and decides nothing" {
            let algorithm = Autoscaler.Create(Ds2.Rule(), Strategy.Bounds(1, 2))

            let told =
                """{"nodes":{"Deployment/orders":{"recordsIn":100,"busy":1.0,"arrivals":250,"parallelism":1}}}"""

            let request analyzed = Requests.ofNodes [ "orders" ] told analyzed "[]"
            let analyzed = answer algorithm Step.Analyze (request "{}")

            Expect.equal
                analyzed
                """{"parallelism":{"Deployment/orders":3},"lacksData":[],"numbers":{"Deployment/orders":{"instances":2.5,"neededRate":250,"ratePerInstance":100}}}"""
                "three"

            for result in [ "{}"; analyzed ] do
                Expect.equal
                    (answer algorithm Step.Plan (request result))
                    (planText [ "orders" ] 2)
                    "the same with and without"
        }

        test "what the pages show decides, and says why; in F# the same" {
            let measured =
                NodeMeasurements(RecordsIn = 100, RecordsOut = 100, Busy = 1, ArrivalRate = 250, Parallelism = 1)

            let monitor = {
                new CSharp.RuleSnippets.IFlink with
                    member _.MeasureAsync(topology, _) =
                        System.Threading.Tasks.Task.FromResult(Measurements.ForEach(topology, (fun _ -> measured)))
            }

            let context =
                PlanContext<Measurements, Proposals>(
                    one,
                    Measurements.Of(struct (orders, measured)),
                    udfStartTimestampMillis =
                        DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()
                )

            let together = CSharp.RuleSnippets.Together monitor
            let struct (why, plan) = CSharp.RuleSnippets.Why(together, context, orders, 0.5)
            Expect.equal why.Plan[orders] 4 "2.5 and a fifth, and no less than 4 by day"
            Expect.equal (textsOf orders plan |> List.last) "busy 50 %, so 4 instances" "one's own reason"

            let again = Kta.Functional.Tests.FSharp.RuleSnippets.together monitor
            let explained, inFSharp = Kta.Functional.Tests.FSharp.RuleSnippets.why again context orders 0.5
            Expect.equal (string explained) (string why) "the same in F#"
            Expect.equal (textsOf orders inFSharp) (textsOf orders plan) "and its own reason"

            for bend in [ CSharp.RuleSnippets.Bent; Kta.Functional.Tests.FSharp.RuleSnippets.bent ] do
                Expect.equal ((bend (Autoscaler.Create(Ds2.Rule()))).Explain(context).Plan[orders]) 3 "bent"
        }
    ]
