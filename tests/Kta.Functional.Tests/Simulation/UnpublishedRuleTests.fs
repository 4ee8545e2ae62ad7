/// Rules for which nobody published figures, on the four traces: what any rule has to keep there.
module Kta.Functional.Tests.Simulation.UnpublishedRuleTests

open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Tests.Simulation.SanityTests

/// A rule, and how much of the time it may be above the objective on the cosine, the step, the spikes and the ramp, in per cent.
let private rules: (string * (unit -> ScalingRule) * float list) list = [
    "PID", (fun () -> Pid.Rule()), [ 75.0; 60.0; 60.0; 60.0 ]
]

let tests =
    testList "Rules without published figures" [
        for name, rule, late in rules do
            for trace, most in List.zip traces late do
                testCaseTask
                    $"{name} on the {trace} stays within the limits, costs less than 1.75 x static peak, and is late for less than {most} %%"
                <| fun () -> task {
                    let! (run: SimulatedRun) = Simulator.RunAsync(applications[trace], Autoscaler.Create(rule ()))

                    for iteration in run.Iterations do
                        for node in iteration.Plan do
                            Expect.isTrue (node.Value >= 1 && node.Value <= 64) $"{node}"

                    Expect.isLessThan
                        run.Figures.InstanceHours
                        (1.75 * run.Figures.StaticPeakInstanceHours.Value)
                        $"{run.Figures}"

                    Expect.isLessThan (100.0 * run.Figures.TimeAboveObjective) most $"{run.Figures}"
                }
    ]
