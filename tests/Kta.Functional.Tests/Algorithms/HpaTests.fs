module Kta.Functional.Tests.Algorithms.HpaTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private alone = Topology.Of map
let private rule = Hpa.Rule()

let private busy (share: float) (parallelism: int) =
    Measurements.Of(struct (map, NodeMeasurements(Busy = share, Parallelism = parallelism)))

let private after (history: PastIteration array) (rule: ScalingRule) (now: Measurements) =
    rule.Decide(now, contextOf alone history)

let private decided history rule now = (after history rule now)[map]

let private ofLag = Hpa.Rule(HpaOptions(Metrics = [ HpaMetric.AverageValue(Quantity.Lag, 1000.) ]))

let private busyAndLag = [| HpaMetric.Utilization(Quantity.Busy, 0.7); HpaMetric.AverageValue(Quantity.Lag, 1000.) |]

let private metrics =
    testList "a metric" [
        test "of busy time: the ratio to the target, rounded up" {
            let plan = after [||] rule (busy 0.95 4)
            Expect.equal plan[map] 6 "95/70 of 4"
            Expect.equal (textsOf map plan) [ "HPA: busy 95 % at a target of 70 % → 6" ] "why"
        }

        test "within a tenth changes nothing" {
            let plan = after [||] rule (busy 0.76 4)
            Expect.equal plan[map] 4 "8 % more"
            Expect.equal (textsOf map plan) [ "HPA: busy 76 % at a target of 70 % keeps 4" ] "why"
        }

        test "of an amount for each instance: the amount divided by it" {
            let now = Measurements.Of(struct (map, NodeMeasurements(Lag = 8600, Parallelism = 5)))
            Expect.equal (decided [||] ofLag now) 9 "8,600 in thousands"
        }

        test "of the whole amount: twice as much, twice the instances" {
            let whole = Hpa.Rule(HpaOptions(Metrics = [ HpaMetric.Value(Quantity.RecordsIn, 1000.) ]))
            let now = Measurements.Of(struct (map, NodeMeasurements(RecordsIn = 2000, Parallelism = 3)))
            Expect.equal (decided [||] whole now) 6 "twice"
        }

        test "of CPU looks at the instances: who does not report counts as using nothing on the way up" {
            let ofCpu = Hpa.Rule(HpaOptions(Metrics = [ HpaMetric.Utilization(Quantity.Cpu, 0.5) ]))

            let busyCpu = Measurements.Of(struct (map, NodeMeasurements(Parallelism = 3, Cpu = 0.5)))

            let cpu (instances: InstanceMeasurements array) =
                Measurements.Of(struct (map, NodeMeasurements(Parallelism = 3, Cpu = 0.5, Instances = instances)))

            let ready (usage: float) = InstanceMeasurements(InstanceState.Ready, Nullable usage, Nullable 1.)
            let silent = InstanceMeasurements(InstanceState.Ready, Nullable(), Nullable 1.)
            Expect.equal (decided [||] ofCpu (cpu [| ready 0.9; ready 0.9; ready 0.9 |])) 6 "90 of 50 %"
            Expect.equal (decided [||] ofCpu (cpu [| ready 0.9; ready 0.9; silent |])) 4 "60 of 50 %"
            Expect.equal (decided [||] ofCpu (busyCpu)) 3 "without instances the average counts"
        }

        test "is one of several: the largest proposal counts" {
            let both = Hpa.Rule(HpaOptions(Metrics = busyAndLag))

            let now = Measurements.Of(struct (map, NodeMeasurements(Busy = 0.95, Lag = 7500, Parallelism = 4)))
            let plan = after [||] both now
            Expect.equal plan[map] 8 "lag wants 8, busy 6"

            Expect.equal
                (textsOf map plan)
                [ "HPA: busy 95 % at a target of 70 % → 6"; "HPA: lag 1,875 at a target of 1,000 → 8" ]
                "both are named"
        }

        test "that is missing beside another forbids going down" {
            let both =
                Hpa.Rule(
                    HpaOptions(Metrics = busyAndLag, ScaleDown = HpaScaling(Policies = HpaScaling.DefaultDown.Policies))
                )

            let plan = after [||] both (busy 0.1 4)
            Expect.equal plan[map] 4 "kept"
            Expect.isTrue (plan.LacksData map) "for lack of data"

            Expect.equal
                (textsOf map plan)
                [
                    "HPA: busy 10 % at a target of 70 % → 1"
                    "HPA: lag proposes nothing, not measured"
                    "HPA: keeps 4, a metric failed, and the others would scale down"
                ]
                "why"
        }
    ]

let private windows =
    let at (minutes: float list) (share: float) = [|
        for minute in minutes ->
            PastIteration(start - TimeSpan.FromMinutes minute, busy share 4, Plan.Of(struct (map, 4)))
    |]

    testList "the windows" [
        test "down needs a history that covers the window" {
            Expect.equal (decided [||] rule (busy 0.2 4)) 4 "no history"
            Expect.equal (decided (at [ 1.; 2.; 3.; 4. ] 0.2) rule (busy 0.2 4)) 4 "four minutes"
            Expect.equal (decided (at [ 1.; 2.; 3.; 4.; 5. ] 0.2) rule (busy 0.2 4)) 2 "five minutes"
        }

        test "down goes to the largest proposal of the window, computed again from what was measured" {
            let history = Array.append (at [ 1.; 2. ] 0.5) (at [ 3.; 4.; 5. ] 0.2)
            let plan = after history rule (busy 0.2 4)
            Expect.equal plan[map] 3 "50/70 of 4 two minutes ago"

            Expect.equal
                (textsOf map plan)
                [
                    "HPA: busy 20 % at a target of 70 % → 2"
                    "HPA: 3 instead of 2, not all proposals of the last 300 s go as low"
                ]
                "why"
        }

        test "up can have a window as well" {
            let careful =
                Hpa.Rule(
                    HpaOptions(
                        ScaleUp =
                            HpaScaling(
                                StabilizationWindow = TimeSpan.FromMinutes 2.,
                                Policies = HpaScaling.DefaultUp.Policies
                            )
                    )
                )

            Expect.equal (decided (at [ 1.; 2. ] 0.9) careful (busy 0.95 4)) 6 "90 and 95 of 70 %"
            Expect.equal (decided (at [ 1.; 2. ] 0.7) careful (busy 0.95 4)) 4 "not all want it"
        }

        test "nothing beyond the window is looked at" {
            let looked = ref 0

            let history = seq {
                for minute in 1. .. 1000. do
                    looked.Value <- looked.Value + 1
                    PastIteration(start - TimeSpan.FromMinutes minute, busy 0.2 4, Plan.Of(struct (map, 4)))
            }

            rule.Decide(busy 0.2 4, contextOf alone history) |> ignore
            Expect.isLessThanOrEqual looked.Value 6 "five minutes, and what was applied before"
        }

        test "without a behavior section at most twice as many or 4" {
            let legacy = Hpa.Rule(HpaOptions(Behavior = false))
            Expect.equal (decided [||] legacy (busy 1. 1)) 2 "10/7 of 1"

            let plan =
                after [||] ofLag (Measurements.Of(struct (map, NodeMeasurements(Lag = 90_000, Parallelism = 5))))

            Expect.equal plan[map] 10 "with it: 100 % more"
            Expect.contains (textsOf map plan) "HPA: limited to 10 (ScaleUpLimit)" "why"
        }

        test "what changed within the period of a policy counts" {
            let slow =
                Hpa.Rule(
                    HpaOptions(
                        Metrics = [ HpaMetric.AverageValue(Quantity.Lag, 1000.) ],
                        ScaleUp = HpaScaling(Policies = [ HpaPolicy(HpaPolicyType.Pods, 4, TimeSpan.FromMinutes 5.) ])
                    )
                )

            let now = Measurements.Of(struct (map, NodeMeasurements(Lag = 90_000, Parallelism = 5)))

            let applied (minute: float) (count: int) =
                PastIteration(start - TimeSpan.FromMinutes minute, now, Plan.Of(struct (map, count)))

            Expect.equal (decided [| applied 1. 5; applied 2. 5 |] slow now) 9 "4 more"
            Expect.equal (decided [| applied 1. 5; applied 2. 2 |] slow now) 6 "3 of the 4 are used up"
        }

        test "a node outside of the bounds is brought back before metrics are looked at" {
            let bounded = Hpa.Rule(HpaOptions(MinReplicas = 2, MaxReplicas = 3))
            let plan = after [||] bounded (busy 0.7 5)
            Expect.equal plan[map] 3 "too many"
            Expect.equal (textsOf map plan) [ "HPA: too many, 5 → 3" ] "why"
            Expect.equal (decided [||] bounded (busy 0.7 1)) 2 "too few"
        }
    ]

let private options = test "settings that are out of range are refused all at once" {
    Expect.equal
        (thrownBy<ArgumentException>(fun () ->
            Hpa.Rule(
                HpaOptions(
                    Metrics = [ HpaMetric.Utilization(Quantity.Lag, 0.7); HpaMetric.Value(Quantity.Lag, 0.) ],
                    MinReplicas = 0,
                    MaxReplicas = -1,
                    Tolerance = -0.1,
                    ScaleUp = HpaScaling(Policies = [ HpaPolicy(HpaPolicyType.Pods, 0, TimeSpan.Zero) ])
                )
            )
            |> ignore))
        "HPA cannot work like this: minReplicas is 0, it has to be at least 1, KTA cannot scale to zero; maxReplicas is -1, it has to be at least minReplicas, which is 0; tolerance is -0.1, it has to be from 0 to 10; metrics[0].quantity is Lag, it has to be busy, backPressured, idle or cpu for a utilization; metrics[1].target is 0, it has to be from 0.001 to 1000000000000000; scaleUp.policies[0].value is 0, it has to be more than 0; scaleUp.policies[0].period is 00:00:00, it has to be more than 0, at most 30 minutes."
        "one message"
}

let tests = testList "HPA" [ metrics; windows; options ]
