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
        Measurements.LenientTests.tests
        Model.HistoryTests.tests
        Model.SharedHistoryTests.tests
        Contexts.ContextTests.tests
        Classes.ClassStyleTests.tests
        StepRunnerTests.tests
        Codecs.CodecTests.tests
        Codecs.LossTests.tests
        Codecs.NamedShapeTests.tests
        Codecs.ShapeTests.tests
        Codecs.SchemaTests.tests
        Codecs.SchemaShapeTests.tests
        AlgorithmTests.tests
        ResultTypeTests.tests
        Algorithms.DummyTests.tests
        Algorithms.VectorTests.tests
        Algorithms.Ds2Tests.tests
        Algorithms.FlinkAutoscalerTests.tests
        Algorithms.FlinkLimitTests.tests
        Algorithms.HpaTests.tests
        Algorithms.HpaPropertyTests.tests
        Algorithms.KafkaLagTests.tests
        Algorithms.DhalionTests.tests
        Algorithms.VargaTests.tests
        Algorithms.BreakEvenTests.tests
        Algorithms.PidTests.tests
        Algorithms.MmcTests.tests
        Algorithms.ContTuneTests.tests
        Algorithms.CpuThresholdsTests.tests
        Algorithms.RuleTests.tests
        Algorithms.RuleContextTests.tests
        Algorithms.RulePropertyTests.tests
        Algorithms.MissingDataTests.tests
        Algorithms.StrategyPropertyTests.tests
        Algorithms.PreparationPropertyTests.tests
        Algorithms.StrategyTests.tests
        Algorithms.BentAlgorithmTests.tests
        Algorithms.StrategyKindTests.tests
        Algorithms.NamedRuleTests.tests
        Algorithms.OwnFunctionTests.tests
        Algorithms.AutoscalerTests.tests
        Http.ExplainingTests.tests
        Wire.PropertyTests.tests
        Wire.MutationTests.tests
        Wire.DuplicateTests.tests
        Http.ConformanceTests.tests
        Http.FailureTests.tests
        Http.SlowStepTests.tests
        Http.AbandonedStepTests.tests
        Http.BlockedStepTests.tests
        Http.LimitTests.tests
        Http.AdmissionTests.tests
        Http.MemoryTests.tests
        Http.HandoverTests.tests
        Endurance.SoakTests.tests
        Http.AttackTests.tests
        Http.WireTests.tests
        Http.MiddlewareTests.tests
        Http.MappedTests.tests
        Http.UnpackingTests.tests
        Http.SettingsTests.tests
        Http.SecurityTests.tests
        Http.StoppingTests.tests
        Http.EnvironmentTests.tests
        Http.OwnEndpointsTests.tests
        Http.HostingTests.tests
        Http.EmbeddingTests.tests
        Telemetry.ContractTests.tests
        Telemetry.MeasurementTests.tests
        Telemetry.RefusalTests.tests
        Telemetry.SpanTests.tests
        Telemetry.CostTests.tests
        Telemetry.OpenTelemetryTests.tests
        Telemetry.SampleTests.tests
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
        Simulation.ExplainedLoopTests.tests
        Simulation.UnreachableTests.tests
        Simulation.FluidModelTests.tests
        Simulation.SimulatedApplicationTests.tests
        Simulation.RestartTests.tests
        Simulation.ApplicationOptionTests.tests
        Simulation.TraceTests.tests
        Simulation.TraceTimeTests.tests
        Simulation.RecordedLoadTests.tests
        Simulation.SimulationSnippets.tests
        Simulation.PolicyTests.tests
        Simulation.ValueLoopTests.tests
        Simulation.RecordedLoopTests.tests
        Simulation.FitTests.tests
        Files.ApplicationWriterTests.tests
        Simulation.FigureTests.tests
        Simulation.SanityTests.tests
        Simulation.StoryTests.tests
        Simulation.UnpublishedRuleTests.tests
        Simulation.ClairvoyantTests.tests
        Simulation.ExpectationTests.tests
        Files.ApplicationFileTests.tests
        Files.FileProblemTests.tests
        FSharp.AlgorithmExpressionTests.tests
        FSharp.PartialAlgorithmTests.tests
        FSharp.TypedHistoryTests.tests
        FSharp.PlanModuleTests.tests
        FSharp.ResultTests.tests
        FSharp.ServingTests.tests
        FSharp.TestingSnippets.tests
        FSharp.MeasurementsModuleTests.tests
        FSharp.ServingSnippets.tests
        FSharp.MonitorSnippets.tests
        Monitoring.Prometheus.PrometheusSnippets.tests
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
        Monitoring.MonitorsTests.tests
        Monitoring.KafkaMonitorTests.tests
        Monitoring.KafkaArrivalTests.tests
        Monitoring.KafkaFailureTests.tests
        Monitoring.KafkaOptionTests.tests
        Monitoring.KafkaPropertyTests.tests
        Monitoring.KafkaServedTests.tests
        Monitoring.KafkaClusterTests.tests
        Monitoring.Prometheus.PrometheusReplyTests.tests
        Monitoring.Prometheus.PrometheusRemarkTests.tests
        Monitoring.Prometheus.PrometheusFaultTests.tests
        Monitoring.Prometheus.PrometheusNameTests.tests
        Monitoring.Prometheus.PrometheusQueryTests.tests
        Monitoring.Prometheus.PrometheusAgeTests.tests
        Monitoring.Prometheus.PrometheusSetTests.tests
        Monitoring.Prometheus.PrometheusPropertyTests.tests
        Monitoring.Prometheus.RealPrometheusSetTests.tests
        Monitoring.FlinkMonitorTests.tests
        Monitoring.FlinkJobTests.tests
        Monitoring.FlinkRestartTests.tests
        Monitoring.ServerTests.tests
        Monitoring.ServerConnectionTests.tests
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
        Project.ArchitectureTests.tests
        Project.PublicApiTests.tests
        Project.Samples.tests
        Project.NativeTests.tests
        Project.ManifestTests.tests
        Project.SymptomTests.tests
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

[<EntryPoint>]
let main args =
    (if isNull Project.CultureTests.asked then
         all
     else
         ofText |> Test.filter "." (isLong >> not))
    |> runTestsWithCLIArgs [] args
