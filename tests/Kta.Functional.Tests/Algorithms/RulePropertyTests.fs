/// What rules make of a past that is not known as a whole.
module Kta.Functional.Tests.Algorithms.RulePropertyTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.RuleLoops

let private seconds (n: int) = TimeSpan.FromSeconds(float n)

let private operators = [
    { PerInstance = 100.; Selectivity = 2. }
    {
        PerInstance = 150.
        Selectivity = 0.5
    }
    { PerInstance = 80.; Selectivity = 0. }
]

/// Seconds since the last iteration, what arrives, and which of the nodes stand idle.
type private Tick = {
    After: int
    Arrivals: int
    Idle: bool list
    IsCounted: bool
}

let private ticks = gen {
    let! count = Gen.choose (2, 30)

    let! levels =
        Gen.listOfLength count (Gen.frequency [ 4, Gen.constant None; 1, Gen.choose (20, 2000) |> Gen.map Some ])

    let levels =
        levels
        |> List.scan (fun now next -> Option.defaultValue now next) 400
        |> List.tail

    let! after = Gen.listOfLength count (Gen.elements [ 30; 30; 60; 60; 25; 120 ])

    let! idle =
        Gen.listOfLength count (Gen.listOfLength 3 (Gen.frequency [ 9, Gen.constant false; 1, Gen.constant true ]))

    let! counted = Gen.listOfLength count (Gen.elements [ true; false ])

    return
        List.zip3 after levels (List.zip idle counted)
        |> List.map (fun (after, arrivals, (idle, counted)) -> {
            After = after
            Arrivals = arrivals
            Idle = idle
            IsCounted = counted
        })
}

let private measured (tick: Tick) (isCounted: bool) (current: int list) =
    let all = measure operators chain (float tick.Arrivals) current

    (all, Seq.zip chain tick.Idle)
    ||> Seq.fold (fun all (node, isIdle) ->
        let numbers = all[node]

        let counted =
            if isCounted then
                numbers
            else
                numbers.With(Quantity.Parallelism, Reading.Absent)

        all.With(
            node,
            if isIdle then
                [ Quantity.RecordsIn; Quantity.RecordsOut; Quantity.Busy; Quantity.BackPressured ]
                |> List.fold (fun (numbers: NodeMeasurements) quantity -> numbers.With(quantity, 0)) counted
                |> _.With(Quantity.Idle, 1)
            else
                counted
        ))

let private last algorithm ticks =
    run algorithm [ 4; 6; 3 ] _.After (fun tick isFirst -> measured tick (tick.IsCounted || isFirst)) ticks
    |> List.last

let private pods value period = HpaPolicy(HpaPolicyType.Pods, value, seconds period)

let private hpa (up: int, upPolicy) (down: int, downPolicy) =
    Hpa.Rule(
        HpaOptions(
            ScaleUp = HpaScaling(StabilizationWindow = seconds up, Policies = [ upPolicy ]),
            ScaleDown = HpaScaling(StabilizationWindow = seconds down, Policies = [ downPolicy ])
        )
    )

let private flink (window: int) (interval: int) =
    FlinkAutoscaler.Rule(
        FlinkAutoscalerOptions(
            MetricsWindow = seconds window,
            ScaleDownInterval = seconds interval,
            CatchUp = seconds 300,
            RestartTime = seconds 30,
            UtilizationBoundary = 0.1
        )
    )

let private rules = [
    "ds2", Ds2.Rule()
    "ds2, timely", Ds2.Rule(Ds2Options(Timely = true))
    "flink", flink 60 0
    "flink with windows", flink 120 180
    "hpa", Hpa.Rule()
    "hpa without behavior", Hpa.Rule(HpaOptions(Behavior = false))
    "hpa with windows", hpa (60, pods 4 60) (120, pods 2 60)
    "hpa with slow decreases", hpa (0, pods 9 30) (0, pods 1 180)
    "kafka-lag", KafkaLag.Rule()
    "dhalion", Dhalion.Rule(DhalionOptions(Blacklist = seconds 300))
    "varga", Varga.Rule()
    "break-even", BreakEven.Rule(BreakEvenOptions(IntervalSeconds = 30, DowntimeSeconds = 5, WarmUpSeconds = 5))
    "pid", Pid.Rule(PidOptions(IntervalSeconds = 30., WarmUpSeconds = 60., Kd = 0.2))
    "mmc", Mmc.Rule()
    "mmc with a target for all nodes", Mmc.Rule(MmcOptions(TargetLatency = TimeSpan.FromMilliseconds 50.))
    "conttune", ContTune.Rule()
    "cpu-thresholds",
    CpuThresholds.Rule(
        CpuThresholdsOptions(ScaleDownBelow = 0.4, ScaleUpAfter = seconds 60, ScaleDownAfter = seconds 120)
    )
    "the larger of two", Rule.Max(Ds2.Rule(), Hpa.Rule())
]

let tests =
    testList "Rules always" [
        for name, rule in rules do
            let algorithm = Autoscaler.Create rule

            for kind, entry in List.zip [ "of another policy"; "of another topology" ] foreign do
                Generators.property
                    $"{name}: an entry {kind} is the end of the history"
                    150
                    (Gen.zip ticks (Gen.choose (0, 6)))
                    (fun (ticks, kept) ->
                        let iteration = last algorithm ticks
                        let now = measured (List.last ticks) true iteration.Current
                        let newer = List.truncate kept iteration.History
                        let older = iteration.History |> List.skip newer.Length

                        Expect.equal
                            (decide algorithm iteration.Time now (newer @ entry :: older))
                            (decide algorithm iteration.Time now newer)
                            "the same as without what is behind it")

            Generators.property
                $"{name}: never goes down because something is not known"
                300
                // With three measurements, two of them of the past, Break-even goes by what it sees, as its design says.
                (Gen.zip ticks (Gen.choose (0, (if name = "break-even" then 1 else 6))))
                (fun (ticks, kept) ->
                    let iteration = last algorithm ticks
                    let now = measured (List.last ticks) true iteration.Current
                    let cut = decide algorithm iteration.Time now (List.truncate kept iteration.History)

                    for count, less, all in List.zip3 iteration.Current cut iteration.Decided do
                        if less < count && all >= count then
                            failtest
                                $"{count} to {less} with {kept} of {iteration.History.Length} entries after %A{ticks}")
    ]
