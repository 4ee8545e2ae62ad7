module Kta.Cli.Tests.LiveRuns.LiveBrowserTests

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

open Kta.Cli.Tests.LiveRuns.LivePages

/// The page of the store in a browser.
let tests =
    let page =
        lazy
            (let folder = Directory.CreateTempSubdirectory("kta-").FullName

             try
                 let file = Path.Combine(folder, "kta.db")
                 Stores.eventful file
                 (pageOf folder [ "orders"; "--store"; file; "--lag"; "10s" ]).GetAwaiter().GetResult()
             finally
                 Directory.Delete(folder, true))

    testSequenced (
        testList "kta report in a browser" [
            BrowserTests.inBrowser "a live run works in light and dark, wide and narrow" page (fun browser -> task {
                let duration = (dataOf "data" page.Value).GetProperty("seconds").GetInt32()
                do! BrowserTests.movesAndZooms "11-26 08:00:00: " duration browser
                do! BrowserTests.expectText browser "document.querySelectorAll('#panels .label').length" "3"
                let! _ = browser.Evaluate "document.getElementById('more-panels').click()"
                do! BrowserTests.expectText browser "document.querySelectorAll('#panels .label').length" "5"
                let! rows = browser.Text "document.getElementById('rows').textContent"

                Expect.stringContains
                    rows
                    "ds2 would say source 3, map 11, agg 19"
                    "what the shadow would have done is marked"

                // What happened between decisions leads to its place in the panels.
                let! _ =
                    browser.Evaluate
                        "followed = new Promise(done => addEventListener('hashchange', () => setTimeout(done))); [...document.querySelectorAll('#events tr')].find(row => row.textContent.includes('0.5 → 0.7')).querySelector('a').click(); followed"

                do! BrowserTests.expectText browser "panels.now()" "2400"
                let! csv = browser.Text "csvOfDecisions()"
                let lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                Expect.stringEnds lines[0] "reasons,time,ds2 would say" "head"
                Expect.stringContains lines[1] "2026-11-26T08:01:00" "times"
            })
        ]
    )
