module Kta.Functional.Tests.Main

open Expecto

[<EntryPoint>]
let main args =
    testList "Kta.Functional" [ Http.ConformanceTests.tests; Http.FailureTests.tests; Http.WireTests.tests; Http.HostingTests.tests ]
    |> runTestsWithCLIArgs [] args
