module Kta.Cli.Tests.LiveRuns.HistoryTests

open System
open System.IO
open System.Text.Json.Nodes
open Expecto
open Kta.Cli
open Kta.Functional.Operator
open Kta.Cli.Tests.Tool
open Kta.Cli.Tests.LiveRuns

let private inStore (work: string -> Threading.Tasks.Task<unit>) =
    inFolder (fun folder -> task {
        let file = Path.Combine(folder, "kta.db")
        Stores.eventful file
        do! work file
    })

let private json (output: string) = nonNull (JsonNode.Parse output)

let private member' (name: string) (node: JsonNode) = nonNull node[name]

let private items (name: string) (node: JsonNode) = (member' name node).AsArray() |> Seq.map nonNull |> List.ofSeq

let private text (name: string) (node: JsonNode) = string node[name]

let tests =
    testList "kta history" [
        testTask "shows what was decided, why, and what came of it, with what happened between" {
            do!
                inStore (fun file -> task {
                    let! outcome = run [ "history"; file ]
                    Expect.equal outcome.Code 0 outcome.Notes
                    let run = Stores.shadowed.Value
                    Expect.stringContains outcome.Output "shop/orders" "the policy"
                    Expect.stringContains outcome.Output "local times with their offset from UTC" "which times"

                    let change = run.Changes |> Seq.find (fun change -> change.At > TimeSpan.FromMinutes 30.0)

                    let node = change.To.Keys |> Seq.find (fun node -> change.From[node] <> change.To[node])
                    let iteration = run.Iterations |> Seq.find (fun one -> one.At = change.At)

                    let why =
                        (nonNull iteration.Explanation).Nodes
                        |> Seq.find (fun one -> one.Node = node)
                        |> fun one -> string one.Reasons[0]

                    let row =
                        outcome.Output.Split '\n'
                        |> Array.find (fun line ->
                            line.Contains(Moment.Text(Stores.at change.At)) && line.Contains $" {node} ")

                    Expect.stringContains row $"{change.From[node]} → {change.To[node]}" "from and to"
                    Expect.stringContains row "sent" "what scaling came to"
                    Expect.stringContains row (why.Substring(0, 30)) "the first reason"
                    Expect.isFalse (outcome.Output.Contains "Shadow:") "only the first one"
                    Expect.stringContains outcome.Output "could not be reached: Connection refused" "failures"
                    Expect.stringContains outcome.Output "settings.growth 0.5 → 0.7" "settings"
                    Expect.stringContains outcome.Output "it took 30 s" "rescales"
                    Expect.stringContains outcome.Output "403: allow patch" "why scaling failed"
                })
        }

        testTask "shows all reasons and all decisions to who asks for them" {
            do!
                inStore (fun file -> task {
                    let! brief = run [ "history"; file; "orders" ]
                    let! all = run [ "history"; file; "orders"; "--all" ]
                    let! whole = run [ "history"; file; "orders"; "--why"; "--all" ]
                    Expect.stringContains whole.Output "Shadow: ds2 would say" "all reasons"

                    Expect.stringContains
                        brief.Output
                        "that changed nothing left out: --all shows them"
                        "what is left out"

                    Expect.stringContains all.Output " kept " "all decisions"

                    Expect.stringContains
                        whole.Output
                        " keeps 25 "
                        "and what was said about nodes that keep what they have"
                })
        }

        testTask "keeps to a stretch of time, and to the newest" {
            do!
                inStore (fun file -> task {
                    let! outcome =
                        run [
                            "history"
                            file
                            "--from"
                            "2026-11-26T08:20Z"
                            "--to"
                            "2026-11-26T08:30:00Z"
                            "--json"
                        ]

                    let policy = json outcome.Output |> items "policies" |> List.exactlyOne
                    Expect.hasLength (items "failures" policy) 1 "the failure"
                    Expect.isEmpty (items "settings" policy) "no settings"

                    let! outcome = run [ "history"; file; "--last"; "3"; "--json" ]
                    let policy = json outcome.Output |> items "policies" |> List.exactlyOne
                    let ids = items "decisions" policy |> List.map (text "id")

                    Expect.equal
                        ids
                        (Stores.shadowed.Value.Iterations
                         |> Seq.map _.Iteration.Id
                         |> List.ofSeq
                         |> List.rev
                         |> List.truncate 3
                         |> List.rev)
                        "the newest"

                    let newest = items "decisions" policy |> List.last

                    let ofMap = newest |> member' "scaling" |> member' "nodes" |> member' "map"
                    Expect.equal (text "outcome" ofMap) "failed" "scaling"

                    let! outcome = run [ "history"; file; "--last"; "2" ]
                    Expect.stringContains outcome.Output "earlier ones: --last shows more" "what is left out"
                })
        }

        testTask "lists the policies where there are several, or has all of them as JSON" {
            do!
                inStore (fun file -> task {
                    using (KnowledgeStore.Open file) (fun store ->
                        store.AddFailure("shop/payments", Stores.minute 5.0, "plan answered 500")
                        store.AddFailure("test/orders", Stores.minute 5.0, "plan answered 500"))

                    let! outcome = run [ "history"; file ]

                    for name in [ "shop/orders"; "shop/payments"; "test/orders"; "Name one of them" ] do
                        Expect.stringContains outcome.Output name "the list"

                    let! outcome = run [ "history"; file; "--json" ]

                    Expect.equal
                        (json outcome.Output |> items "policies" |> List.map (text "policy"))
                        [ "shop/orders"; "shop/payments"; "test/orders" ]
                        "all"

                    let! outcome = run [ "history"; file; "payments" ]
                    Expect.stringContains outcome.Output "plan answered 500" "a name is enough"
                    let! outcome = run [ "history"; file; "orders" ]
                    Expect.equal outcome.Code 1 "not where two have it"
                    Expect.stringContains outcome.Notes "say shop/orders or test/orders" "which"
                    let! outcome = run [ "history"; file; "paiments" ]
                    Expect.stringContains outcome.Notes "holds no policy 'paiments', did you mean payments?" "unknown"
                })
        }

        testTask "reads a store that is being written" {
            do!
                inStore (fun file -> task {
                    use store = KnowledgeStore.Open file
                    let! before = run [ "history"; file; "--json" ]
                    store.AddFailure("shop/orders", Stores.minute 61.0, "just now")
                    let! after = run [ "history"; file; "--json" ]
                    Expect.isFalse (before.Output.Contains "just now") "before"
                    Expect.stringContains after.Output "just now" "after"
                })
        }

        testTask "says what is wrong with what it is asked for" {
            do!
                inStore (fun file -> task {
                    for arguments, code, expected in
                        [
                            [ file + ".none" ], 1, "There is no knowledge store"
                            [ sample "orders.yaml" ], 1, "is no knowledge store: it is not a SQLite database"
                            [ file; "--from"; "2027-01-01" ], 1, "holds nothing of shop/orders from 2027-01-01"
                            [ file; "--from"; "yesterday" ], 2, "--from yesterday: expected a time such as"
                            [ file; "--from"; "5/6" ], 2, "expected a time such as"
                            [ file; "--from"; "09:00"; "--to"; "08:00" ], 2, "is after --to"
                            [ file; "--last"; "0" ], 2, "--last has to be at least 1"
                        ] do
                        let! outcome = run ("history" :: arguments)
                        Expect.equal outcome.Code code $"{arguments}: {outcome.Notes}"
                        Expect.stringContains outcome.Notes expected "the message"
                        Expect.equal outcome.Output "" "no result"
                })
        }
    ]
