namespace Kta.Functional.FSharp

open Kta.Functional

/// What analyze answered, as an option.
[<AutoOpen>]
module AnalyzeResults =

    type PlanContext<'M, 'A when 'M: not struct and 'M: not null and 'A: not struct and 'A: not null> with

        /// <summary>What analyze answered in this iteration; None if it had nothing to say or the policy has no analyze step.</summary>
        /// <exception cref="T:Kta.Functional.InvalidRequestException">What came does not fit the type; answered as 422 with the JSON path.</exception>
        member this.TryAnalyzeResult: 'A option = Option.ofObj this.AnalyzeResultOrNull

    type HistoryEntry<'M, 'A when 'M: not struct and 'M: not null and 'A: not struct and 'A: not null> with

        /// What analyze answered; None if it had nothing to say or the policy has no analyze step.
        member this.TryAnalyzeResult: 'A option = Option.ofObj this.AnalyzeResult

/// <summary>
/// Reading the earlier iterations, newest first. A history is a sequence, so everything in <c>Seq</c> works too; entries
/// are decoded when they are first looked at, so take what you need instead of all.
/// </summary>
/// <example><code>ctx.History |> History.monitorResults |> Seq.truncate 10 |> Seq.averageBy _.RecordsPerSecond</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module History =

    /// <summary>The newest entry, if there is one.</summary>
    /// <param name="history">The history.</param>
    let tryLatest (history: History<'M, 'A>) : HistoryEntry<'M, 'A> option = Option.ofObj history.Latest

    /// <summary>The entries about exactly these nodes: leaves out those of other policies and of earlier topologies.</summary>
    /// <param name="topology">Usually <c>ctx.Topology</c>.</param>
    /// <param name="history">The history.</param>
    let about (topology: Topology) (history: History<'M, 'A>) : History<'M, 'A> = history.About topology

    /// <summary>What monitor answered, newest first.</summary>
    /// <param name="history">The history.</param>
    let monitorResults (history: History<'M, 'A>) : seq<'M> = history |> Seq.map (fun entry -> entry.MonitorResult)

    /// <summary>What analyze answered, newest first, without the iterations in which it had nothing to say.</summary>
    /// <param name="history">The history.</param>
    let analyzeResults (history: History<'M, 'A>) : seq<'A> =
        history |> Seq.choose (fun entry -> entry.TryAnalyzeResult)
