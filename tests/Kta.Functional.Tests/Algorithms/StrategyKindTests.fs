module Kta.Functional.Tests.Algorithms.StrategyKindTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.Wishes

let private now (history: Entry list) (strategy: Strategy) (wanted: int) =
    plansOf (wishing.WithStrategies strategy) wanted history

let tests =
    testList "Strategies, each one," [
        for name, strategy, wanted, expected, reason in
            [
                "bounds", Strategy.Bounds(2, 12), 20, 12, "Bounds: 12 instead of 20, at most 12"
                "bounds below", Strategy.Bounds(2, 12), 1, 2, "Bounds: 2 instead of 1, at least 2"
                "largest change",
                Strategy.MaxChange(up = 0.5),
                20,
                15,
                "MaxChange: 15 instead of 20, 10 may grow by 50 %"
                "largest decrease",
                Strategy.MaxChange(down = 0.5),
                2,
                5,
                "MaxChange: 5 instead of 2, 10 may shrink by 50 %"
                "over-provisioning", Strategy.OverProvision 0.2, 10, 12, "OverProvision: 12 instead of 10, 20 % more"
                "minor changes",
                Strategy.MinorChanges 2,
                8,
                10,
                "MinorChanges: kept 10, 8 is not worth a change (decreases up to 2, increases up to 0)"
                "budget", Strategy.Budget 4, 9, 4, "Budget: 4 instead of 9, all together cost 9 of 4"
                "coupled",
                Strategy.CoupledRescale 0.2,
                9,
                10,
                "CoupledRescale: kept 10 instead of 9, no node is more than 20 % away"
                "stabilization",
                tenEntries,
                8,
                10,
                "Stabilize: 10 instead of 8, not all proposals of the last 300 s go as low"
                "delay",
                Strategy.DelayScaleDown(seconds 60),
                8,
                10,
                "DelayScaleDown: kept 10 instead of 8, decreases are proposed for 0 s, wait 60 s"
                "activation",
                Strategy.Activation 3,
                12,
                10,
                "Activation: kept 10 instead of 12, 1 of 3 iterations in a row want it"
                "rate limit",
                Strategy.RateLimit(HpaPolicy(HpaPolicyType.Pods, 2, seconds 60)),
                20,
                12,
                "RateLimit: 12 instead of 20, at most 2 Pods in 60 s"
                "recommend only", Strategy.RecommendOnly(), 20, 10, "RecommendOnly: kept 10, 20 is recommended"
                "night",
                Strategy.During(DailyWindow(TimeOnly(22, 0), TimeOnly(6, 0), "UTC"), Strategy.Bounds(1, 3)),
                5,
                3,
                "Bounds: 3 instead of 5, at most 3"
            ] do
            test name { Expect.equal (now calm strategy wanted) (expected, [ reason ]) "number and reason" }

        test "cooldown" {
            let changed = entryAt 40 10 10 :: entryAt 70 8 8 :: calm.Tail.Tail

            Expect.equal
                (now changed (Strategy.Cooldown(seconds 120)) 12)
                (10, [ "Cooldown: kept 10 instead of 12, last change 40 s ago, wait 120 s" ])
                "both directions"

            Expect.equal
                (fst (now changed (Strategy.Cooldown(up = TimeSpan.Zero, down = seconds 120)) 12))
                12
                "one direction"
        }

        test "recommend-only takes no guess" {
            Expect.stringContains
                (thrownBy<MissingMeasurementException>(fun () -> now [] (Strategy.RecommendOnly()) 3 |> ignore))
                "no earlier iteration tells it"
                "an error"
        }

        test "recommend-only takes what is measured where there is no history" {
            let rule = Rule.Of("nine", (fun _ ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 9))))
            let watching = Autoscaler.Create(rule, Strategy.RecommendOnly())

            let context =
                PlanContext<Measurements, Proposals>(
                    one,
                    Measurements.Of(struct (orders, NodeMeasurements(Parallelism = 4)))
                )

            Expect.equal (watching.Explain(context).Plan[orders]) 4 "measured"
        }

        test "recommend-only has the last word" {
            Expect.stringContains
                (thrownBy<ArgumentException>(fun () ->
                    wishing.WithStrategies(Strategy.RecommendOnly(), Strategy.Bounds(1, 2))
                    |> ignore))
                "RecommendOnly has the last word: write it last. Bounds comes after it."
                "the message"

            let night = DailyWindow(TimeOnly(22, 0), TimeOnly(6, 0), "UTC")

            Expect.stringContains
                (thrownBy<ArgumentException>(fun () ->
                    wishing.WithStrategies(Strategy.During(night, Strategy.RecommendOnly()), Strategy.Bounds(1, 2))
                    |> ignore))
                "has the last word: write it last. Bounds comes after it."
                "at night too"
        }

        test "for some nodes only" {
            Expect.equal (fst (now calm ((Strategy.Bounds(1, 3)).Only payments) 5)) 5 "another node"
            Expect.equal (fst (now calm ((Strategy.Bounds(1, 3)).Only orders) 5)) 3 "this node"
        }

        test "a budget is shared in proportion, by cost" {
            let plan = Plan.Of(struct (orders, 11), struct (payments, 21), struct (audit, 1))
            let context = StrategyContext(Topology.Of(orders, payments, audit), start, null)
            let shrunk = (Strategy.Budget 18).Apply(plan, context)
            Expect.equal [ shrunk[orders]; shrunk[payments]; shrunk[audit] ] [ 6; 11; 1 ] "half of what is beyond 1"
            let dear = (Strategy.Budget(18, (fun node -> if node = payments then 2. else 1.))).Apply(plan, context)
            Expect.isLessThanOrEqual (dear[orders] + 2 * dear[payments] + dear[audit]) 18 "within"
            Expect.equal (Seq.toList ((Strategy.Budget 1).Apply(plan, context).Values)) [ 1; 1; 1 ] "never less than 1"
        }

        test "a daily window keeps summer time" {
            let office = DailyWindow(TimeOnly(8, 0), TimeOnly(18, 0), "Europe/Berlin")

            let at (text: string) =
                office.Contains(DateTimeOffset.Parse(text, Globalization.CultureInfo.InvariantCulture))

            Expect.isTrue (at "2026-07-01T06:00:00Z") "8:00 in summer"
            Expect.isFalse (at "2026-01-01T06:59:00Z") "7:59 in winter"
            Expect.isTrue (at "2026-01-01T07:00:00Z") "8:00 in winter"

            Expect.stringContains
                (thrownBy<ArgumentException>(fun () ->
                    DailyWindow(TimeOnly(8, 0), TimeOnly(9, 0), "Mars/Olympus") |> ignore))
                "no time zone 'Mars/Olympus'"
                "the message"
        }

        test "settings that cannot be are refused" {
            for make in
                [
                    (fun () -> Strategy.Bounds(0, 3))
                    (fun () -> Strategy.Bounds(4, 3))
                    (fun () -> Strategy.MaxChange(0.))
                    (fun () -> Strategy.OverProvision nan)
                    (fun () -> Strategy.Stabilize(seconds -1))
                    (fun () -> Strategy.DelayScaleDown(seconds -1))
                    (fun () -> Strategy.Cooldown(seconds -1))
                    (fun () -> Strategy.Activation 0)
                    (fun () -> Strategy.Budget 0.)
                    (fun () -> Strategy.Fallback(seconds 1, 0))
                    (fun () -> Strategy.RateLimit(HpaPolicy(HpaPolicyType.Pods, 0, seconds 60)))
                ] do
                thrownBy<ArgumentException>(fun () -> make () |> ignore) |> ignore
        }
    ]
