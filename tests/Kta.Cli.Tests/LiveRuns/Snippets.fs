/// What docs/live-runs.md shows in F#.
module Kta.Cli.Tests.LiveRuns.Snippets

open System
open Kta.Functional.Operator

let read () =
    use store = KnowledgeStore.OpenForReading "kta.db"

    for iteration in store.Read("shop/orders", from = DateTimeOffset.Now.AddHours -1.0) do
        printfn $"{iteration.EndedAt:u} {iteration.Explanation}"
