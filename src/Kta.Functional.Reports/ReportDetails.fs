namespace Kta.Functional.Reports

open System.Collections.Generic
open System.Runtime.InteropServices
open Kta.Functional.Simulation

/// <summary>What a report says beside the run itself: its yardsticks, and what someone needs who wants to repeat it.</summary>
/// <remarks>Immutable. Everything may be left out.</remarks>
/// <param name="clairvoyant">What a policy could do that knew the load in advance; null: the page compares with the static peak only.</param>
/// <param name="settings">All settings of the algorithm, the defaults too, as name and value in the order they are shown; null: none are shown.</param>
/// <param name="commandLine">The command that made the run; null: it was made from code.</param>
/// <param name="applicationText">The application file as it was read; null: the page describes the application in its own words.</param>
/// <example><code>new ReportDetails(clairvoyant: ClairvoyantOptimum.Of(orders), commandLine: "kta simulate orders.yaml")</code></example>
[<Sealed>]
type ReportDetails
    (
        [<Optional; DefaultParameterValue(null: ClairvoyantOptimum | null)>] clairvoyant: ClairvoyantOptimum | null,
        [<Optional; DefaultParameterValue(null: IEnumerable<KeyValuePair<string, string>> | null)>] settings:
            IEnumerable<KeyValuePair<string, string>> | null,
        [<Optional; DefaultParameterValue(null: string | null)>] commandLine: string | null,
        [<Optional; DefaultParameterValue(null: string | null)>] applicationText: string | null
    ) =

    let settings: IReadOnlyList<KeyValuePair<string, string>> =
        match settings with
        | null -> [||]
        | given -> Array.ofSeq given

    /// <summary>What a policy could do that knew the load in advance; null if the page does not compare with it.</summary>
    member _.Clairvoyant = clairvoyant

    /// <summary>The settings of the algorithm, in the order they are shown.</summary>
    member _.Settings = settings

    /// <summary>The command that made the run; null if it was made from code.</summary>
    member _.CommandLine = commandLine

    /// <summary>The application file as it was read; null if the page describes the application in its own words.</summary>
    member _.ApplicationText = applicationText

/// <summary>A run in a comparison.</summary>
/// <remarks>Immutable. Runs are compared with those of the same application, trace and seed: the best of each are marked.</remarks>
/// <param name="name">What to call it, the algorithm for example; not empty. Names of runs of one application, trace and seed differ.</param>
/// <param name="run">The run.</param>
/// <param name="application">What to call the application; null: its name.</param>
/// <param name="trace">What to call what arrives; null: its description, <c>cosine 50k…250k/s</c>.</param>
/// <param name="figures">How good it was, with the clairvoyant's if they were asked for; null: the figures of the run.</param>
/// <exception cref="T:System.ArgumentException">The name is empty.</exception>
[<Sealed>]
type ComparedRun
    (
        name: string,
        run: SimulatedRun,
        [<Optional; DefaultParameterValue(null: string | null)>] application: string | null,
        [<Optional; DefaultParameterValue(null: string | null)>] trace: string | null,
        [<Optional; DefaultParameterValue(null: RunFigures | null)>] figures: RunFigures | null
    ) =

    do
        System.ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof name)
        System.ArgumentNullException.ThrowIfNull(run, nameof run)

    let application = application |> Option.ofObj |> Option.defaultValue run.Application.Name

    let trace =
        trace
        |> Option.ofObj
        |> Option.defaultWith (fun () -> Phrase.load run.Application)

    let figures = figures |> Option.ofObj |> Option.defaultValue run.Figures

    /// <summary>What to call it.</summary>
    member _.Name = name

    /// <summary>The run.</summary>
    member _.Run = run

    /// <summary>What to call the application.</summary>
    member _.Application = application

    /// <summary>What to call what arrives.</summary>
    member _.Trace = trace

    /// <summary>How good it was.</summary>
    member _.Figures = figures
