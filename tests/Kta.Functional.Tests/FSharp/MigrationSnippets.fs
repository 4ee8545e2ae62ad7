/// docs/migrate-from-python.md, asked by Http/MigrationTests what the Python SDK was asked.
module Kta.Functional.Tests.FSharp.MigrationSnippets

open Kta.Functional.FSharp

type Counted = { NumInvocations: int }
type Toggled = { ToggleState: int }

let toggling (threshold: int) (first: int, second: int) = algorithmFor<Counted, Toggled> {
    monitor (fun ctx ->
        let last = History.tryLatest ctx.History |> Option.map _.MonitorResult.NumInvocations

        {
            NumInvocations = 1 + Option.defaultValue 0 last
        })

    analyze (fun ctx ->
        let last =
            History.tryLatest ctx.History
            |> Option.bind _.TryAnalyzeResult
            |> Option.map _.ToggleState

        let state = Option.defaultValue 0 last
        let toggles = ctx.MonitorResult.NumInvocations % threshold = 0

        {
            ToggleState = if toggles then 1 - state else state
        })

    plan (fun ctx ->
        ctx.Topology
        |> Seq.mapi (fun i node ->
            node,
            (if (ctx.AnalyzeResult.ToggleState + i) % 2 = 0 then
                 first
             else
                 second))
        |> Plan.ofSeq)
}
