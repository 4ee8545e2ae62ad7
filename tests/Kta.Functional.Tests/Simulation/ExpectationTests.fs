/// What tests of users expect of a run, and what docs/figures.md shows of it.
module Kta.Functional.Tests.Simulation.ExpectationTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Simulation.Applications

let runAgain (orders: Application) = task {
    let! run = orders |> Simulator.run (Autoscaler.ofRule (BreakEven.rule BreakEven.defaults))
    printfn $"{run.Figures}"
    return run
}

let runOthers (orders: Application) (address: string) = task {
    let! served = Simulator.RunAsync(orders, StepEndpoints.At address)
    let! peak = orders |> Simulator.runStatic (StaticPlan.Peak orders)

    return served, peak
}

let besideTheBest (run: SimulatedRun) =
    let figures = Run.besideClairvoyant run
    printfn $"{figures.J:F3}, the clairvoyant {figures.ClairvoyantJ:F3}"

    figures

let check (run: SimulatedRun) =
    run
    |> Run.expectAtMostChanges 8
    |> Run.expectNoReversalWithin (minutes 5)
    |> Run.expectSettledWithin (minutes 10) (minutes 120)
    |> Run.expectAboveObjectiveAtMost 0.08

let private cosine =
    Application(
        Name = "orders",
        Operators = (orders (Trace.constant 1.0)).Operators,
        Sources = (orders (Trace.cosine 150_000.0 100_000.0 (hours 1))).Sources,
        Duration = TimeSpan.FromSeconds 8400.0
    )

let private hasty = lazy (cosine |> Simulator.run (Autoscaler.ofRule (Ds2.rule Ds2.defaults))).Result

let private unmet (expectation: SimulatedRun -> SimulatedRun) =
    thrownBy<ExpectationException>(fun () -> expectation hasty.Value |> ignore)

let tests =
    testList "Expectations of a run" [
        testCaseTask "what the documentation shows holds for Break-even, in both languages"
        <| fun () -> task {
            let! inCSharp = CSharp.FigureSnippets.RunAsync cosine
            let! inFSharp = runAgain cosine
            Expect.equal (string inFSharp.Figures) (string inCSharp.Figures) "the same run"
            Expect.equal (check inFSharp) inFSharp "as expected"
        }

        test "more changes than expected fail, and all of them are shown with their reasons" {
            let count = hasty.Value.Changes.Count
            Expect.equal (hasty.Value |> Run.expectAtMostChanges count) hasty.Value "as many as there are"
            let message = unmet (Run.expectAtMostChanges (count - 1))

            Expect.stringStarts
                message
                $"There are {count} changes of the parallelism, at most {count - 1} were expected. All of them:"
                "what"

            Expect.stringContains message "/s needed, " "the reasons of DS2"
        }

        test "a node that goes back on its change fails, with the two changes and what was between them" {
            let message = unmet (Run.expectNoReversalWithin (hours 1))
            Expect.stringContains message "; no reversal was expected within 3600 s." "what"
            Expect.stringContains message "/s needed, " "why"
            Expect.equal (hasty.Value |> Run.expectNoReversalWithin TimeSpan.Zero) hasty.Value "none at once"
        }

        test "the failure in the documentation is a real one" {
            let message = unmet (Run.expectNoReversalWithin (minutes 5))
            let shown = message.Split Environment.NewLine |> Array.take 4 |> String.concat "\n"
            Expect.stringContains (Repository.read "docs/figures.md") shown "its first lines"
        }

        test "a run that never rests has not settled" {
            let message = unmet (Run.expectSettledWithin (minutes 10) (minutes 30))
            Expect.stringContains message "it was expected to settle within 600 s after 00:30:00." "what"
        }

        test "whether a run settles in more time than it has cannot be said" {
            let last = hasty.Value.Iterations[hasty.Value.Iterations.Count - 1].At

            for time, text in [ hours 3, "10800"; TimeSpan.MaxValue, "922337203685.478" ] do
                Expect.stringStarts
                    (unmet (Run.expectSettledWithin time (minutes 30)))
                    $"Whether the run settles within {text} s after 00:30:00 cannot be said: its last decision is at {last:c}, "
                    "which one"
        }

        test "more time above the objective than expected fails, with the longest stretch" {
            let message = unmet (Run.expectAboveObjectiveAtMost 0.5)
            Expect.stringContains message "of the time are above the objective, at most 50.0 % were expected." "what"
            let share = hasty.Value.Figures.TimeAboveObjective
            Expect.equal (hasty.Value |> Run.expectAboveObjectiveAtMost share) hasty.Value "exactly as much"
        }

        testCaseTask "a loop without an application can be expected to rest as well"
        <| fun () -> task {
            let flapping =
                Algorithm
                    .For<Measurements, Measurements>()
                    .WithMonitor(fun _ -> Measurements.Nothing)
                    .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, fun _ -> 1 + Seq.length ctx.History % 2))

            let! run = LocalOperator.RunAsync(flapping, Topology.Of(TopologyNode.Deployment "orders"), 6)

            Expect.stringStarts
                (thrownBy<ExpectationException>(fun () -> run.ExpectAtMostChanges 4 |> ignore))
                "There are 5 changes of the parallelism, at most 4 were expected."
                "changes"

            Expect.stringStarts
                (thrownBy<ExpectationException>(fun () -> run.ExpectNoReversalWithin(hours 1) |> ignore))
                "Deployment/orders goes from 1 to 2 at "
                "reversal"
        }

        testCaseTask
            "the front of the clairvoyant: with more changes J does not get worse until they cost more than they bring"
        <| fun () -> task {
            let front = ClairvoyantOptimum.Front(cosine, 6)
            Expect.sequenceEqual [ for one in front -> one.Changes.Count ] [ 0..6 ] "one for each number"
            let best = (ClairvoyantOptimum.Of cosine).Figures.J
            let least = front |> Seq.map _.Figures.J |> Seq.min
            Expect.floatClose Accuracy.medium least best "the optimum is on the front"
            let! other = cosine |> Simulator.runStatic (StaticPlan.Peak cosine)
            Expect.isLessThanOrEqual best other.Figures.J "no worse than static peak"
            Expect.equal (Run.besideClairvoyant other).ClairvoyantJ (Nullable best) "beside it"
        }

        test "a run begins without a history, and says so if it is given one" {
            let options =
                LocalOperatorOptions(EarlierIterations = [| for one in hasty.Value.Iterations -> one.Iteration |])

            let again () = cosine |> Simulator.runWith options (Autoscaler.ofRule (Ds2.rule Ds2.defaults))

            let refused = thrownBy<ArgumentException>(fun () -> again().GetAwaiter().GetResult() |> ignore)
            Expect.stringContains refused "EarlierIterations has to be empty" "not left out silently"
        }

        testCaseTask "a plan that never changes does not change, whatever the limits"
        <| fun () -> task {
            let! run = cosine |> Simulator.runStatic (Plan.ForEach(cosine.Topology, (fun _ -> 100)))
            Expect.equal (run.Changes.Count, run.Figures.Rescales) (0, 0) "changes"
            Expect.equal [ for one in run.Iterations[0].Parallelism.Values -> one ] [ 100; 100; 100 ] "more than 64"
        }
    ]
