/// Expectations of where a run goes: how far up and down, and whether it gets there.
module Kta.Functional.Tests.Simulation.TrajectoryExpectationTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests.Calls

/// One instance for each iteration there was before, of orders; payments has always 2.
let private climbing =
    Algorithm
        .For<Measurements, Measurements>()
        .WithMonitor(fun _ -> Measurements.Nothing)
        .WithPlan(fun ctx ->
            Plan.Of(struct (orders, 1 + Seq.length ctx.History), struct (payments, 2)).Because(orders, "one more"))

let private loop (iterations: int) =
    let options = LocalOperatorOptions(Interval = minutes 1)
    LocalOperator.RunAsync(climbing, Topology.Of(orders, payments), iterations, options).Result

let private run = lazy (loop 6)

let private simulated =
    lazy
        (let application =
            (Application.chain "orders" [ StreamOperator("map", 10_000.0) ] (Trace.constant 25_000.0))
                .With(
                    interval = minutes 1,
                    duration = minutes 6,
                    parallelism = Plan.ofSeq [ TopologyNode.Flink "map", 1 ]
                )

         let algorithm =
             Algorithm
                 .For<Measurements, Measurements>()
                 .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, fun _ -> min 3 (1 + Seq.length ctx.History)))

         (application |> Simulator.run algorithm).Result)

let private unmet (expectation: unit -> 'Run) =
    thrownBy<ExpectationException>(fun () -> expectation () |> ignore).ReplaceLineEndings "\n"

let private lines (text: string) = text.TrimEnd('\n').Split '\n' |> List.ofArray

let tests =
    testList "Expectations of a trajectory" [
        test "what is so answers the run again" {
            let expected =
                run.Value
                    .ExpectNeverAbove(6)
                    .ExpectNeverAbove(2, payments)
                    .ExpectNeverAbove(3, until = minutes 3)
                    .ExpectNeverBelow(1)
                    .ExpectNeverBelow(4, orders, after = minutes 3)
                    .ExpectReaches(6, orders)
                    .ExpectReaches(2)
                    .ExpectReaches(3, orders, within = minutes 2)
                    .ExpectReaches(3, orders, after = minutes 2)

            Expect.equal expected run.Value "the same run"
        }

        test "a node with more instances than ever expected fails, with the table around it" {
            Expect.equal
                (lines (unmet (fun () -> run.Value.ExpectNeverAbove 4)))
                [
                    "Deployment/orders has 5 instances at 00:04:00; never more than 4 were expected."
                    "  #  started (UTC)  Deployment/orders  Deployment/payments  monitor  analyze"
                    "  2  00:01:00       2 +                2                    {}       {}"
                    "     Deployment/orders 1 → 2: one more"
                    "  3  00:02:00       3 +                2                    {}       {}"
                    "     Deployment/orders 2 → 3: one more"
                    "  4  00:03:00       4 +                2                    {}       {}"
                    "     Deployment/orders 3 → 4: one more"
                    "  5  00:04:00       5 +                2                    {}       {}"
                    "     Deployment/orders 4 → 5: one more"
                    "  6  00:05:00       6 +                2                    {}       {}"
                    "     Deployment/orders 5 → 6: one more"
                ]
                "all of it"
        }

        test "a node with fewer instances than ever expected fails, also if it starts like that" {
            Expect.stringStarts
                (unmet (fun () -> run.Value.ExpectNeverBelow 2))
                "Deployment/orders has 1 instance at 00:00:00; never fewer than 2 were expected.\n"
                "at the start"

            Expect.stringStarts
                (unmet (fun () -> run.Value.ExpectNeverBelow(5, orders, after = minutes 3)))
                "Deployment/orders has 4 instances at 00:03:00; never fewer than 5 were expected.\n"
                "from a moment on"

            Expect.stringStarts
                (unmet (fun () -> run.Value.ExpectNeverBelow(3, payments)))
                "Deployment/payments has 2 instances at 00:00:00; never fewer than 3 were expected.\n"
                "of the other node"
        }

        test "a parallelism that is not reached, or too late, fails with what the node had" {
            Expect.stringStarts
                (unmet (fun () -> run.Value.ExpectReaches 7))
                "Deployment/orders was expected to reach 7 instances after 00:00:00, but it had 1 to 6.\n"
                "never"

            let late = unmet (fun () -> run.Value.ExpectReaches(4, orders, within = minutes 2))

            Expect.stringStarts
                late
                "Deployment/orders was expected to reach 4 instances within 120 s after 00:00:00, but it had 1 to 3.\n"
                "too late"

            Expect.hasLength (lines late) 8 "what, the heading, and three iterations with their reasons"

            Expect.stringStarts
                (unmet (fun () -> run.Value.ExpectReaches(1, orders, after = minutes 2)))
                "Deployment/orders was expected to reach 1 instance after 00:02:00, but it had 3 to 6.\n"
                "too early"

            Expect.stringStarts
                (unmet (fun () -> run.Value.ExpectReaches(3, payments)))
                "Deployment/payments was expected to reach 3 instances after 00:00:00, but it had 2.\n"
                "always the same"
        }

        test "a node that is none of the run is an error of the test" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () -> run.Value.ExpectNeverAbove(4, audit) |> ignore))
                "Deployment/audit is no node of the run; it has Deployment/orders, Deployment/payments. (Parameter 'node')"
                "which ones there are"
        }

        test "a run that does not settle says which node still moves" {
            Expect.stringStarts
                (unmet (fun () -> run.Value.ExpectSettledWithin(minutes 2)))
                "The parallelism still changes at 00:05:00, Deployment/orders from 5 to 6; it was expected to settle within 120 s after 00:00:00.\n"
                "the last change"
        }

        test "a run that ends before it can be seen to settle is refused" {
            let payable = LocalOperatorOptions(Interval = minutes 1, MaxParallelism = 2)
            let run = LocalOperator.RunAsync(climbing, Topology.Of(orders, payments), 6, payable).Result
            Expect.equal (run.ExpectSettledWithin(minutes 4)) run "one decision after the time is over"

            Expect.equal
                (unmet (fun () -> run.ExpectSettledWithin(minutes 3, after = minutes 2)))
                "Whether the run settles within 180 s after 00:02:00 cannot be said: its last decision is at 00:05:00, and one after the time is over would have to stay the same. Let the run go on, or expect it sooner."
                "the end"

            Expect.equal
                (unmet (fun () -> run.ExpectSettledWithin(minutes 2, after = minutes 1, until = minutes 4)))
                "Whether the run settles within 120 s after 00:01:00 cannot be said: its last decision before 00:04:00 is at 00:03:00, and one after the time is over would have to stay the same. Let the run go on, and until be later, or expect it sooner."
                "until"
        }

        testCaseTask "of a run in which nothing was decided nothing can be expected"
        <| fun () -> task {
            use op = Kta.Functional.Testing.FakeOperator.At(climbing, StepEndpoints.At "http://127.0.0.1:9")

            for expect in
                [
                    fun (run: LocalRun) -> run.ExpectAtMostChanges 0
                    fun run -> run.ExpectNoReversalWithin(minutes 1)
                    fun run -> run.ExpectSettledWithin(minutes 1)
                    fun run -> run.ExpectNeverAbove 1
                    fun run -> run.ExpectNeverBelow 1
                    fun run -> run.ExpectReaches 1
                ] do
                Expect.equal
                    (unmet (fun () -> expect op.Run))
                    "The run has no finished iteration, so nothing can be expected of it. Let it run before, and look at its Failures if it did."
                    "not met"
        }

        test "times that make no sense are errors of the test" {
            let refused (expect: LocalRun -> LocalRun) =
                thrownBy<ArgumentException>(fun () -> expect run.Value |> ignore).ReplaceLineEndings "\n"

            for name, expect in
                [
                    "time", (fun (run: LocalRun) -> run.ExpectNoReversalWithin(minutes -1))
                    "time", (fun run -> run.ExpectSettledWithin(minutes -1))
                    "after", (fun run -> run.ExpectSettledWithin(minutes 1, after = minutes -1))
                    "after", (fun run -> run.ExpectNeverAbove(9, after = minutes -1))
                    "within", (fun run -> run.ExpectReaches(1, within = minutes -1))
                    "after", (fun run -> run.ExpectReaches(1, after = minutes -1))
                ] do
                Expect.equal
                    (refused expect)
                    $"{name} ('-00:01:00') must be greater than or equal to '00:00:00'. (Parameter '{name}')\nActual value was -00:01:00."
                    "negative"

            for expect in
                [
                    fun (run: LocalRun) -> run.ExpectSettledWithin(minutes 1, after = minutes 3, until = minutes 2)
                    fun run -> run.ExpectNeverAbove(9, after = minutes 3, until = minutes 2)
                    fun run -> run.ExpectNeverBelow(1, after = minutes 3, until = minutes 2)
                ] do
                Expect.equal
                    (refused expect)
                    "Nothing lies after 00:03:00 and before 00:02:00: until has to be later than after. (Parameter 'until')"
                    "nothing between"
        }

        test "runs against an application, in both languages, start with what it was given" {
            let run = simulated.Value
            Expect.equal (run |> Run.expectNeverAbove 3 |> Run.expectNeverBelow 1 |> Run.expectReaches 3) run "met"

            Expect.stringStarts
                (unmet (fun () -> run |> Run.expectNeverBelow 2))
                "map has 1 instance at 00:00:00; never fewer than 2 were expected.\n"
                "the start"

            Expect.stringStarts (unmet (fun () -> run |> Run.expectNeverAbove 2)) "map has 3 instances at 00:0" "above"

            Expect.stringStarts
                (unmet (fun () -> run |> Run.expectReaches 4))
                "map was expected to reach 4 instances after 00:00:00, but it had 1 to 3.\n"
                "never"
        }
    ]
