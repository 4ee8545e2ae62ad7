/// Rules that are fed over Flink's REST API decide as they do in a process, on the same measurements.
module Kta.Cli.Tests.FlinkDecisionTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Monitoring
open Kta.Functional.Simulation
open Kta.Cli.Tests.Flink

/// What Flink can tell of what an application measures: what arrives is what was taken in and the growth of the lag.
let private told
    (application: Application)
    (before: (Measurements * TimeSpan) option)
    (now: Measurements)
    (time: TimeSpan)
    =
    let isSame =
        match before with
        | Some(before, _) ->
            application.Topology
            |> Seq.forall (fun node -> before[node].Parallelism.Value = now[node].Parallelism.Value)
        | None -> false

    let arrivals (node: TopologyNode) =
        match before with
        | Some(before, at) when isSame && application.Sources.ContainsKey node ->
            let growth =
                (now[node].Lag.Value.Value - before[node].Lag.Value.Value)
                / (time - at).TotalSeconds

            Reading.op_Implicit (max 0.0 (now[node].RecordsIn.Value.Value + growth))
        | _ -> Reading.Absent

    Measurements
        .ForEach(
            application.Topology,
            fun node ->
                NodeMeasurements(
                    RecordsIn = now[node].RecordsIn,
                    RecordsOut = now[node].RecordsOut,
                    Busy = now[node].Busy,
                    BackPressured = now[node].BackPressured,
                    Idle = now[node].Idle,
                    Lag = now[node].Lag,
                    Parallelism = now[node].Parallelism,
                    MaxParallelism = Reading.op_Implicit 128,
                    ArrivalRate = arrivals node
                )
        )
        .WithEdges(Array.ofSeq (now.EdgesOf application.Topology))

/// One iteration, as the operator makes it, behind those before.
let private iterate (algorithm: Algorithm) (application: Application) (clock: TimeProvider) (earlier: Iteration list) =
    task {
        let options =
            LocalOperatorOptions(
                Clock = clock,
                MinParallelism = 1,
                MaxParallelism = 64,
                StepTimeout = TimeSpan.FromMinutes 1.0,
                NewId = IterationIds.Numbered(),
                EarlierIterations = List.toArray earlier
            )

        let! run = LocalOperator.RunAsync(algorithm, application.Topology, 1, options)
        return earlier @ [ Seq.last run.Iterations ]
    }

let private plans (iterations: Iteration list) = [
    for iteration in iterations ->
        [ for pair in iteration.Parallelism |> Seq.sortBy _.Key -> string pair.Key, pair.Value ]
]

let private decidesAlike (rule: ScalingRule) (application: Application) (served: Served) = task {
    use flink = new FlinkMonitor(string served.Face.Address, application.Name)

    let over =
        Autoscaler.Create(
            Func<MonitorContext<Measurements, Proposals>, CancellationToken, Task<Measurements>>(fun context token ->
                flink.MeasureAsync(context, token)),
            rule
        )


    let within (measured: Measurements) =
        Autoscaler.Create(Func<MonitorContext<Measurements, Proposals>, Measurements>(fun _ -> measured), rule)

    let mutable twin = SimulatedApplication.Start application
    let mutable before: (Measurements * TimeSpan) option = None
    let mutable pause = application.Interval
    let mutable asked: Iteration list = []
    let mutable expected: Iteration list = []

    while expected.Length < 40 do
        served.Pass pause.TotalSeconds
        twin <- twin.Advance pause
        let struct (measured, next) = twin.Measure()
        twin <- next
        let here = told application before measured twin.Time
        before <- Some(here, twin.Time)
        let! again = iterate (within here) application served.Clock expected
        let! decided = iterate over application served.Clock asked
        expected <- again
        asked <- decided
        let parallelism = (List.last asked).Parallelism
        twin <- twin.Rescale parallelism
        let! status, _ = served.Require [ for pair in parallelism -> string pair.Key, pair.Value, pair.Value ]
        Expect.equal status 200 "taken"
        pause <- application.Interval + max TimeSpan.Zero (twin.WarmAt - twin.Time)

    Expect.equal (plans asked) (plans expected) "the same plans"
    Expect.isGreaterThan (List.distinct (plans asked)).Length 2 "and several of them"
}

let tests =
    let orders =
        Application(
            Name = "orders",
            Operators = [|
                StreamOperator("source", ratePerInstance = 50_000.0, Exponent = 0.97)
                StreamOperator("map", ratePerInstance = 12_000.0, Exponent = 0.95, Selectivity = 2.0)
                StreamOperator("agg", ratePerInstance = 15_000.0, Exponent = 0.92, Selectivity = 0.1)
            |],
            Sources =
                Application.Reading(
                    "source",
                    Trace.Cosine(mean = 150_000.0, amplitude = 100_000.0, period = TimeSpan.FromHours 1.0)
                )
        )

    testList "A simulated Flink lets rules decide as in the process:" [
        for name, rule in [ "DS2", Ds2.Rule(Ds2Options(ScalingFactor = 0.2)); "Break-even", BreakEven.Rule() ] do
            testTask name { do! serving orders (decidesAlike rule orders) }
    ]
