module Kta.Functional.Operator.Tests.Main

open Expecto
open Kta.Functional.Operator.Tests

let all = testList "Kta.Functional.Operator" [ Scaling.RecommendingTests.tests ]

[<EntryPoint>]
let main args = all |> runTestsWithCLIArgs [] args
