/// Rules for which nobody published figures, on the four traces: what any rule has to keep there.
module Kta.Functional.Tests.Simulation.UnpublishedRuleTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Algorithms
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Simulation.SanityTests

/// The recipe of docs/rules/recipes.md.
let private recovering (rule: ScalingRule) =
    RecipeSnippets.RecoversWithin(
        rule,
        recovery = TimeSpan.FromSeconds 330.0,
        downtime = TimeSpan.FromSeconds 30.0,
        replayed = TimeSpan.FromSeconds 10.0
    )

/// A rule, and what it does on the cosine, the step, the spikes and the ramp: instance-hours, changes, per cent of the time above the
/// objective. Nobody published these; they are ours, so that a change of a rule is seen.
let private rules: (string * (unit -> ScalingRule) * (float * int * float) list) list = [
    "PID", (fun () -> Pid.Rule()), [ 157.1, 42, 67.0; 124.3, 31, 50.5; 112.2, 30, 36.2; 130.7, 27, 40.3 ]
    "M/M/c", (fun () -> Mmc.Rule()), [ 139.9, 55, 80.3; 111.5, 8, 11.9; 91.9, 17, 21.3; 117.0, 56, 99.2 ]
    "ContTune x1.2",
    (fun () -> ContTune.Rule(ContTuneOptions(ScalingFactor = 0.2))),
    [ 134.2, 52, 86.1; 107.5, 5, 12.1; 89.7, 14, 20.4; 111.9, 56, 98.7 ]
    "CPU thresholds",
    (fun () -> CpuThresholds.Rule()),
    [ 241.7, 1, 0.7; 213.4, 4, 33.2; 114.4, 1, 18.4; 164.5, 5, 45.4 ]
    "DS2 that recovers",
    (fun () -> recovering (Ds2.Rule())),
    [ 136.5, 52, 82.8; 105.0, 24, 45.8; 90.1, 15, 23.3; 113.9, 47, 86.9 ]
]

let tests =
    testList "Rules without published figures" [
        for name, rule, columns in rules do
            for trace, (hours, changes, late) in List.zip traces columns do
                testCaseTask $"{name} on the {trace} stays within the limits, and costs less than 1.75 x static peak"
                <| fun () -> task {
                    let! (run: SimulatedRun) = Simulator.RunAsync(applications[trace], Autoscaler.Create(rule ()))

                    for iteration in run.Iterations do
                        for node in iteration.Plan do
                            Expect.isTrue (node.Value >= 1 && node.Value <= 64) $"{node}"

                    let figures = run.Figures
                    Expect.isLessThan figures.InstanceHours (1.75 * figures.StaticPeakInstanceHours.Value) $"{figures}"
                    Expect.isLessThan (abs (figures.InstanceHours / hours - 1.0)) 0.02 $"instance-hours: {figures}"
                    Expect.isLessThanOrEqual (abs (figures.Rescales - changes)) 1 $"changes: {figures}"
                    Expect.isLessThan (abs (100.0 * figures.TimeAboveObjective - late)) 1.0 $"time above: {figures}"
                }

        test "the recipe sizes for what has to be made up for after a restart" {
            let orders = Topology.Of Loops.map

            let now =
                Measurements.Of(
                    struct (Loops.map,
                            NodeMeasurements(
                                ArrivalRate = 1_000,
                                RecordsIn = 100,
                                Busy = 1,
                                Lag = 30_000,
                                Parallelism = 1
                            ))
                )

            let inFSharp =
                FSharp.RuleSnippets.recoversWithin
                    (TimeSpan.FromSeconds 330.0)
                    (TimeSpan.FromSeconds 30.0)
                    (TimeSpan.FromSeconds 10.0)

            for recovering in [ recovering; inFSharp ] do
                let plan = (recovering (Ds2.Rule())).Decide(now, Loops.contextOf orders [])
                Expect.equal plan[Loops.map] 13 "1,000/s, and 70,000 within 300 s"
        }
    ]
