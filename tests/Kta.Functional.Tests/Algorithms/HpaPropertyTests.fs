module Kta.Functional.Tests.Algorithms.HpaPropertyTests

open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Algorithms.Loops

let private busy (share: float) (parallelism: int) =
    Measurements.Of(struct (map, NodeMeasurements(Busy = share, Parallelism = parallelism)))

let private decided (rule: ScalingRule) (now: Measurements) =
    let plan = rule.Decide(now, contextOf (Topology.Of map) [])
    plan[map]

let tests =
    testList "HPA always" [
        Generators.property
            "more of a metric never means fewer instances"
            300
            (Gen.zip3 (Gen.choose (0, 1000)) (Gen.choose (0, 1000)) (Gen.choose (1, 50)))
            (fun (few, many, parallelism) ->
                let low, high = min few many, max few many

                Expect.isLessThanOrEqual
                    (decided (Hpa.Rule()) (busy (float low / 1000.) parallelism))
                    (decided (Hpa.Rule()) (busy (float high / 1000.) parallelism))
                    "monotone")

        Generators.property
            "the plan covers the topology and is within the bounds, whatever was measured"
            500
            (Gen.zip Garbage.measurements (Gen.listOfLength 3 (Gen.choose (1, 100))))
            (fun (garbage, applied) ->
                let bounded =
                    Hpa.Rule(
                        HpaOptions(
                            Metrics = [
                                HpaMetric.Utilization(Quantity.Busy, 0.7)
                                HpaMetric.AverageValue(Quantity.Lag, 1.)
                                HpaMetric.Value(Quantity.RecordsIn, 0.001)
                            ],
                            MinReplicas = 2,
                            MaxReplicas = 50
                        )
                    )

                let history = [| for age in 1..6 -> past age garbage (counts applied chain) |]
                let plan = bounded.Decide(garbage, contextOf chain history)
                Expect.equal plan.Count 3 "every node"

                for node in chain do
                    Expect.isTrue (plan[node] >= 2 && plan[node] <= 50) $"{plan[node]} within the bounds")
    ]
