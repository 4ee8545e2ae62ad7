namespace Kta.Functional.FSharp

open System
open System.Collections.Generic
open Kta.Functional
open Kta.Functional.Simulation

/// <summary>What arrives at a source: a pure function of time. See <c>Kta.Functional.Simulation.Trace</c>.</summary>
/// <example><code>Trace.cosine 150_000.0 100_000.0 (hours 1) |> Trace.noise 0.05</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Trace =

    /// <summary>Always the same rate.</summary>
    /// <param name="rate">Records per second, at least 0.</param>
    let constant (rate: float) : Trace = Trace.Constant rate

    /// <summary>A rate that stays until the next one begins.</summary>
    /// <param name="points">Since which second which rate; the first at 0.</param>
    /// <exception cref="T:System.ArgumentException">Seconds do not grow from 0 on, or a rate is negative or no number.</exception>
    let steps (points: (float * float) list) : Trace =
        Trace.Steps [| for second, rate in points -> struct (second, rate) |]

    /// <summary>mean + amplitude · cos(2π · time / period).</summary>
    /// <param name="mean">Records per second.</param>
    /// <param name="amplitude">Records per second.</param>
    /// <param name="period">More than 0.</param>
    let cosine (mean: float) (amplitude: float) (period: TimeSpan) : Trace = Trace.Cosine(mean, amplitude, period)

    /// <summary>From one rate to another, evenly; then it stays there.</summary>
    /// <param name="from">Records per second.</param>
    /// <param name="into">Records per second.</param>
    /// <param name="over">How long it takes.</param>
    let ramp (from: float) (into: float) (over: TimeSpan) : Trace = Trace.Ramp(from, into, over)

    /// <summary>One rate, and another one for a short time, again and again.</summary>
    /// <param name="low">Records per second.</param>
    /// <param name="height">Records per second during a spike.</param>
    /// <param name="first">When the first spike begins.</param>
    /// <param name="every">From the beginning of a spike to that of the next.</param>
    /// <param name="length">How long a spike lasts.</param>
    let spikes (low: float) (height: float) (first: TimeSpan) (every: TimeSpan) (length: TimeSpan) : Trace =
        Trace.Spikes(low, height, first, every, length)

    /// <summary>A random walk with a step every minute; its seed comes from the application.</summary>
    /// <param name="start">Records per second in the first minute.</param>
    /// <param name="step">The largest step, to either side.</param>
    let walk (start: float) (step: float) : Trace = Trace.Walk(start, step)

    /// <summary>Days with a deep night, two peaks, and quieter weekends; the seed comes from the application.</summary>
    /// <param name="low">Records per second in the night.</param>
    /// <param name="high">Records per second in the evening.</param>
    let daily (low: float) (high: float) : Trace = Trace.Daily(low, high)

    /// <summary>A load pattern of the DEBS 2024 comparison of autoscalers; the seed comes from the application.</summary>
    /// <param name="pattern">Its shape.</param>
    /// <param name="query">Whose rates.</param>
    let debs (pattern: DebsPattern) (query: NexmarkQuery) : Trace = Trace.Debs(pattern, query)

    /// <summary>A function of your own.</summary>
    /// <param name="name">For headings.</param>
    /// <param name="rateAt">Records per second at a time since the start: a pure function.</param>
    let create (name: string) (rateAt: TimeSpan -> float) : Trace = Trace.Of(name, rateAt)

    /// <summary>All of them together.</summary>
    /// <param name="traces">At least one.</param>
    let sum (traces: seq<Trace>) : Trace = Trace.Sum(Array.ofSeq traces)

    /// <summary>Each multiplied by the next.</summary>
    /// <param name="traces">At least one.</param>
    let product (traces: seq<Trace>) : Trace = Trace.Product(Array.ofSeq traces)

    /// <summary>The same with noise, drawn anew every minute.</summary>
    /// <param name="amount">Its standard deviation, 0.05 for 5 %.</param>
    /// <param name="trace">The trace.</param>
    let noise (amount: float) (trace: Trace) : Trace = trace.WithNoise amount

    /// <summary>The same without its beginning.</summary>
    /// <param name="time">How much of it is left out.</param>
    /// <param name="trace">The trace.</param>
    let offset (time: TimeSpan) (trace: Trace) : Trace = trace.Offset time

    /// <summary>Records per second at a moment.</summary>
    /// <param name="time">Since the start.</param>
    /// <param name="trace">The trace.</param>
    let rateAt (time: TimeSpan) (trace: Trace) : float = trace.RateAt time

/// <summary>Describing streaming applications. See <c>Kta.Functional.Simulation.Application</c> for what else can be set.</summary>
/// <example>
/// <code>
/// Application.chain "orders" [ StreamOperator("source", 50_000.0); StreamOperator("map", 12_000.0) ] (Trace.constant 90_000.0)
/// </code>
/// </example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Application =

    /// <summary>Operators of which each feeds the next.</summary>
    /// <param name="name">For tables and reports.</param>
    /// <param name="operators">At least one; the first is the source.</param>
    /// <param name="trace">What arrives.</param>
    let chain (name: string) (operators: StreamOperator list) (trace: Trace) : Application =
        let sources = Dictionary()

        for source in List.truncate 1 operators do
            sources.Add(source.Node, trace)

        Application(Name = name, Operators = Array.ofList operators, Sources = sources)

    /// <summary>Operators that are connected in any way without circles.</summary>
    /// <param name="name">For tables and reports.</param>
    /// <param name="operators">In topological order.</param>
    /// <param name="edges">Who feeds whom.</param>
    /// <param name="sources">What arrives at each operator that no other feeds.</param>
    let graph
        (name: string)
        (operators: StreamOperator list)
        (edges: (TopologyNode * TopologyNode) list)
        (sources: (TopologyNode * Trace) list)
        : Application =
        Application(
            Name = name,
            Operators = Array.ofList operators,
            Edges = [| for from, into in edges -> TopologyEdge(from, into) |],
            Sources = Dictionary(Map.ofList sources)
        )

    /// <summary>Everything that is wrong with a description; empty if it can be started.</summary>
    /// <param name="application">The description.</param>
    let problems (application: Application) : ApplicationProblem list = List.ofSeq application.Problems

/// Copies of descriptions, as C# makes them with <c>with { … }</c>.
[<AutoOpen>]
module ApplicationCopies =

    type Application with

        /// <summary>The same with other settings. What is not named stays.</summary>
        /// <example><code>orders.With(noise = 0.05, seed = 2L, downtime = seconds 10)</code></example>
        member this.With
            (
                ?name: string,
                ?operators: StreamOperator list,
                ?sources: (TopologyNode * Trace) list,
                ?parallelism: Plan,
                ?bufferSeconds: float,
                ?downtime: TimeSpan,
                ?warmUp: TimeSpan,
                ?interval: TimeSpan,
                ?objective: ServiceObjective,
                ?limits: ParallelismLimits,
                ?duration: TimeSpan,
                ?noise: float,
                ?seed: int64,
                ?checkpoints: Checkpoints,
                ?rescaleCooldown: TimeSpan,
                ?startUp: TimeSpan,
                ?cluster: Cluster,
                ?outages: MonitoringOutage list
            ) : Application =
            Application(
                Name = defaultArg name this.Name,
                Operators =
                    (operators
                     |> Option.map (fun given -> Array.ofList given :> IReadOnlyList<_>)
                     |> Option.defaultValue this.Operators),
                Edges = this.Edges,
                Sources =
                    (sources
                     |> Option.map (fun given -> Dictionary(Map.ofList given) :> IReadOnlyDictionary<_, _>)
                     |> Option.defaultValue this.Sources),
                Parallelism =
                    (match parallelism with
                     | Some plan -> withNull (plan :> IReadOnlyDictionary<_, _>)
                     | None -> this.Parallelism),
                BufferSeconds = defaultArg bufferSeconds this.BufferSeconds,
                Downtime = defaultArg downtime this.Downtime,
                WarmUp = defaultArg warmUp this.WarmUp,
                Interval = defaultArg interval this.Interval,
                Objective = defaultArg objective this.Objective,
                Limits = defaultArg limits this.Limits,
                Duration = (duration |> Option.map Nullable |> Option.defaultValue this.Duration),
                Noise = defaultArg noise this.Noise,
                Seed = defaultArg seed this.Seed,
                Checkpoints = (checkpoints |> Option.map withNull |> Option.defaultValue this.Checkpoints),
                RescaleCooldown = defaultArg rescaleCooldown this.RescaleCooldown,
                StartUp = defaultArg startUp this.StartUp,
                Cluster = (cluster |> Option.map withNull |> Option.defaultValue this.Cluster),
                Outages =
                    (outages
                     |> Option.map (fun given -> Array.ofList given :> IReadOnlyList<_>)
                     |> Option.defaultValue this.Outages)
            )

/// <summary>Letting time pass through a simulated application. See <c>Kta.Functional.Simulation.SimulatedApplication</c>.</summary>
/// <example><code>SimulatedApplication.start orders |> SimulatedApplication.advance (minutes 10) |> SimulatedApplication.measure</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module SimulatedApplication =

    /// <summary>An application at its start.</summary>
    /// <param name="application">The description.</param>
    /// <exception cref="T:System.ArgumentException">Something is wrong with the description; the message names everything that is.</exception>
    let start (application: Application) : SimulatedApplication = SimulatedApplication.Start application

    /// <summary>Lets time pass.</summary>
    /// <param name="time">A whole number of seconds.</param>
    /// <param name="app">The application.</param>
    let advance (time: TimeSpan) (app: SimulatedApplication) : SimulatedApplication = app.Advance time

    /// <summary>Gives nodes another number of instances.</summary>
    /// <param name="plan">A node that is not named keeps what it was asked for.</param>
    /// <param name="app">The application.</param>
    let rescale (plan: Plan) (app: SimulatedApplication) : SimulatedApplication = app.Rescale plan

    /// <summary>What was measured since the last measurement, and the application from which the next one counts.</summary>
    /// <param name="app">The application.</param>
    let measure (app: SimulatedApplication) : Measurements * SimulatedApplication =
        let struct (measured, next) = app.Measure()
        measured, next
