module Kta.Functional.Tests.Main

open Expecto

let private all =
    testList "Kta.Functional" [
        Model.TopologyNodeTests.tests
        Model.TopologyTests.tests
        Model.PlanTests.tests
        Model.ParallelismTests.tests
        Model.ReasonTests.tests
        Measurements.MeasurementsTests.tests
        Measurements.WireTests.tests
        Model.HistoryTests.tests
        Model.SharedHistoryTests.tests
        Contexts.ContextTests.tests
        Compatibility.ClassStyleTests.tests
        Hosting.StepRunnerTests.tests
        Hosting.InPlaceTests.tests
        Hosting.PaceTests.tests
        Codecs.CodecTests.tests
        Codecs.LossTests.tests
        Codecs.NamedShapeTests.tests
        Codecs.ShapeTests.tests
        AlgorithmTests.tests
        ResultTypeTests.tests
        Algorithms.DummyTests.tests
        Algorithms.VectorTests.tests
        Algorithms.Ds2Tests.tests
        Algorithms.HpaTests.tests
        Algorithms.BreakEvenTests.tests
        Algorithms.RuleTests.tests
        Algorithms.MissingDataTests.tests
        Wire.PropertyTests.tests
        Wire.MutationTests.tests
        Wire.DuplicateTests.tests
        Http.ConformanceTests.tests
        Http.FailureTests.tests
        Http.SlowStepTests.tests
        Http.HeldUpTests.tests
        Http.GivenUpTests.tests
        Http.LimitTests.tests
        Http.PlacesTests.tests
        Http.MemoryTests.tests
        Http.HandoverTests.tests
        Endurance.SoakTests.tests
        Http.AttackTests.tests
        Http.WireTests.tests
        Http.MiddlewareTests.tests
        Http.UnpackingTests.tests
        Http.SettingsTests.tests
        Http.StoppingTests.tests
        Http.EnvironmentTests.tests
        Http.OwnEndpointsTests.tests
        Http.HostingTests.tests
        Http.EmbeddingTests.tests
        Http.AnsweringTests.tests
        Wire.OperatorTests.tests
        Statelessness.CreationTests.tests
        Statelessness.AskTwiceTests.tests
        Simulation.AskTwiceInLoopTests.tests
        Http.AskedBesideTests.tests
        Http.AskedBesideOptionTests.tests
        Simulation.LocalOperatorTests.tests
        Simulation.LocalOperatorFailureTests.tests
        Simulation.OverHttpTests.tests
        Simulation.UnreachableTests.tests
        FSharp.AlgorithmExpressionTests.tests
        FSharp.PartialAlgorithmTests.tests
        FSharp.TypedHistoryTests.tests
        FSharp.PlanModuleTests.tests
        FSharp.ResultTests.tests
        FSharp.ServingTests.tests
        FSharp.TestingSnippets.tests
        testList "The analyzers" [
            Analyzers.StateTests.tests
            Analyzers.MutableMemberTests.tests
            Analyzers.KeptContextTests.tests
            Analyzers.ReplayTests.tests
            Analyzers.ReadingTests.tests
            Analyzers.BlockingTests.tests
            Analyzers.StaticLambdaTests.tests
            Analyzers.ResultTypeTests.tests
            Analyzers.TokenTests.tests
            Analyzers.PlanTests.tests
            Analyzers.CountTests.tests
            Analyzers.LegitimatePrograms.tests
            Analyzers.OrdinaryPrograms.tests
            Analyzers.WholeRepositoryTests.tests
            Analyzers.DescriptorTests.tests
            Analyzers.RightProgramsTests.tests
        ]
        Recording.CallRecordTests.tests
        Recording.ReadingTests.tests
        Recording.RecorderTests.tests
        Recording.FilesTests.tests
        Recording.DisturbedFileTests.tests
        Recording.DiskTests.tests
        Recording.CompletenessTests.tests
        Recording.ClosedLoopTests.tests
        Recording.ReplayTests.tests
        Recording.ReplayComparisonTests.tests
        Recording.HttpRecordingTests.tests
        Recording.RecordedTroubleTests.tests
        Recording.KilledProcessTests.tests
        Statelessness.ProgramTests.tests
        Project.RepositoryTests.tests
        Project.PublicApiTests.tests
        Project.Samples.tests
        Project.NativeTests.tests
        Project.ManifestTests.tests
        Project.DocsTests.tests
        Project.CultureTests.tests
    ]

/// What makes and reads text, for a process under another culture.
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

[<EntryPoint>]
let main args =
    (if isNull Project.CultureTests.asked then all else ofText)
    |> runTestsWithCLIArgs [] args
