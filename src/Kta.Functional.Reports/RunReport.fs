namespace Kta.Functional.Reports

open System
open System.Collections.Generic
open System.IO
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open Kta.Functional.Simulation

/// <summary>Writes a run as one HTML page that a colleague understands: how good it was, what happened when, why, and how to repeat it.</summary>
/// <remarks>
/// The page is one file of about 4 MB that asks nothing of any host. The same run and details give the same page on the same version.
/// </remarks>
/// <example>
/// <code>
/// var run = await Simulator.RunAsync(orders, Autoscaler.Create(BreakEven.Rule()));
/// run.WriteReport("report.html");
/// </code>
/// </example>
[<AbstractClass; Sealed; Extension>]
type RunReport =

    /// <summary>Writes the page.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="details">Yardsticks, and what is needed to repeat the run; null: the run alone.</param>
    /// <exception cref="T:System.IO.IOException">The file cannot be written, its folder is not there for example.</exception>
    [<Extension>]
    static member WriteReport
        (
            run: SimulatedRun,
            path: string,
            [<Optional; DefaultParameterValue(null: ReportDetails | null)>] details: ReportDetails | null
        ) : unit =
        ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof path)
        File.WriteAllText(path, RunReport.ToHtml(run, details))

    /// <summary>The page as text.</summary>
    /// <param name="run">The run.</param>
    /// <param name="details">Yardsticks, and what is needed to repeat the run; null: the run alone.</param>
    static member ToHtml
        (
            run: SimulatedRun,
            [<Optional; DefaultParameterValue(null: ReportDetails | null)>] details: ReportDetails | null
        ) : string =
        ArgumentNullException.ThrowIfNull(run, nameof run)

        details
        |> Option.ofObj
        |> Option.defaultWith ReportDetails
        |> RunPage.create run

/// <summary>Writes several runs side by side as one HTML page: who is best at what, the front, and what happened when.</summary>
/// <remarks>The page is one file that asks nothing of any host.</remarks>
[<AbstractClass; Sealed>]
type ComparisonReport =

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="title">The headline.</param>
    /// <param name="runs">The runs in the order they are shown, at least one.</param>
    /// <param name="front">What a policy could do that knew the load in advance, from <see cref="M:Kta.Functional.Simulation.ClairvoyantOptimum.Front"/>
    /// for each application that is compared; null: no such line is drawn.</param>
    /// <param name="commandLine">The command that made the runs; null: they were made from code.</param>
    /// <exception cref="T:System.IO.IOException">The file cannot be written, its folder is not there for example.</exception>
    /// <exception cref="T:System.ArgumentException">There is no run.</exception>
    static member Write
        (
            path: string,
            title: string,
            runs: IEnumerable<ComparedRun>,
            [<Optional; DefaultParameterValue(null: IEnumerable<ClairvoyantOptimum> | null)>] front:
                IEnumerable<ClairvoyantOptimum> | null,
            [<Optional; DefaultParameterValue(null: string | null)>] commandLine: string | null
        ) : unit =
        ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof path)
        File.WriteAllText(path, ComparisonReport.ToHtml(title, runs, front, commandLine))

    /// <summary>The page as text.</summary>
    /// <param name="title">The headline.</param>
    /// <param name="runs">The runs in the order they are shown, at least one.</param>
    /// <param name="front">What a policy could do that knew the load in advance; null: no such line is drawn.</param>
    /// <param name="commandLine">The command that made the runs; null: they were made from code.</param>
    /// <exception cref="T:System.ArgumentException">There is no run.</exception>
    static member ToHtml
        (
            title: string,
            runs: IEnumerable<ComparedRun>,
            [<Optional; DefaultParameterValue(null: IEnumerable<ClairvoyantOptimum> | null)>] front:
                IEnumerable<ClairvoyantOptimum> | null,
            [<Optional; DefaultParameterValue(null: string | null)>] commandLine: string | null
        ) : string =
        ArgumentException.ThrowIfNullOrWhiteSpace(title, nameof title)
        ArgumentNullException.ThrowIfNull(runs, nameof runs)
        let runs = List.ofSeq runs

        if runs.IsEmpty then
            raise (ArgumentException("A comparison needs at least one run.", nameof runs))

        let front = front |> Option.ofObj |> Option.map List.ofSeq |> Option.defaultValue []
        ComparisonPage.create title runs front commandLine

/// <summary>Runs as pages, from F#.</summary>
/// <example><code>run |> Report.write "report.html"</code></example>
[<RequireQualifiedAccess>]
module Report =

    /// <summary>Writes a run as one HTML page.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:System.IO.IOException">The file cannot be written.</exception>
    let write (path: string) (run: SimulatedRun) : unit = RunReport.WriteReport(run, path)

    /// <summary>The same with yardsticks, and what is needed to repeat the run.</summary>
    /// <param name="details">For example <c>ReportDetails(commandLine = "kta simulate orders.yaml")</c>.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:System.IO.IOException">The file cannot be written.</exception>
    let writeWith (details: ReportDetails) (path: string) (run: SimulatedRun) : unit =
        RunReport.WriteReport(run, path, details)

    /// <summary>Writes several runs side by side as one HTML page.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="title">The headline.</param>
    /// <param name="front">What a policy could do that knew the load in advance, for each application; may be empty.</param>
    /// <param name="runs">The runs in the order they are shown, at least one.</param>
    /// <exception cref="T:System.IO.IOException">The file cannot be written.</exception>
    /// <exception cref="T:System.ArgumentException">There is no run.</exception>
    let writeComparison
        (path: string)
        (title: string)
        (front: ClairvoyantOptimum list)
        (runs: ComparedRun list)
        : unit =
        ComparisonReport.Write(path, title, runs, front)
