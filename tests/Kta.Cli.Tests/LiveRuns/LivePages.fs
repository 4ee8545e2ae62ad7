/// Pages of live runs, and what is in them.
module Kta.Cli.Tests.LiveRuns.LivePages

open System
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Operator
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Cli.Tests.Reports
open Kta.Cli.Tests.Reports.ReportTests
open Kta.Cli.Tests.Tool
open Kta.Cli.Tests.LiveRuns

/// The page that a command writes.
let pageOf (folder: string) (arguments: string list) : Task<string> = task {
    let page = Path.Combine(folder, "page.html")
    let! outcome = run ("report" :: arguments @ [ "--out"; page ])
    Expect.equal outcome.Code 0 outcome.Notes
    Expect.stringContains outcome.Output $"report: {page} (" "where it is"
    return File.ReadAllText page
}

let inStore (work: string -> string -> Task<unit>) =
    inFolder (fun folder -> task {
        let file = Path.Combine(folder, "kta.db")
        Stores.eventful file
        do! work folder file
    })

let has (page: string) (text: string) =
    Expect.isTrue (page.Contains(text, StringComparison.Ordinal)) $"the page has: {text}"

let list (name: string) (data: JsonElement) = [ for one in (data.GetProperty name).EnumerateArray() -> one ]

let kinds (data: JsonElement) = list "events" data |> List.map (fun one -> string (one[2].GetString()))

let figure (name: string) (page: string) = figuresOf page |> List.find (fst >> (=) name) |> snd

/// Times a shadow was asked, and times it said the number of the plan.
let agreement (iterations: seq<SimulatedIteration>) =
    let said = [
        for one in iterations do
            for node in (nonNull one.Explanation).Nodes do
                for reason in node.Reasons do
                    let text = string reason

                    if text.StartsWith "Shadow: ds2 would say " then
                        text = $"Shadow: ds2 would say {one.Plan[node.Node]}"
    ]

    float (said |> List.filter id |> List.length) / float said.Length

let failsWith (arguments: string list) (code: int) (expected: string) = task {
    let! outcome = run ("report" :: arguments)
    Expect.equal outcome.Code code $"{arguments}: {outcome.Notes}"
    Expect.stringContains outcome.Notes expected "the message"
    Expect.equal outcome.Output "" "no result"
}
