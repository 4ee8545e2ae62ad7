module Kta.Functional.Tests.Main

open Expecto

[<EntryPoint>]
let main args =
    testList "Kta.Functional" [ Http.ConformanceTests.tests ]
    |> runTestsWithCLIArgs [] args
