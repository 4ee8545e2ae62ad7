/// A run as a page.
module internal Kta.Functional.Reports.RunPage

open Giraffe.ViewEngine
open Kta.Functional.Simulation
open Kta.Functional.Reports.Phrase

let private sentence (run: SimulatedRun) (figures: RunFigures) =
    let application = run.Application
    let nodes = count application.Operators.Count "operator" "operators"
    let late = percent figures.TimeAboveObjective
    let rescales = count figures.Rescales "rescale" "rescales"

    $"{run.Algorithm} scaled {application.Name}, {nodes} under {load application}, for {duration application.RunTime}: "
    + $"it used {fixedTo 1 figures.InstanceHours} instance-hours in {rescales}, "
    + $"and was above the objective ({objective application.Objective}) {late} of the time."

let create (run: SimulatedRun) (details: ReportDetails) =
    let figures = RunFigures.Of(run, details.Clairvoyant)
    let title = $"{run.Application.Name} · {run.Algorithm}"

    Page.create title [] [
        h1 [] [ encodedText title ]
        p [] [ encodedText (sentence run figures) ]
        pre [] [ encodedText (string figures) ]
    ]
