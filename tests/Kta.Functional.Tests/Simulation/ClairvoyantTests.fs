/// The clairvoyant optimum as a yardstick: no rule that sees only the past does better.
module Kta.Functional.Tests.Simulation.ClairvoyantTests

open System
open Expecto
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests.Simulation.Applications

let private rules (limits: ParallelismLimits) = [
    Ds2.rule (Ds2Options(ScalingFactor = 0.2))
    Hpa.rule Hpa.defaults
    BreakEven.rule (BreakEvenOptions(MaxParallelism = limits.Max))
]

let private jOf (application: Application) (rule: ScalingRule) =
    (Simulator.run (Autoscaler.ofRule rule) application).GetAwaiter().GetResult().Figures.J

/// What the buffers are for, how late is too late, how much there may be, and what arrives.
let private application = gen {
    let! operators = Gen.choose (1, 3)
    let! rates = Gen.listOfLength operators (Gen.elements [ 100.0; 1_000.0 ])
    let! exponents = Gen.listOfLength operators (Gen.elements [ 1.0; 0.9 ])
    let! mean = Gen.elements [ 400.0; 4_000.0 ]

    let! trace =
        Gen.elements [
            Trace.Cosine(mean, 0.8 * mean, TimeSpan.FromMinutes 20.0)
            steps [ 0.0, 0.3 * mean; 900.0, mean; 2_400.0, 0.5 * mean ]
            Trace.Spikes(0.5 * mean, mean, after 300, after 900, after 180)
        ]

    let! buffer = Gen.elements [ 0.5; 1.0; 2.0 ]
    let! lag = Gen.elements [ 10; 300 ]
    let! latency = Gen.elements [ Nullable(); Nullable(after 15); Nullable(after 40) ]
    let! downtime = Gen.elements [ 0; 30 ]
    let! most = Gen.elements [ 2; 20; 100 ]

    return
        Application(
            Operators = [|
                for i, (rate, exponent) in List.indexed (List.zip rates exponents) ->
                    StreamOperator($"n{i}", rate, Exponent = exponent)
            |],
            Sources = traces [ "n0", trace ],
            BufferSeconds = buffer,
            Objective = ServiceObjective(after lag, latency),
            Downtime = after downtime,
            Limits = ParallelismLimits(1, most),
            Duration = TimeSpan.FromHours 1.0
        )
}

let tests =
    testList "No rule beats the clairvoyant" [
        test "whatever the buffers, the objective and the limits" {
            // What is in buffers is no part of its search; one in some hundreds notices.
            let beaten = [
                for application in Gen.sample 60 application do
                    let best = (ClairvoyantOptimum.Of application).Figures.J

                    for rule in rules application.Limits do
                        let j = jOf application rule

                        if best > j + 0.02 then
                            $"{rule} with {j} beats {best}, {application}"
            ]

            Expect.isLessThan beaten.Length 4 $"%A{beaten}"
        }

        test "a latency that is named counts, even where the lag may be long" {
            let strict =
                orders (steps [ 0.0, 50_000.0; 1_800.0, 200_000.0 ])
                |> _.With(objective = ServiceObjective(after 3_000, after 15), duration = after 5_400)

            let optimum = ClairvoyantOptimum.Of strict
            Expect.isLessThan optimum.Figures.TimeAboveObjective 0.05 "it is kept"
            Expect.isGreaterThan optimum.Changes.Count 0 "by scaling"
        }

        test "a load that no plan can take is worth no instances" {
            let hopeless =
                orders (Trace.Constant 150_000.0)
                |> _.With(limits = ParallelismLimits(1, 4), duration = after 3_600)

            let optimum = ClairvoyantOptimum.Of hopeless
            Expect.isLessThan optimum.Figures.InstanceHours 4.0 "three instances"
        }

        test "a change is worth as much as a minute of all instances, and no more" {
            let changes (minutes: int) =
                chain [ "a", 100.0 ] [ "a", 5 ] (Trace.Constant 400.0)
                |> _.With(downtime = TimeSpan.Zero, duration = after (60 * minutes))
                |> ClairvoyantOptimum.Of
                |> _.Changes.Count

            // One instance of five too many: a quarter of the ideal, from the first grid point on.
            Expect.equal (changes 4) 0 "it brings 0.22, and costs 0.25"
            Expect.equal (changes 5) 1 "it brings 0.225, and costs 0.2"
        }

        test "a buffer for less than a second limits its operator, and the smallest plans know it" {
            let narrow =
                Application(
                    Operators = [| StreamOperator("a", 1_000.0); StreamOperator("b", 100.0) |],
                    Sources = traces [ "a", Trace.Constant 400.0 ]
                )
                |> _.With(bufferSeconds = 0.5, duration = after 600)

            Expect.equal (StaticPlan.Peak(narrow)[node "b"]) 8 "twice as many"
            Expect.equal (narrow.SmallestPlanAt(TimeSpan.Zero)[node "b"]) 8 "of a moment, too"
            let run = (Simulator.RunAsync(narrow, StaticPlan.Peak narrow)).GetAwaiter().GetResult()
            Expect.equal run.Figures.MaxLagSeconds 0.0 "and they are enough"
        }
    ]
