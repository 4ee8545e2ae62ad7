module Kta.Cli.Tests.Main

open Expecto
open Kta.Functional.Tests.Project
open Kta.Cli.Tests

[<EntryPoint>]
let main args =
    testList "Kta.Cli" [
        testList "The recorded public surface is the real one" [ PublicSurface.check "Kta.Functional.Reports" ]
        Reports.ReportTests.tests
        Reports.ComparisonTests.tests
        Reports.BrowserTests.tests
    ]
    |> runTestsWithCLIArgs [] args
