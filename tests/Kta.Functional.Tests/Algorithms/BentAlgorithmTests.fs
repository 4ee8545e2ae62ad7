module Kta.Functional.Tests.Algorithms.BentAlgorithmTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.Wishes

let private any =
    testList "Any algorithm" [
        test "an asynchronous step stays asynchronous, and is never run again: its strategies wait after changes" {
            let runs = ref 0
            let service = Service.Of runs

            let later =
                Algorithm.CreatePlan<Wish>(fun (ctx: Context) _ -> task {
                    service.Value.Value <- service.Value.Value + 1
                    do! Task.Yield()
                    return Plan.ForEach(ctx.Topology, (fun _ -> ctx.MonitorResult.Wanted))
                })

            let algorithm = later.WithStrategies(Strategy.Stabilize(seconds 60))
            Expect.isTrue (nonNull algorithm.Plan).IsAsync "asynchronous"
            let changed = [ entryAt 30 2 10; entryAt 60 2 9; entryAt 90 2 9 ]

            Expect.equal
                (plansOf algorithm 2 changed)
                (10, [ "Stabilize: kept 10 instead of 2, last change 30 s ago, wait 60 s" ])
                "by what was applied"

            Expect.equal (plansOf algorithm 2 [ for k in 1..3 -> entryAt (30 * k) 9 10 ]) (2, []) "no change for 60 s"
            Expect.equal runs.Value 2 "once for each call"
        }

        test "a synchronous step that uses a service is never run again either" {
            let runs = ref 0
            let service = Service.Of runs

            let using =
                Algorithm.CreatePlan<Wish>(fun (ctx: Context) ->
                    service.Value.Value <- service.Value.Value + 1
                    Plan.ForEach(ctx.Topology, (fun _ -> ctx.MonitorResult.Wanted)))

            let algorithm = using.WithStrategies(Strategy.Stabilize(seconds 60), Strategy.Activation 2)
            Expect.equal (fst (plansOf algorithm 2 [ for k in 1..3 -> entryAt (30 * k) 9 10 ])) 2 "no change for 60 s"
            Expect.equal runs.Value 1 "once"
        }

        test "a class with its own state is refused as before, strategies around it or not" {
            let count = ref 0

            Expect.stringContains
                (thrownBy<StatefulUdfException>(fun () ->
                    Algorithm
                        .CreatePlan<Wish>(fun (ctx: Context) ->
                            count.Value <- count.Value + 1
                            Plan.Single count.Value)
                        .WithStrategies(Strategy.Bounds(1, 3))
                    |> ignore))
                "count"
                "the variable"
        }

        test "a captured variable that changes is found inside of strategies" {
            let struct (algorithm, change) = CSharp.Strategies.Changeable()
            let bent = algorithm.WithStrategies(Strategy.Bounds(1, 3))
            let request = Requests.ofNodes [ "orders" ] "{}" "{}" "[]"
            Expect.equal (answer bent Step.Plan request) (planText [ "orders" ] 2) "before"
            change.Invoke()

            Expect.stringContains
                (thrownBy<IllegalAccessException>(fun () -> answer bent Step.Plan request |> ignore))
                "has changed from '2' to '3'"
                "after"
        }

        test "strategies come in the order they are written, also when they are added later" {
            let doubling = Strategy.OverProvision 1.
            let capped = Strategy.Bounds(1, 6)
            Expect.equal (planned (wishing.WithStrategies(doubling, capped)) 5 []) 6 "first doubled"
            Expect.equal (planned (wishing.WithStrategies(capped, doubling)) 5 []) 10 "first capped"
            Expect.equal (planned ((wishing.WithStrategies capped).WithStrategies doubling) 5 []) 10 "added later"
        }

        test "an algorithm without a plan step has nothing to bend" {
            let monitor = Algorithm.CreateMonitor<Wish>(fun _ -> { Wanted = 1 })

            Expect.stringContains
                (thrownBy<ArgumentException>(fun () -> monitor.WithStrategies(Strategy.Bounds(1, 2)) |> ignore))
                "has no plan step"
                "the message"
        }

        test "a strategy of one's own sees what was proposed, applied and there" {
            let looking =
                Strategy.Of(
                    "looking",
                    fun proposed ctx ->
                        (proposed, ctx.Past)
                        ||> Seq.fold (fun plan past ->
                            plan.Because(orders, $"{past.Proposed}, {past.Applied[orders]}, {past.Current = null}"))
                )

            let bent = wishing.WithStrategies(Strategy.OverProvision 1., looking)

            Expect.equal
                (plansOf bent 3 [ entryAt 30 4 5; entryAt 60 2 4 ])
                (6,
                 [
                     "OverProvision: 6 instead of 3, 100 % more"
                     "Deployment/orders: 8, 5, False"
                     "Deployment/orders: 4, 4, True"
                 ])
                "the past, newest first"
        }
    ]

let private explaining =
    testList "Explain" [
        test "shows the numbers, and what rules and strategies said" {
            let bent = wishing.WithStrategies(Strategy.Bounds(1, 12), Strategy.Cooldown(seconds 120))
            let changed = entryAt 40 10 10 :: entryAt 70 8 8 :: calm.Tail.Tail
            let explanation = bent.Explain(context 20 changed)
            Expect.isTrue explanation.Nodes[0].IsHeldBack "held back"

            Expect.equal
                (string explanation)
                (String.concat Environment.NewLine [
                    "Deployment/orders keeps 10"
                    "  Bounds: 12 instead of 20, at most 12"
                    "  Cooldown: kept 10 instead of 12, last change 40 s ago, wait 120 s"
                ])
                "for people"
        }
    ]

let tests = testList "Strategies around algorithms" [ any; explaining ]
