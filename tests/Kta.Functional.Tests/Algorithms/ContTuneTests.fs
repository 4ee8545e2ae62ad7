module Kta.Functional.Tests.Algorithms.ContTuneTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private orders = Topology.Of map

/// Records per second that the mapper of Nexmark's first query could do, by its instances, as the authors of ContTune publish them.
let private nexmark = [
    1, 529_573.
    2, 966_817.
    4, 1_829_696.
    6, 2_535_503.
    7, 2_936_889.
    8, 3_118_478.
    10, 3_721_099.
    15, 4_967_828.
    20, 6_350_677.
    21, 6_465_250.
    25, 7_089_387.
    26, 7_476_392.
]

let private measured (load: float) (instances: int, capacity: float) =
    let taken: float = 0.5 * capacity

    Measurements.Of(
        struct (map,
                NodeMeasurements(ArrivalRate = load, RecordsIn = taken, Busy = 0.5, Lag = 0, Parallelism = instances))
    )

/// A decision about a load at the first of some measured numbers, with the others behind it, newest first.
let private decided (options: ContTuneOptions) (load: float) (points: (int * float) list) =
    let history =
        List.tail points
        |> List.mapi (fun age point -> past (age + 1) (measured load point) (counts [ fst point ] orders))

    ContTune.Rule(options).Decide(measured load (List.head points), contextOf orders history)

let private eager = ContTuneOptions(IgnoreDecreaseUpTo = 0)
let private plan = decided eager

let private capacities =
    testList "measured capacities" [
        test "4,000,000/s on Nexmark need 12 by the neighbours 10 and 15" {
            let plan = plan 4_000_000. nexmark
            Expect.equal plan[map] 12 "11.12 rounded up"

            Expect.equal
                (textsOf map plan)
                [
                    "ContTune: 4,000,000/s needed, 3,721,099/s measured with 10 and 4,967,828/s with 15 → 12 (11.12)"
                ]
                "why"
        }

        for load, expected in [ 529_573., 1; 529_574., 2; 2_000_000., 5; 3_000_000., 8; 6_350_677., 20; 7_476_392., 26 ] do
            test $"{load}/s need {expected}" {
                let plan = plan load nexmark
                Expect.equal plan[map] expected "instances"
            }

        test "beyond what was measured it is in proportion to the nearest, where DS2 takes the present one" {
            let beyond = plan 8_000_000. nexmark
            Expect.equal beyond[map] 28 "26 did 7,476,392"
            Expect.stringEnds (textsOf map beyond |> String.concat "") "→ 28 (27.82), in proportion" "why"
            let ds2 = Ds2.Rule().Decide(measured 8_000_000. (1, 529_573.), contextOf orders [])
            Expect.equal ds2[map] 16 "DS2 believes that each of them does as much as one alone"

            let below = plan 400_000. [ 8, 3_118_478.; 4, 1_829_696. ]
            Expect.equal below[map] 1 "4 did 1,829,696"
        }

        test "without a history it is DS2" {
            for load in [ 100_000.; 3_000_000.; 9_000_000. ] do
                let now = measured load (4, 1_829_696.)

                Expect.equal
                    (numbersOf orders (ContTune.Rule().Decide(now, contextOf orders [])))
                    (numbersOf orders (Ds2.Rule().Decide(now, contextOf orders [])))
                    $"{load}"
        }

        test "the newest measurement of a number counts" {
            Expect.equal
                (numbersOf orders (plan 2_000. [ 4, 1_000.; 8, 2_000.; 8, 9_000.; 4, 5_000. ]))
                [ 8 ]
                "not 9,000"
        }

        test "more instances never count as doing less" {
            for load, expected in [ 1_500., 4; 1_800., 10 ] do
                Expect.equal
                    (numbersOf orders (plan load [ 8, 1_500.; 4, 2_000. ]))
                    [ expected ]
                    "4 count as doing 1,500, because 8 do no more now"
        }

        test "one step on a saturating curve where DS2 takes several" {
            let capacity p = snd (List.find (fst >> (=) p) nexmark)
            let known = [ 4, capacity 4; 20, capacity 20; 10, capacity 10 ]
            let plan = plan 3_700_000. known
            Expect.equal plan[map] 10 "the smallest number known to suffice"
            let ds2 = Ds2.Rule().Decide(measured 3_700_000. (4, capacity 4), contextOf orders [])
            Expect.equal ds2[map] 9 "which is not enough"
        }
    ]

let private settings =
    testList "the settings" [
        test "scalingFactor, catchUp, ignoreDecreaseUpTo and lookBack are as said" {
            let points = [ 10, 3_721_099.; 15, 4_967_828.; 8, 3_118_478. ]
            let at options load = (decided options load points)[map]
            Expect.equal (at (ContTuneOptions(ScalingFactor = 0.1)) 4_000_000.) 13 "4,400,000/s"
            Expect.equal (at (ContTuneOptions()) 3_200_000.) 10 "9 would do, one less is ignored"
            Expect.equal (at eager 3_200_000.) 9 "unless told otherwise"
            Expect.equal (at (ContTuneOptions(LookBack = 0)) 4_900_000.) 14 "13.17 in proportion to 10"
            Expect.equal (at (ContTuneOptions()) 4_900_000.) 15 "14.73"
            let now = measured 3_600_000. (10, 3_721_099.)
            let now = now.With(map, now[map].With(Quantity.Lag, 60_000_000))
            let catching = ContTune.Rule(ContTuneOptions(CatchUp = TimeSpan.FromMinutes 5.))
            Expect.equal (numbersOf orders (catching.Decide(now, contextOf orders []))) [ 11 ] "200,000/s more"
        }

        test "does not exceed the largest parallelism of a node" {
            let now = measured 8_000_000. (4, 1_829_696.)
            let now = now.With(map, now[map].With(Quantity.MaxParallelism, 12))
            let plan = ContTune.Rule().Decide(now, contextOf orders [])
            Expect.equal plan[map] 12 "limited"
            Expect.contains (textsOf map plan) "ContTune: limited to 12 by maxParallelism" "why"
        }

        for options, problem in
            [
                ContTuneOptions(ScalingFactor = -1.), "scalingFactor is -1"
                ContTuneOptions(CatchUp = TimeSpan.Zero), "catchUp is 00:00:00"
                ContTuneOptions(IgnoreDecreaseUpTo = -1), "ignoreDecreaseUpTo is -1"
                ContTuneOptions(LookBack = -1), "lookBack is -1"
            ] do
            test $"refuses: {problem}" {
                Expect.stringContains
                    (thrownBy<ArgumentException>(fun () -> ContTune.Rule options |> ignore))
                    problem
                    "the message"
            }

        test "in F#" {
            let contTune = ContTune.rule (ContTuneOptions(ScalingFactor = 0.2, LookBack = 500))
            Expect.equal contTune.Name (ContTune.rule ContTune.defaults).Name "a rule like any other"
        }
    ]

let tests = testList "ContTune" [ capacities; settings ]
