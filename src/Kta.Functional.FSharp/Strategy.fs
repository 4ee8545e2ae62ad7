namespace Kta.Functional.FSharp

open System
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Algorithms

/// <summary>
/// Strategies in a pipeline: each bends the plans of the algorithm it is given, after those that stand before it. See
/// <c>Kta.Functional.Algorithms.Strategy</c> for what each does.
/// </summary>
/// <example><code>Ds2.rule Ds2.defaults |> Autoscaler.withMonitor flink |> Strategy.bounds 1 32 |> Strategy.cooldown (minutes 5)</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Strategy =

    /// <summary>Adds a strategy.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="algorithm">Any algorithm with a plan step.</param>
    /// <exception cref="T:System.ArgumentException">It cannot stand there.</exception>
    let add (strategy: Strategy) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> = algorithm.WithStrategies strategy

    /// <summary>Adds a strategy of your own.</summary>
    /// <param name="name">Its name, for reasons and logs.</param>
    /// <param name="apply">A pure function of the proposed plan and the context.</param>
    /// <param name="algorithm">The algorithm.</param>
    let own (name: string) (apply: Plan -> StrategyContext -> Plan) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm
        |> add (Strategy.Of(name, (fun proposed context -> apply proposed context)))

    /// <summary>No node gets fewer or more instances than this.</summary>
    /// <param name="min">The least number, at least 1.</param>
    /// <param name="max">The largest number.</param>
    /// <param name="algorithm">The algorithm.</param>
    let bounds (min: int) (max: int) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.Bounds(min, max))

    /// <summary>No node grows or shrinks by more than these fractions at once.</summary>
    /// <param name="up">1.0 lets a node double at most.</param>
    /// <param name="down">0.6 lets a node lose 60 % at most.</param>
    /// <param name="algorithm">The algorithm.</param>
    let maxChange (up: float) (down: float) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.MaxChange(up, down))

    /// <summary>A fraction more than what was proposed, rounded up.</summary>
    /// <param name="fraction">0.2 for 20 % more.</param>
    /// <param name="algorithm">The algorithm.</param>
    let overProvision (fraction: float) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.OverProvision fraction)

    /// <summary>Decreases of so few instances are dropped.</summary>
    /// <param name="decreases">Up to so many.</param>
    /// <param name="algorithm">The algorithm.</param>
    let minorChanges (decreases: int) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.MinorChanges decreases)

    /// <summary>The nodes together get no more than so many instances.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="algorithm">The algorithm.</param>
    let budget (limit: int) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.Budget(float limit))

    /// <summary>Nothing changes unless a node is far enough away, and then everything does.</summary>
    /// <param name="outside">How far, as a fraction of what the node has.</param>
    /// <param name="algorithm">The algorithm.</param>
    let coupledRescale (outside: float) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.CoupledRescale outside)

    /// <summary>Goes down only as far as everything that was proposed within a time agrees on.</summary>
    /// <param name="down">The time.</param>
    /// <param name="algorithm">The algorithm.</param>
    let stabilize (down: TimeSpan) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.Stabilize down)

    /// <summary>A decrease waits until decreases have been proposed for a time without a break.</summary>
    /// <param name="wait">The time.</param>
    /// <param name="algorithm">The algorithm.</param>
    let delayScaleDown (wait: TimeSpan) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.DelayScaleDown wait)

    /// <summary>Nothing changes for a time after the last change.</summary>
    /// <param name="wait">The time.</param>
    /// <param name="algorithm">The algorithm.</param>
    let cooldown (wait: TimeSpan) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.Cooldown wait)

    /// <summary>A node changes only when several iterations in a row want it in the same direction.</summary>
    /// <param name="evaluations">How many.</param>
    /// <param name="algorithm">The algorithm.</param>
    let activation (evaluations: int) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.Activation evaluations)

    /// <summary>A node changes by no more than so much within a time.</summary>
    /// <param name="up">How much may be added; None: any number.</param>
    /// <param name="down">How much may be removed; None: any number.</param>
    /// <param name="algorithm">The algorithm.</param>
    let rateLimit (up: HpaPolicy option) (down: HpaPolicy option) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.RateLimit(Option.toObj up, Option.toObj down))

    /// <summary>A number for nodes whose measurements have been missing for a time; never less than what is there.</summary>
    /// <param name="after">How long they have to be missing.</param>
    /// <param name="parallelism">The number of instances.</param>
    /// <param name="algorithm">The algorithm.</param>
    let fallback (after: TimeSpan) (parallelism: int) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.Fallback(after, parallelism))

    /// <summary>A strategy that counts only in a part of the day.</summary>
    /// <param name="window">The part of the day.</param>
    /// <param name="strategy">What counts then.</param>
    /// <param name="algorithm">The algorithm.</param>
    let during (window: DailyWindow) (strategy: Strategy) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.During(window, strategy))

    /// <summary>Changes nothing, and says what another rule would have said.</summary>
    /// <param name="rule">The other rule.</param>
    /// <param name="algorithm">An algorithm whose monitor answers measurements.</param>
    let shadow (rule: ScalingRule) (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> =
        algorithm |> add (Strategy.Shadow rule)

    /// <summary>Keeps what is there and says what would have been done. Has the last word.</summary>
    /// <param name="algorithm">The algorithm.</param>
    let recommendOnly (algorithm: Algorithm<'M, 'A>) : Algorithm<'M, 'A> = algorithm |> add (Strategy.RecommendOnly())

/// Algorithms of a monitor and a rule.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Autoscaler =

    /// <summary>Analyze and plan of a rule, for a monitor that is served elsewhere.</summary>
    /// <param name="rule">The rule.</param>
    let ofRule (rule: ScalingRule) : Algorithm<Measurements, Proposals> = Autoscaler.Create rule

    /// <summary>A rule with a monitor.</summary>
    /// <param name="monitor">Measures; the token fires when the caller goes away or the time is up.</param>
    /// <param name="rule">The rule.</param>
    /// <example><code>Ds2.rule Ds2.defaults |> Autoscaler.withMonitor (fun ctx ct -> flink.MeasureAsync(ctx.Topology, ct))</code></example>
    let withMonitor
        (monitor: MonitorContext<Measurements, Proposals> -> CancellationToken -> Task<Measurements>)
        (rule: ScalingRule)
        : Algorithm<Measurements, Proposals> =
        Autoscaler.Create((fun ctx ct -> monitor ctx ct), rule)

    /// <summary>A rule with measurements that need no waiting.</summary>
    /// <param name="measure">Measures.</param>
    /// <param name="rule">The rule.</param>
    let withMeasurements
        (measure: MonitorContext<Measurements, Proposals> -> Measurements)
        (rule: ScalingRule)
        : Algorithm<Measurements, Proposals> =
        Autoscaler.Create((fun ctx -> measure ctx), rule)

    /// <summary>A rule by its name, with settings as text.</summary>
    /// <param name="name"><c>ds2</c>, <c>hpa</c>, or <c>break-even</c>.</param>
    /// <param name="settings">Pairs of name and value.</param>
    /// <exception cref="T:System.ArgumentException">There is no such rule or setting; the message lists those there are.</exception>
    let byName (name: string) (settings: seq<string * string>) : Algorithm<Measurements, Proposals> =
        Autoscaler.ByName(name, settings |> Seq.map System.Collections.Generic.KeyValuePair)

    /// <summary>Plans, and says why.</summary>
    /// <param name="context">The context of a plan step.</param>
    /// <param name="algorithm">Any algorithm whose plan step is synchronous.</param>
    let explain (context: PlanContext<'M, 'A>) (algorithm: Algorithm<'M, 'A>) : Explanation = algorithm.Explain context
