module Kta.Functional.Tests.Algorithms.Ds2Tests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private rule = Ds2.Rule()
let private decide (rule: ScalingRule) (now: Measurements) = rule.Decide(now, contextOf chain [])

let private operators = [
    {
        PerInstance = 1000.
        Selectivity = 1.
    }
    { PerInstance = 300.; Selectivity = 2. }
    { PerInstance = 500.; Selectivity = 0. }
]

let private overloaded = measure operators chain 2500. [ 1; 2; 2 ]

let private one =
    testList "one decision" [
        test "sizes all nodes at once, the source too" {
            Expect.equal (numbersOf chain (decide rule overloaded)) [ 3; 9; 10 ] "2.5, 8.33 and 10 rounded up"
        }

        test "says what is needed, what an instance does, and the number before rounding" {
            let plan = decide rule overloaded
            Expect.equal (textsOf map plan) [ "DS2: 2,500/s needed, 300/s per instance → 9 (8.33)" ] "of map"
        }

        test "takes the true rate as measured, if it is" {
            let now = overloaded.With(map, overloaded[map].With(Quantity.TrueProcessingRate, 5000))
            Expect.equal (numbersOf chain (decide rule now)) [ 3; 1; 10 ] "map could do 2,500 with each instance"
        }

        test "is not misled by what a throttled source lets through" {
            let now = overloaded[source]
            Expect.isLessThan now.RecordsIn.Value.Value 700. "the bottleneck lets little through"
            let plan = decide rule overloaded
            Expect.equal plan[sink] 10 "and still all that arrives is planned for"
        }

        test "follows the edges of the measurements" {
            let both = overloaded.WithEdges(TopologyEdge(source, map), TopologyEdge(source, sink))
            Expect.equal (numbersOf chain (decide rule both)) [ 3; 9; 5 ] "the sink gets what the source gives"
        }

        test "refuses edges in a circle, and names them" {
            Expect.equal
                (thrownBy<UdfResultException>(fun () ->
                    decide rule (overloaded.WithEdges(TopologyEdge(map, sink), TopologyEdge(sink, map)))
                    |> ignore))
                "The edges of the measurements go in a circle: map → sink, sink → map. Data has to flow one way; leave the edge out that leads back."
                "the whole message"
        }

        test "does not exceed the largest parallelism of a node, and says so" {
            let now = overloaded.With(sink, overloaded[sink].With(Quantity.MaxParallelism, 7))
            let plan = decide rule now
            Expect.equal plan[sink] 7 "limited"
            Expect.contains (textsOf sink plan) "DS2: limited to 7 by maxParallelism" "the reason"
        }

        test "does not force down what runs above its limit and is needed" {
            for most, running, chosen in [ 7, 9, 9; 7, 8, 8; 7, 12, 10; 11, 12, 10 ] do
                let now = measure operators chain 2500. [ 3; 9; running ]
                let now = now.With(sink, now[sink].With(Quantity.MaxParallelism, float most))
                let plan = decide rule now
                Expect.equal plan[sink] chosen $"{running} run, 10 are needed, {most} would be the most"
        }
    ]

let private settings =
    testList "the settings" [
        test "scalingFactor adds headroom that downstream does not see" {
            Expect.equal
                (numbersOf chain (decide (Ds2.Rule(Ds2Options(ScalingFactor = 0.2))) overloaded))
                [ 3; 10; 12 ]
                "3.0, 10.0 and 12.0"
        }

        test "catchUp sizes for the backlog as well" {
            let now = overloaded.With(source, overloaded[source].With(Quantity.Lag, 150_000))
            let catching = Ds2.Rule(Ds2Options(CatchUp = TimeSpan.FromMinutes 5.))
            Expect.equal (numbersOf chain (decide catching now)) [ 3; 10; 12 ] "500/s more for five minutes"
            Expect.equal (decide rule now) (decide rule overloaded) "without it the backlog stays"
        }

        test "decreases of one are ignored while nothing has to grow" {
            let now = measure operators chain 1700. [ 3; 6; 7 ]
            let plan = decide rule now
            Expect.equal (numbersOf chain plan) [ 3; 6; 7 ] "2, 6 and 7 would do"

            Expect.equal
                (textsOf source plan)
                [
                    "DS2: 1,700/s needed, 1,000/s per instance → 2 (1.70)"
                    "DS2: keeps 3, decreases of up to 1 are ignored while nothing has to grow"
                ]
                "why"

            Expect.equal
                (numbersOf chain (decide (Ds2.Rule(Ds2Options(IgnoreDecreaseUpTo = 0))) now))
                [ 2; 6; 7 ]
                "unless told otherwise"
        }

        test "targetRateRatio corrects a model that says enough although it is not" {
            let now = measure operators chain 1000. [ 1; 4; 4 ]

            let starved =
                now.With(
                    source,
                    now[source].With(Quantity.RecordsIn, 800).With(Quantity.RecordsOut, 800).With(Quantity.Busy, 0.8)
                )

            let corrected = decide (Ds2.Rule(Ds2Options(TargetRateRatio = 1.1))) starved
            Expect.equal (numbersOf chain (decide rule starved)) [ 1; 4; 4 ] "the model is content"
            Expect.equal (numbersOf chain corrected) [ 2; 5; 5 ] "times 1.25"
        }

        test "timely gives all nodes one number" {
            Expect.equal
                (numbersOf chain (decide (Ds2.Rule(Ds2Options(Timely = true))) overloaded))
                [ 21; 21; 21 ]
                "2.5 + 8.33 + 10"
        }

        test "timely gives no fewer than there are where a part of the sum is not known" {
            let rule = Ds2.Rule(Ds2Options(Timely = true))

            let unknown (parallelism: int) =
                overloaded
                    .With(map, NodeMeasurements(Parallelism = parallelism))
                    .With(sink, NodeMeasurements(Parallelism = parallelism))

            let few = decide rule (unknown 1)
            Expect.equal (numbersOf chain few) [ 3; 3; 3 ] "2.5 for the source alone"
            Expect.equal (textsOf map few) [ "DS2: 3 for the nodes whose rates are known" ] "why"
            let many = decide rule (unknown 9)
            Expect.equal (List.tail (numbersOf chain many)) [ 9; 9 ] "what is there"
            Expect.isTrue (many.LacksData map) "which is no decision"
        }

        test "that are out of range are refused all at once" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    Ds2.Rule(
                        Ds2Options(
                            ScalingFactor = -0.5,
                            CatchUp = TimeSpan.Zero,
                            IgnoreDecreaseUpTo = -1,
                            TargetRateRatio = 0.5
                        )
                    )
                    |> ignore))
                "DS2 cannot work like this: scalingFactor is -0.5, it has to be from 0 to 10; catchUp is 00:00:00, it has to be more than 0, or absent for none; ignoreDecreaseUpTo is -1, it has to be at least 0; targetRateRatio is 0.5, it has to be from 1 to 1000, or absent for none."
                "one message"
        }
    ]

let private anyOperators = gen {
    let! perInstance = Gen.listOfLength 3 (Gen.choose (10, 5000))
    let! selectivity = Gen.listOfLength 3 (Gen.choose (1, 40))

    return
        List.map2
            (fun p s -> {
                PerInstance = float p
                Selectivity = float s / 10.
            })
            perInstance
            selectivity
}

let private anyPlan = Gen.listOfLength 3 (Gen.choose (1, 200))

let private properties =
    testList "always" [
        Generators.property
            "three decisions reach the smallest sufficient plan of a linear application"
            300
            (Gen.zip3 anyOperators anyPlan (Gen.choose (1, 100_000)))
            (fun (operators, first, arrivals) ->
                let all = Ds2.Rule(Ds2Options(IgnoreDecreaseUpTo = 0))
                let plans = closedLoop all chain (measure operators chain (float arrivals)) first 3

                let before = operators |> List.scan (fun share o -> share * o.Selectivity) 1.

                let least =
                    operators
                    |> List.mapi (fun i o -> max 1 (int (ceil (float arrivals * before[i] / o.PerInstance - 1e-6))))

                Expect.equal plans[3] least "the optimum"
                Expect.equal plans[2] plans[3] "and stays there")

        Generators.property
            "more arrivals never mean fewer instances"
            300
            (Gen.zip3 anyOperators anyPlan (Gen.zip (Gen.choose (1, 50_000)) (Gen.choose (0, 50_000))))
            (fun (operators, plan, (arrivals, more)) ->
                let now = measure operators chain (float arrivals) plan

                let then' =
                    now.With(source, now[source].With(Quantity.ArrivalRate, Reading.op_Implicit (arrivals + more)))

                let all = Ds2.Rule(Ds2Options(IgnoreDecreaseUpTo = 0))

                for few, many in List.zip (numbersOf chain (decide all now)) (numbersOf chain (decide all then')) do
                    Expect.isLessThanOrEqual few many "monotone")

        Generators.property
            "the plan covers the topology and is at least 1, whatever was measured"
            500
            (Gen.zip Garbage.measurements (Gen.listOfLength 3 (Gen.choose (1, 100))))
            (fun (garbage, applied) ->
                let history = [| past 1 garbage (counts applied chain) |]
                let plan = rule.Decide(garbage, contextOf chain history)
                Expect.equal plan.Count 3 "every node"

                for node in chain do
                    Expect.isGreaterThanOrEqual plan[node] 1 "at least 1")
    ]

let tests = testList "DS2" [ one; settings; properties ]
