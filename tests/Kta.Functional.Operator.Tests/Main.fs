module Kta.Functional.Operator.Tests.Main

open Expecto
open Kta.Functional.Operator.Tests

let all =
    testList "Kta.Functional.Operator" [
        Policies.PolicyFileTests.tests
        Policies.AnnotationTests.tests
        Policies.PolicyProblemTests.tests
        Policies.PolicyTrapTests.tests
        Policies.PolicyPropertyTests.tests
        Scaling.RecommendingTests.tests
    ]

[<EntryPoint>]
let main args = all |> runTestsWithCLIArgs [] args
