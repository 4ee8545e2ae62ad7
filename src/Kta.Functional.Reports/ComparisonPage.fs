/// Runs side by side as a page.
module internal Kta.Functional.Reports.ComparisonPage

open Giraffe.ViewEngine
open Kta.Functional.Simulation

let create (title: string) (runs: ComparedRun list) (_front: ClairvoyantOptimum list) (_commandLine: string | null) =
    Page.create title [] [
        h1 [] [ encodedText title ]
        for one in runs do
            h2 [] [ encodedText $"{one.Name} · {one.Application} · {one.Trace}" ]
            pre [] [ encodedText (string one.Figures) ]
    ]
