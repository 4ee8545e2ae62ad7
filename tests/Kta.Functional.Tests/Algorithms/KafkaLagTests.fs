module Kta.Functional.Tests.Algorithms.KafkaLagTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private alone = Topology.Of map

let private waiting (lag: int) (parallelism: int) = NodeMeasurements(Lag = lag, Parallelism = parallelism)

let private decided (options: KafkaLagOptions) (numbers: NodeMeasurements) =
    KafkaLag.Rule(options).Decide(Measurements.Of(struct (map, numbers)), contextOf alone [])

let private instances options numbers = (decided options numbers)[map]
let private defaults = KafkaLagOptions()
let private numberOf (plan: Plan) = plan[map]

let private lag =
    testList "the lag" [
        test "is divided by the threshold, and rounded up" {
            let plan = decided defaults (waiting 101 2)
            Expect.equal plan[map] 11 "101 at 10 each"
            Expect.equal (textsOf map plan) [ "KafkaLag: lag 101 at 10.00 per instance → 11" ] "why"
        }

        test "within a tenth of the threshold changes nothing" {
            Expect.equal (instances defaults (waiting 109 10)) 10 "9 % more"
            Expect.equal (instances defaults (waiting 111 10)) 12 "11 % more"
        }

        test "needs no more instances than there are partitions, after rounding up as well" {
            let numbers = waiting 109 9
            let capped = decided defaults (numbers.With(Quantity.Partitions, 10))
            Expect.equal capped[map] 10 "KEDA would make 11"

            Expect.equal
                (textsOf map capped |> List.last)
                "KafkaLag: no more than its 10 partitions, others would idle"
                "why"

            Expect.equal (instances defaults (waiting 100_000 9 |> _.With(Quantity.Partitions, 10))) 10 "far above"

            Expect.equal
                (instances (KafkaLagOptions(AllowIdleConsumers = true)) (numbers.With(Quantity.Partitions, 10)))
                11
                "unless idle ones are allowed"
        }

        test "above what the partitions can take is within the tolerance or not, however far above" {
            for lag in [ 400; 408; 411; 1286 ] do
                Expect.equal (instances defaults ((waiting lag 37).With(Quantity.Partitions, 40))) 37 $"a lag of {lag}"

                Expect.equal
                    (instances defaults ((waiting lag 36).With(Quantity.Partitions, 40)))
                    40
                    $"a lag of {lag}, from 36"
        }

        test "can be spread so that each instance has as many partitions" {
            let even = KafkaLagOptions(EnsureEvenDistributionOfPartitions = true, AllowIdleConsumers = true)
            let of12 (lag: int) = (waiting lag 2).With(Quantity.Partitions, 12)
            Expect.equal (instances even (of12 42)) 6 "5 does not divide 12"
            Expect.equal (instances even (of12 100_000)) 12 "never more, even where idle ones are allowed"
        }

        test "can be as much as an instance works off in a time" {
            let within = KafkaLagOptions(DrainWithin = TimeSpan.FromSeconds 30.)

            let plan = decided within ((waiting 30_000 2).With(Quantity.RecordsIn, 400).With(Quantity.Busy, 0.8))

            Expect.equal plan[map] 4 "250/s each, in 30 s 7,500"
            Expect.equal (textsOf map plan) [ "KafkaLag: lag 30,000 at 7,500 per instance → 4" ] "why"
            let unknown = decided within (waiting 30_000 2)
            Expect.isTrue (unknown.LacksData map) "the rate is not known"
            Expect.equal unknown[map] 2 "kept"
        }
    ]

/// Four records wait, then three hundred seconds of less.
let private history (lags: (int * int) list) = [|
    for age, lag in lags ->
        PastIteration(
            start - TimeSpan.FromSeconds(float age),
            Measurements.Of(struct (map, waiting lag 8)),
            counts [ 8 ] alone
        )
|]

let private after (past: (int * int) list) (lag: int) =
    KafkaLag.Rule().Decide(Measurements.Of(struct (map, waiting lag 8)), contextOf alone (history past))

let private down =
    testList "down" [
        test "goes to the most that was proposed in 300 s" {
            let plan = after [ 60, 25; 120, 5; 240, 38; 300, 75; 360, 75 ] 5
            Expect.equal plan[map] 4 "38 records, 240 s ago; what is 300 s old does not count"

            Expect.equal
                (textsOf map plan |> List.last)
                "KafkaLag: 4 instead of 1, not all proposals of the last 300 s go as low"
                "why"
        }

        test "waits until the history covers 300 s" {
            let plan = after [ 60, 5; 240, 5 ] 5
            Expect.equal plan[map] 8 "kept"
            Expect.isTrue (plan.IsHeldBack map) "held back"

            Expect.equal
                (textsOf map plan |> List.last)
                "KafkaLag: 8 instead of 1, the history does not cover the last 300 s"
                "why"
        }

        test "means at least one, and the least number while there is nothing to do" {
            let none = [ 60, 0; 150, 0; 240, 0; 330, 0 ]
            Expect.equal (numberOf (after none 0)) 1 "no lag at all"

            let rule = KafkaLag.Rule(KafkaLagOptions(ActivationLagThreshold = 60, MinReplicas = 2))
            let quiet = contextOf alone (history [ 60, 60; 150, 60; 330, 60 ])
            let now (lag: int) = Measurements.Of(struct (map, waiting lag 8))
            Expect.equal (numberOf (rule.Decide(now 60, quiet))) 2 "60 is not more than 60"
            Expect.equal (numberOf (rule.Decide(now 61, quiet))) 7 "61 is"
        }
    ]

let private measuredBehind (lag: Reading) =
    let now =
        measure
            [
                { PerInstance = 100.; Selectivity = 1. }
                { PerInstance = 100.; Selectivity = 1. }
                { PerInstance = 100.; Selectivity = 0. }
            ]
            chain
            100.
            [ 2; 2; 2 ]

    now.With(source, now[source].With(Quantity.Lag, 50)).With(sink, now[sink].With(Quantity.Lag, lag))

let private pipelines =
    testList "a node" [
        test "without a lag has as many as what feeds it, one with a lag has its own" {
            let plan = KafkaLag.Rule().Decide(measuredBehind (Reading.op_Implicit 80), contextOf chain [])
            Expect.equal (numbersOf chain plan) [ 5; 5; 8 ] "the map follows"
            Expect.equal (textsOf map plan) [ $"KafkaLag: follows {source} → 5" ] "why"
        }

        test "whose lag is missing now does not begin to follow" {
            let history = steady 2 (measuredBehind (Reading.op_Implicit 80)) (counts [ 2; 2; 2 ] chain)
            let plan = KafkaLag.Rule().Decide(measuredBehind Reading.Absent, contextOf chain history)
            Expect.equal (numbersOf chain plan) [ 5; 5; 2 ] "the sink keeps"
            Expect.isTrue (plan.LacksData sink) "for lack of its lag"
        }
    ]

let private offsets =
    testList "offsets" [
        test "make the lag of a group, as a monitor needs it" {
            let group =
                KafkaLag.GroupLag [
                    KafkaPartition(20, 100)
                    KafkaPartition(Nullable(), 500)
                    KafkaPartition(7, Nullable())
                ]

            Expect.equal
                group
                (KafkaGroupLag(81, 81, 2, 2))
                "one record of what nobody has committed; what is not reported does not count"
        }

        test "that do not move count for activation only" {
            let options = KafkaOffsetOptions(ExcludePersistentLag = true)

            Expect.equal
                (KafkaLag.GroupLag([ KafkaPartition(70, 100, 70) ], options))
                (KafkaGroupLag(0, 30, 1, 0))
                "stuck"
        }

        test "of some partitions only" {
            Expect.sequenceEqual (KafkaLag.PartitionsOf "1-3, 8") [ 1; 2; 3; 8 ] "numbers and ranges"
            Expect.isNull (KafkaLag.PartitionsOf " ") "all"
            let endless = thrownBy<ArgumentException>(fun () -> KafkaLag.PartitionsOf "0-2000000000" |> ignore)
            Expect.stringContains endless "too many partitions, at '0-2000000000'" "a slip"
            let refused = thrownBy<ArgumentException>(fun () -> KafkaLag.PartitionsOf "1,a-3" |> ignore)
            Expect.stringStarts refused "'1,a-3' names no partitions, at 'a-3': expected" "what and where"
        }
    ]

let private settings =
    testList "settings" [
        test "that are wrong are told together" {
            let options =
                KafkaLagOptions(
                    LagThreshold = 0,
                    ActivationLagThreshold = -1,
                    MinReplicas = 0,
                    Tolerance = -1,
                    DrainWithin = TimeSpan.Zero
                )

            let message = thrownBy<ArgumentException>(fun () -> KafkaLag.Rule options |> ignore)

            for part in
                [
                    "lagThreshold is 0"
                    "activationLagThreshold is -1"
                    "minReplicas is 0"
                    "tolerance is -1"
                    "drainWithin is"
                ] do
                Expect.stringContains message part "each of them"
        }
    ]

let private properties =
    testList "always" [
        Generators.property
            "more lag never means fewer instances"
            3000
            (Gen.zip3 (Gen.choose (0, 3000)) (Gen.choose (0, 3000)) (Gen.choose (1, 50)))
            (fun (few, many, parallelism) ->
                let at lag = instances defaults ((waiting lag parallelism).With(Quantity.Partitions, 40))
                Expect.isLessThanOrEqual (at (min few many)) (at (max few many)) "monotone")

        Generators.property
            "the plan covers the topology and is within the bounds, whatever was measured"
            500
            (Gen.zip3 Garbage.measurements (Gen.listOfLength 3 (Gen.choose (1, 100))) (Gen.elements [ true; false ]))
            (fun (garbage, applied, even) ->
                let rule = KafkaLag.Rule(KafkaLagOptions(MaxReplicas = 60, EnsureEvenDistributionOfPartitions = even))

                let history = [| for age in 1..6 -> past age garbage (counts applied chain) |]
                let plan = rule.Decide(garbage, contextOf chain history)

                for node in chain do
                    let before = contextOf chain history |> _.CurrentParallelism(node, garbage)

                    Expect.isTrue
                        (plan[node] >= 1 && plan[node] <= max 60 before.Value)
                        $"{plan[node]} within the bounds")
    ]

let tests = testList "Kafka lag" [ lag; down; pipelines; offsets; settings; properties ]
