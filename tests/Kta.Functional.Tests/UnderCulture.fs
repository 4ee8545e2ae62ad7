/// The tests of a process under another culture.
module Kta.Functional.Tests.UnderCulture

open Expecto

/// What makes and reads text.
let private ofText =
    testList "Kta.Functional" [
        Project.CultureTests.proof
        Project.CultureTests.messages
        Model.TopologyNodeTests.tests
        Model.TopologyTests.tests
        Model.PlanTests.tests
        Model.ParallelismTests.tests
        Model.HistoryTests.tests
        Model.SharedHistoryTests.tests
        Contexts.ContextTests.tests
        Codecs.CodecTests.tests
        Codecs.LossTests.tests
        Codecs.NamedShapeTests.tests
        Codecs.ShapeTests.tests
        AlgorithmTests.tests
        ResultTypeTests.tests
        Algorithms.DummyTests.tests
        Wire.PropertyTests.tests
        Wire.MutationTests.tests
        Wire.OperatorTests.tests
        Http.ConformanceTests.tests
        Http.FailureTests.tests
        Simulation.LocalOperatorTests.tests
        Simulation.LocalOperatorFailureTests.tests
        Simulation.SimulatedApplicationTests.tests
        Simulation.TraceTests.tests
        Simulation.TraceTimeTests.tests
        Simulation.RecordedLoadTests.tests
        Files.ApplicationFileTests.tests
        Files.FileProblemTests.tests
        FSharp.AlgorithmExpressionTests.tests
        FSharp.TypedHistoryTests.tests
        FSharp.PlanModuleTests.tests
        FSharp.ResultTests.tests
        Recording.CallRecordTests.tests
        Recording.ReadingTests.tests
        Recording.CompletenessTests.tests
        Recording.ClosedLoopTests.tests
        Recording.ReplayTests.tests
        Recording.ReplayComparisonTests.tests
    ]

/// Tests that say the same thousands of times: where signs and digits differ, the first of these times would show it.
let private isLong (names: string list) =
    let last = List.last names

    List.exists (fun (words: string) -> last.Contains words) [
        "of 10,000 calls"
        "of a type made at random"
        "is answered or refused with the place"
    ]

let tests = ofText |> Test.filter "." (isLong >> not)
