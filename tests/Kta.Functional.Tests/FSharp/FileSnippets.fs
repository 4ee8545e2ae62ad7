/// What docs/simulate.md, docs/fit.md and docs/policy-file.md show of files in F#. A test compares.
module Kta.Functional.Tests.FSharp.FileSnippets

open Kta.Functional.Files
open Kta.Functional.Recording
open Kta.Functional.Simulation

let application () =
    let fromFile = (ApplicationFile.Read "orders.yaml").Application
    fromFile

let recorded () =
    let load = RecordedLoad.Of(CallRecording.Read "decisions.jsonl")
    printfn $"{load}"

    load

let fitted (load: RecordedLoad) =
    let fit = ApplicationFit.Of(load.Topologies[0], "orders")
    ApplicationFile.Write(fit.Application, "fitted.yaml", "decisions.jsonl")

let policies () =
    let file = PolicyFile.Read "orders.yaml"

    for note in file.Notes do
        printfn $"{note}"

    for policy in file.Policies do
        printfn $"{policy.FullName}: {policy.Topology} every {policy.Interval}"

let changes (before: KtaPolicy) (after: KtaPolicy) =
    for difference in KtaPolicy.Differences(before, after) do
        printfn $"{difference}" // maxParallelism 8 → 12
