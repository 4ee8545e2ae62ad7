module Kta.Functional.Tests.Algorithms.MmcTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private orders = Topology.Of map

/// One node that is offered a load, whose instances can do so much each.
let private offered (arrivals: float) (perInstance: float) =
    let taken: float = 0.1 * perInstance

    Measurements.Of(
        struct (map, NodeMeasurements(ArrivalRate = arrivals, RecordsIn = taken, Busy = 0.1, Parallelism = 1))
    )

let private decided (options: MmcOptions) (now: Measurements) = Mmc.Rule(options).Decide(now, contextOf orders [])

/// The waits that c instances give, by allowing no others.
let private fixedAt (instances: int) (options: int -> MmcOptions) arrivals perInstance =
    let plan = decided (options instances) (offered arrivals perInstance)

    let number (name: string) = plan.NumbersOf(map)[name]
    number "utilization", number "delayed", 1000. * number "waitSeconds"

let private busiest = MmcOptions(MaxUtilization = 0.95)

let private pinned (count: int) =
    MmcOptions(MaxUtilization = 0.95, MinParallelism = count, MaxParallelism = count)

let private published =
    testList "the published figures" [
        for arrivals, perInstance, c, busy, delayed, mean in
            [
                900., 100., 10, 0.900, 0.66873, 6.6873
                900., 100., 11, 0.818, 0.43047, 2.1524
                900., 100., 12, 0.750, 0.26603, 0.8868
                900., 100., 13, 0.692, 0.15750, 0.3938
                900., 100., 15, 0.600, 0.04823, 0.0804
                900., 100., 20, 0.450, 0.00112, 0.0010
                100., 30., 4, 0.833, 0.65772, 32.89
                100., 30., 5, 0.667, 0.32667, 6.53
                100., 30., 6, 0.556, 0.14822, 1.85
                100., 30., 8, 0.417, 0.02307, 0.16
            ] do
            test $"{arrivals}/s at {perInstance}/s and {c} instances" {
                let utilization, share, wait = fixedAt c pinned arrivals perInstance
                Expect.isLessThan (abs (utilization - busy)) 0.0005 "how busy they are"
                Expect.isLessThan (abs (share - delayed)) 0.000005 "how many records wait"
                Expect.isLessThan (abs (wait - mean)) 0.005 "milliseconds"
            }

        for c, wait in [ 10, 25.934; 11, 10.764; 12, 5.572; 13, 2.869; 15, 0.; 20, 0. ] do
            test $"95 of 100 records wait at most {wait} ms with {c} instances" {
                let _, _, reached =
                    fixedAt
                        c
                        (fun count -> MmcOptions(Quantile = 0.95, MinParallelism = count, MaxParallelism = count))
                        900.
                        100.

                Expect.isLessThan (abs (reached - wait)) 0.0005 "milliseconds"
            }

        test "with a queue of its own for each instance they wait 90 ms" {
            let _, _, wait =
                fixedAt
                    10
                    (fun count -> MmcOptions(Keyed = [| "*" |], MinParallelism = count, MaxParallelism = count))
                    900.
                    100.

            Expect.isLessThan (abs (wait - 90.)) 1e-6 "instead of 6.7"
        }

        test "waits grow with the variability of arrivals and times" {
            let bursts count =
                MmcOptions(
                    ArrivalVariability = 3.,
                    ServiceVariability = 0.,
                    MinParallelism = count,
                    MaxParallelism = count
                )

            let _, _, wait = fixedAt 10 bursts 900. 100.
            Expect.isLessThan (abs (wait - 1.5 * 6.6873)) 0.0005 "half of both"
        }
    ]

let private milliseconds (count: float) = TimeSpan.FromMilliseconds count

let private sizes =
    testList "the smallest number" [
        for options, expected, why in
            [
                MmcOptions(), 12, "9 / 0.8 are 11.25"
                busiest, 10, "6.7 ms are less than 100"
                MmcOptions(MaxUtilization = 0.95, TargetWait = milliseconds 6.), 11, "2.2 ms"
                MmcOptions(MaxUtilization = 0.95, TargetWait = milliseconds 1.), 12, "0.89 ms"
                MmcOptions(MaxUtilization = 0.95, TargetWait = milliseconds 6., Quantile = 0.95), 12, "5.6 ms of 95 %"
                MmcOptions(MaxUtilization = 0.95, TargetWait = milliseconds 6., Keyed = [| "map" |]), 24, "0.375 / 62.5"
                MmcOptions(MaxUtilization = 0.95, MinParallelism = 15), 15, "at least"
                MmcOptions(MaxParallelism = 9), 9, "at most, though not enough"
            ] do
            test $"{expected}: {why}" {
                let plan = decided options (offered 900. 100.)
                Expect.equal plan[map] expected why
            }

        test "and says why" {
            let plan = decided (MmcOptions()) (offered 900. 100.)

            Expect.equal
                (textsOf map plan)
                [ "M/M/c: 900/s at 100/s per instance → 12 (75 % busy, mean wait 0.89 ms)" ]
                "the reason"

            Expect.equal
                (textsOf map (decided (MmcOptions(MaxParallelism = 9)) (offered 900. 100.)))
                [ "M/M/c: 900/s at 100/s per instance → 9, which are not enough"; "M/M/c: limited to 9" ]
                "the limit"
        }

        test "sizes every node for what the sources would give it" {
            let operators = [
                { PerInstance = 100.; Selectivity = 2. }
                { PerInstance = 50.; Selectivity = 0.5 }
                { PerInstance = 30.; Selectivity = 0. }
            ]

            let now = measure operators chain 200. [ 1; 1; 1 ]

            Expect.equal
                (numbersOf chain (Mmc.Rule().Decide(now, contextOf chain [])))
                [ 3; 10; 9 ]
                "2, 8 and 6.7 at 80 %"
        }
    ]

/// 100/s and 300/s at 30/s and 120/s for each instance, and a sink for 300/s at 100/s.
let private network =
    measure
        [
            { PerInstance = 30.; Selectivity = 3. }
            { PerInstance = 120.; Selectivity = 1. }
            { PerInstance = 100.; Selectivity = 0. }
        ]
        chain
        100.
        [ 4; 4; 4 ]

/// The mean time in the network by the sums of Erlang's formula, infinite where it is not stable.
let private latencyOf (plan: int list) =
    let time (rate: float, perInstance: float, count: int) =
        let load, c = rate / perInstance, float count
        let term k = Seq.fold (fun product i -> product * load / float i) 1. (seq { 1..k })

        if load >= c then
            infinity
        else
            let all = term count * c / (c - load)
            let delayed = all / (Seq.sum (Seq.map term (seq { 0 .. count - 1 })) + all)
            rate / 100. * (delayed / (c * perInstance - rate) + 1. / perInstance)

    List.zip3 [ 100.; 300.; 300. ] [ 30.; 120.; 100. ] plan |> List.sumBy time

let private plansOf (total: int) = [
    for a in 1 .. total - 2 do
        for b in 1 .. total - 1 - a do
            [ a; b; total - a - b ]
]

let private networks =
    testList "a network" [
        test "gets instances where they save most, until the latency is reached" {
            let options = MmcOptions(MaxUtilization = 0.95, TargetLatency = milliseconds 110.)
            let plan = Mmc.Rule(options).Decide(network, contextOf chain [])
            let given = numbersOf chain plan
            Expect.isLessThanOrEqual (latencyOf given) 0.110 "reached"
            let fewer = plansOf (List.sum given - 1) |> List.minBy latencyOf
            Expect.isGreaterThan (latencyOf fewer) 0.110 $"one less reaches it nowhere, not even {fewer}"
        }

        test "stops at the instances there are" {
            let options = MmcOptions(MaxUtilization = 0.95, MaxInstances = 14)
            let plan = Mmc.Rule(options).Decide(network, contextOf chain [])
            let best = plansOf 14 |> List.minBy latencyOf
            Expect.equal (numbersOf chain plan) best "all of them, where they help most"

            let milliseconds = sprintf "%.2f" (1000. * latencyOf best)

            Expect.contains
                (textsOf source plan)
                $"M/M/c: {plan[source] - 4} more than the least; 14 instances give a latency of {milliseconds} ms"
                "says so"
        }

        test "has at least what is stable, and says that it is more than there is" {
            let options = MmcOptions(MaxUtilization = 0.95, MaxInstances = 5)
            let plan = Mmc.Rule(options).Decide(network, contextOf chain [])
            Expect.equal (numbersOf chain plan) [ 4; 3; 4 ] "3.5, 2.6 and 3.2 rounded up"

            Expect.contains
                (textsOf map plan)
                "M/M/c: 11 instances are the least, more than the 5 there are to give out"
                "why"
        }

        test "says that a latency cannot be reached if the work alone takes longer" {
            let options = MmcOptions(TargetLatency = milliseconds 80., MaxParallelism = 20)
            let plan = Mmc.Rule(options).Decide(network, contextOf chain [])

            Expect.stringContains
                (textsOf map plan |> String.concat " ")
                "a latency of 80.00 ms cannot be reached"
                "33 + 25 + 30 ms are work"
        }
    ]

let private refused =
    testList "refuses" [
        for options, problem in
            [
                MmcOptions(MaxUtilization = 1.), "maxUtilization is 1, it has to be more than 0, at most 0.999"
                MmcOptions(TargetWait = TimeSpan.Zero), "targetWait is 00:00:00"
                MmcOptions(Quantile = 95.), "quantile is 95"
                MmcOptions(MaxInstances = 0), "maxInstances is 0"
                MmcOptions(ServiceVariability = -1.), "serviceVariability is -1"
                MmcOptions(Keyed = [| "" |]), "keyed"
                MmcOptions(MaxParallelism = 40_000), "maxParallelism is 40000"
            ] do
            test problem {
                Expect.stringContains
                    (thrownBy<ArgumentException>(fun () -> Mmc.Rule options |> ignore))
                    problem
                    "the message"
            }

        test "a keyed node that is not there" {
            Expect.equal
                (thrownBy<UdfResultException>(fun () ->
                    decided (MmcOptions(Keyed = [| "mapp" |])) (offered 1. 1.) |> ignore))
                "M/M/c: keyed names 'mapp', which is no node of the topology. The nodes are: map."
                "the message"
        }
    ]

let private inFSharp = test "in F#" {
    let mmc = Mmc.rule (MmcOptions(TargetLatency = seconds 2, MaxInstances = 40))
    Expect.equal mmc.Name (Mmc.rule Mmc.defaults).Name "a rule like any other"
}

let tests = testList "M/M/c" [ published; sizes; networks; refused; inFSharp ]
