/// What docs/measurements.md, docs/rules, docs/strategies.md and docs/why-did-it-do-that.md show in F#. Other tests compare it with
/// the pages, and run it beside the C#.
module Kta.Functional.Tests.FSharp.RuleSnippets

open System
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Tests.CSharp

let measured (source: TopologyNode) (left: TopologyNode) (right: TopologyNode) (sink: TopologyNode) =
    let measured =
        Measurements.ofSeq [
            source,
            NodeMeasurements(
                ArrivalRate = 2_500,
                RecordsIn = 625,
                RecordsOut = 625,
                Busy = 0.62,
                Lag = 40_000,
                Parallelism = 1
            )
            sink, NodeMeasurements(RecordsIn = 625, Busy = 1, Parallelism = 2)
        ]
        |> Measurements.from "flink" (seconds 5)

    let lag =
        Measurements.ofSeq [ source, NodeMeasurements(Lag = 1_204) ]
        |> Measurements.from "kafka" (seconds 2)

    let all = measured.And lag

    let diamond =
        measured
        |> Measurements.withEdges [ source, left; source, right; left, sink; right, sink ]

    [ measured; all; diamond ]

let withRule (flink: RuleSnippets.IFlink) =
    let rule = Ds2.rule (Ds2Options(ScalingFactor = 0.2))

    let autoscaler = algorithm {
        monitor (fun ctx ct -> flink.MeasureAsync(ctx.Topology, ct))
        plan (fun ctx -> rule.Decide(ctx.MonitorResult, RuleContext.Of ctx))
    }

    autoscaler

let explain (topology: Topology) (sink: TopologyNode) (measured: Measurements) (startedAt: DateTimeOffset) =
    let rule = Ds2.rule Ds2.defaults

    let plan = rule.Decide(measured, RuleContext(topology, startedAt))

    for reason in plan |> Plan.reasonsOf sink do
        printfn $"{reason}" // DS2: 2,500/s needed, 312/s per instance → 8 (8.00)

    plan

/// In the order of the C#.
let rules (sink: TopologyNode) : ScalingRule list =
    let ds2 = Ds2.rule (Ds2Options(ScalingFactor = 0.2, CatchUp = minutes 5))

    let flink =
        FlinkAutoscaler.rule (
            FlinkAutoscalerOptions(
                MetricsWindow = minutes 3,
                CatchUp = minutes 5,
                RestartTime = minutes 1,
                ScaleDownInterval = minutes 10,
                KeyedNodes = [ "map" ]
            )
        )

    let hpa =
        Hpa.rule (
            HpaOptions(
                Metrics = [ HpaMetric.Utilization(Quantity.Busy, 0.7); HpaMetric.AverageValue(Quantity.Lag, 10_000.0) ],
                MaxReplicas = 32
            )
        )

    let lag = KafkaLag.rule (KafkaLagOptions(LagThreshold = 20_000, MaxReplicas = 64))

    let dhalion = Dhalion.rule (DhalionOptions(Blacklist = minutes 10))

    let varga = Varga.rule (VargaOptions(UtilizationTarget = 0.7, StabilizationWindow = minutes 5))

    let breakEven =
        BreakEven.rule (BreakEvenOptions(LatePrice = 8, IntervalSeconds = 30, MaxParallelism = 128))

    let atLeastTwo =
        Rule.create "at least two" (fun now context -> context.Topology |> Plan.forEach (fun node -> 2))

    let combined =
        Rule.firstOf [ Ds2.rule Ds2.defaults; Hpa.rule Hpa.defaults ]
        |> Rule.perNode [ sink, Rule.max [ Hpa.rule Hpa.defaults; atLeastTwo ] ]

    [ ds2; flink; hpa; lag; dhalion; varga; breakEven; combined ]

let ofOffsets (partitions: KafkaPartition seq) =
    let group =
        KafkaLag.GroupLag(partitions, KafkaOffsetOptions(OffsetResetPolicy = KafkaOffsetReset.Earliest))

    let consumer = NodeMeasurements(Lag = float group.Lag, Partitions = group.Partitions)

    consumer

// Sized so that a restart and the backlog are made up for within a time.
let recoversWithin (recovery: TimeSpan) (downtime: TimeSpan) (replayed: TimeSpan) (rule: ScalingRule) =
    let raised (now: Measurements) node =
        match now[node].ArrivalRate.TryValue, now[node].Lag.TryValue with
        | Some arrivals, Some lag ->
            let behind = lag + arrivals * (downtime + replayed).TotalSeconds
            let rate = arrivals + behind / (recovery - downtime).TotalSeconds
            now.With(node, now[node].With(Quantity.ArrivalRate, rate))
        | _ -> now

    Rule.createLookingBack rule.HistoryNeeded $"{rule.Name}, recovering" (fun now context ->
        rule.Decide(context.Topology |> Seq.fold raised now, context))

let bent (autoscaler: Algorithm<Measurements, Proposals>) =
    let bent =
        autoscaler
        |> Strategy.stabilize (minutes 5)
        |> Strategy.bounds 1 32
        |> Strategy.cooldown (minutes 2)

    bent

let together (flink: RuleSnippets.IFlink) =
    let autoscaler =
        Ds2.rule Ds2.defaults
        |> Rule.warmUp (seconds 60)
        |> Autoscaler.withMonitor (fun ctx ct -> flink.MeasureAsync(ctx.Topology, ct))
        |> Strategy.overProvision 0.2
        |> Strategy.delayScaleDown (minutes 10)
        |> Strategy.during (DailyWindow(TimeOnly(8, 0), TimeOnly(18, 0), "Europe/Berlin")) (Strategy.Bounds(4, 32))
        |> Strategy.cooldown (minutes 2)

    autoscaler

let why (autoscaler: Algorithm<Measurements, Proposals>) context (sink: TopologyNode) (busy: float) =
    let why = autoscaler |> Autoscaler.explain context
    printfn $"{why}"

    let plan = why.Plan
    let plan = plan |> Plan.because sink $"busy {busy:P0}, so {plan[sink]} instances"

    why, plan
