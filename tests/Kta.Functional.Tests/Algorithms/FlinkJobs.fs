/// What the rule of the Flink operator is tried with: a job of one source, an iteration a minute.
module Kta.Functional.Tests.Algorithms.FlinkJobs

open System
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Algorithms.Loops

let seconds (n: int) = TimeSpan.FromSeconds(float n)
let job = Topology.Of source

/// A window of one minute, decreases at once, sized for what arrives and nothing else.
type Plain =
    static member With
        (
            ?window: int,
            ?interval: int,
            ?alignment: FlinkAlignment,
            ?keyed: string list,
            ?excluded: string list,
            ?effectiveness: bool,
            ?scalability: bool,
            ?tracking: bool
        ) =
        FlinkAutoscalerOptions(
            MetricsWindow = seconds (defaultArg window 60),
            CatchUp = TimeSpan.Zero,
            ScaleDownInterval = seconds (defaultArg interval 0),
            UtilizationTarget = 1.0,
            UtilizationBoundary = 0.0,
            Alignment = defaultArg alignment FlinkAlignment.Balanced,
            KeyedNodes = defaultArg keyed [],
            ExcludedNodes = defaultArg excluded [],
            EffectivenessDetection = defaultArg effectiveness false,
            ObservedScalability = defaultArg scalability false,
            RestartTimeTracking = defaultArg tracking false
        )

let plain = Plain.With()

/// What a source takes in when it works all the time, and what arrives.
let busy (parallelism: int) (recordsIn: float) (arrivals: float) =
    NodeMeasurements(RecordsIn = recordsIn, Busy = 1, ArrivalRate = arrivals, Lag = 0, Parallelism = parallelism)

/// Iterations a minute apart, newest first: what was measured, and what was applied then.
let minutesOf (entries: (NodeMeasurements * int) list) =
    entries
    |> List.mapi (fun age (numbers, applied) ->
        past (age + 1) (Measurements.Of(struct (source, numbers))) (counts [ applied ] job))

let decide options history (now: NodeMeasurements) =
    FlinkAutoscaler.Rule(options).Decide(Measurements.Of(struct (source, now)), contextOf job (minutesOf history))

/// The same for so many minutes, and what follows.
let after minutes options (numbers: NodeMeasurements) =
    decide options (List.replicate minutes (numbers, int numbers.Parallelism.Value.Value)) numbers

let size (plan: Plan) = plan[source]
let why (plan: Plan) = textsOf source plan
