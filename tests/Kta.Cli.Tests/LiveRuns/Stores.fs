/// Stores as `kta run` writes them: simulated runs, put into the calendar.
module Kta.Cli.Tests.LiveRuns.Stores

open System
open System.Text
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Operator
open Kta.Functional.Simulation
open Kta.Cli.Tests.Reports

/// When all of them began.
let start = DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero)

let at (time: TimeSpan) = start + time

let minute (n: float) = at (TimeSpan.FromMinutes n)

let private utf8 (text: string) = ReadOnlyMemory(Encoding.UTF8.GetBytes text)

let finished (one: SimulatedIteration) =
    FinishedIteration(
        Id = one.Iteration.Id,
        UdfStartTimestampMillis = (at one.At).ToUnixTimeMilliseconds(),
        UdfEndTimestampMillis = (at one.At).ToUnixTimeMilliseconds() + 40L,
        MonitorResult = utf8 one.Iteration.MonitorResult,
        AnalyzeResult = utf8 one.Iteration.AnalyzeResult,
        PlanResult = one.Plan,
        Parallelism = one.Parallelism
    )

/// What a driver says that has done what it was asked for.
let scaled (one: SimulatedIteration) =
    ScalingResult(
        [|
            for node in one.Parallelism.Keys ->
                let before, wanted = one.Before[node], one.Parallelism[node]

                NodeScaling(
                    node,
                    Nullable before,
                    wanted,
                    if before = wanted then
                        ScalingOutcome.Unchanged
                    else
                        ScalingOutcome.Sent
                )
        |],
        [||]
    )

let put (store: KnowledgeStore) (policy: string) (run: SimulatedRun) (iterations: seq<SimulatedIteration>) =
    for one in iterations do
        store.Add(policy, finished one, one.Explanation)
        store.Complete(policy, one.Iteration.Id, scaled one)

    for change in run.Changes do
        store.AddRescale(policy, Rescale(at change.At, run.Application.Downtime))

/// Break-even with DS2 in its shadow: an hour.
let algorithm: Algorithm =
    Autoscaler.Create(BreakEven.Rule(), Strategy.Cooldown(TimeSpan.FromMinutes 2.0), Strategy.Shadow(Ds2.Rule()))

let shadowed = lazy Runs.simulate algorithm Runs.hour

/// The iterations of it that were stored.
let isKept (one: SimulatedIteration) = one.At < TimeSpan.FromMinutes 20.0 || one.At > TimeSpan.FromMinutes 30.0

/// A run of an hour that has seen everything: failures, a gap, other settings, a scaling that failed.
let eventful (file: string) =
    use store = KnowledgeStore.Open file
    let run = shadowed.Value
    store.AddSettings("shop/orders", start, """{"algorithm":"break-even","settings":{"growth":0.5},"interval":60}""")

    put store "shop/orders" run (run.Iterations |> Seq.filter isKept)
    store.AddFailure("shop/orders", minute 21.0, "monitor: http://flink:8081 could not be reached: Connection refused")

    store.AddSettings(
        "shop/orders",
        minute 40.0,
        """{"algorithm":"break-even","settings":{"growth":0.7},"interval":60}"""
    )

    let last = run.Iterations |> Seq.filter isKept |> Seq.last

    store.Complete(
        "shop/orders",
        last.Iteration.Id,
        ScalingResult(
            [|
                for node in last.Parallelism.Keys ->
                    NodeScaling(node, Nullable 1, last.Parallelism[node], ScalingOutcome.Failed, "403: allow patch")
            |],
            [||]
        )
    )
