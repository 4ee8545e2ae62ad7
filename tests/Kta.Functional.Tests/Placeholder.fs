module Kta.Functional.Tests.Placeholder

open Expecto

[<EntryPoint>]
let main args =
    runTestsWithCLIArgs [] args (testList "Kta.Functional" [ testCase "builds" (fun () -> Expect.isTrue true "") ])
