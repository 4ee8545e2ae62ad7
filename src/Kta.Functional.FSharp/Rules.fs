namespace Kta.Functional.FSharp

open System
open Kta.Functional
open Kta.Functional.Algorithms

/// Times as one says them.
[<AutoOpen>]
module Times =

    /// <summary>So many seconds.</summary>
    /// <param name="count">How many.</param>
    let inline seconds count : TimeSpan = TimeSpan.FromSeconds(float count)

    /// <summary>So many minutes.</summary>
    /// <param name="count">How many.</param>
    /// <example><code>Strategy.cooldown (minutes 5)</code></example>
    let inline minutes count : TimeSpan = TimeSpan.FromMinutes(float count)

    /// <summary>So many hours.</summary>
    /// <param name="count">How many.</param>
    let inline hours count : TimeSpan = TimeSpan.FromHours(float count)

/// <summary>DS2: sizes all nodes at once from the rates they could sustain. See <c>Kta.Functional.Algorithms.Ds2</c>.</summary>
/// <example><code>Ds2.rule (Ds2Options(ScalingFactor = 0.2))</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Ds2 =

    /// The default settings.
    let defaults = Ds2Options()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: Ds2Options) : ScalingRule = Ds2.Rule options

/// The autoscaler of the Flink Kubernetes operator. See <c>Kta.Functional.Algorithms.FlinkAutoscaler</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module FlinkAutoscaler =

    /// The default settings.
    let defaults = FlinkAutoscalerOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: FlinkAutoscalerOptions) : ScalingRule = FlinkAutoscaler.Rule options

/// The Kubernetes pod autoscaler, for each node by itself. See <c>Kta.Functional.Algorithms.Hpa</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Hpa =

    /// The default settings.
    let defaults = HpaOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: HpaOptions) : ScalingRule = Hpa.Rule options

/// The Kafka scaler of KEDA: a share of the lag for each instance. See <c>Kta.Functional.Algorithms.KafkaLag</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module KafkaLag =

    /// The default settings.
    let defaults = KafkaLagOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: KafkaLagOptions) : ScalingRule = KafkaLag.Rule options

/// Dhalion: symptom, diagnosis, resolution. See <c>Kta.Functional.Algorithms.Dhalion</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Dhalion =

    /// The default settings.
    let defaults = DhalionOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: DhalionOptions) : ScalingRule = Dhalion.Rule options

/// The rule of Varga et al.: utilization, and how fast the lag grows. See <c>Kta.Functional.Algorithms.Varga</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Varga =

    /// The default settings.
    let defaults = VargaOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: VargaOptions) : ScalingRule = Varga.Rule options

/// Break-even: up when overload is measured, down when the waste has paid for the change. See <c>Kta.Functional.Algorithms.BreakEven</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module BreakEven =

    /// The default settings.
    let defaults = BreakEvenOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: BreakEvenOptions) : ScalingRule = BreakEven.Rule options

/// A PID controller for each node. See <c>Kta.Functional.Algorithms.Pid</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Pid =

    /// The default settings.
    let defaults = PidOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: PidOptions) : ScalingRule = Pid.Rule options

/// M/M/c: sizes nodes by how long records wait. See <c>Kta.Functional.Algorithms.Mmc</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Mmc =

    /// The default settings.
    let defaults = MmcOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: MmcOptions) : ScalingRule = Mmc.Rule options

/// A light ContTune: DS2 that remembers measured capacities. See <c>Kta.Functional.Algorithms.ContTune</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module ContTune =

    /// The default settings.
    let defaults = ContTuneOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: ContTuneOptions) : ScalingRule = ContTune.Rule options

/// The managed clouds' way: the job doubles or halves by its CPU. See <c>Kta.Functional.Algorithms.CpuThresholds</c>.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module CpuThresholds =

    /// The default settings.
    let defaults = CpuThresholdsOptions()

    /// <summary>The rule.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="T:System.ArgumentException">A setting is out of range; the message names all that are.</exception>
    let rule (options: CpuThresholdsOptions) : ScalingRule = CpuThresholds.Rule options

/// Making and combining rules.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Rule =

    /// <summary>A rule of your own.</summary>
    /// <param name="name">Its name, for reasons and logs.</param>
    /// <param name="decide">A pure function.</param>
    let create (name: string) (decide: Measurements -> RuleContext -> Plan) : ScalingRule =
        Rule.Of(name, (fun now context -> decide now context))

    /// <summary>A rule of your own that looks back.</summary>
    /// <param name="history">How much history it looks at.</param>
    /// <param name="name">Its name, for reasons and logs.</param>
    /// <param name="decide">A pure function.</param>
    let createLookingBack
        (history: HistoryNeeded)
        (name: string)
        (decide: Measurements -> RuleContext -> Plan)
        : ScalingRule =
        Rule.Of(name, (fun now context -> decide now context), history)

    /// <summary>For each node the largest number that any of the rules wants.</summary>
    /// <param name="rules">At least one.</param>
    let max (rules: seq<ScalingRule>) : ScalingRule = Rule.Max(Array.ofSeq rules)

    /// <summary>For each node the smallest number that any of the rules wants.</summary>
    /// <param name="rules">At least one.</param>
    let min (rules: seq<ScalingRule>) : ScalingRule = Rule.Min(Array.ofSeq rules)

    /// <summary>For each node what the first rule says that has the measurements for it.</summary>
    /// <param name="rules">At least one, the best first.</param>
    let firstOf (rules: seq<ScalingRule>) : ScalingRule = Rule.FirstOf(Array.ofSeq rules)

    /// <summary>For some nodes a rule of their own, for all others one rule.</summary>
    /// <param name="rules">A node and its rule, each node once.</param>
    /// <param name="otherwise">The rule for the other nodes.</param>
    /// <exception cref="T:System.ArgumentException">A node occurs twice.</exception>
    let perNode (rules: seq<TopologyNode * ScalingRule>) (otherwise: ScalingRule) : ScalingRule =
        Rule.PerNode(otherwise, [| for node, rule in rules -> struct (node, rule) |])

    /// <summary>The same rule on measurements that are prepared first.</summary>
    /// <param name="preparation">What is done to them.</param>
    /// <param name="rule">The rule.</param>
    let prepared (preparation: Preparation) (rule: ScalingRule) : ScalingRule = rule.Prepared preparation

    /// <summary>The same rule on smoothed rates.</summary>
    /// <param name="halfLife">A measurement so old counts half.</param>
    /// <param name="rule">The rule.</param>
    let smooth (halfLife: TimeSpan) (rule: ScalingRule) : ScalingRule = rule.Prepared(Preparation.Smooth halfLife)

    /// <summary>The same rule, ignoring what was measured soon after a change of the plan.</summary>
    /// <param name="time">How long after a change.</param>
    /// <param name="rule">The rule.</param>
    let warmUp (time: TimeSpan) (rule: ScalingRule) : ScalingRule = rule.Prepared(Preparation.WarmUp time)

    /// <summary>The same rule, sizing sources for their backlog as well.</summary>
    /// <param name="time">In what time a backlog shall be gone.</param>
    /// <param name="rule">The rule.</param>
    let catchUp (time: TimeSpan) (rule: ScalingRule) : ScalingRule = rule.Prepared(Preparation.CatchUp time)
