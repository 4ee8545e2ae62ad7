module Kta.Cli.Tests.Main

open Expecto
open Kta.Functional.Tests.Project
open Kta.Cli.Tests

let all =
    testList "Kta.Cli" [
        testList "The recorded public surface is the real one" [ PublicSurface.check "Kta.Functional.Reports" ]
        Reports.ReportTests.tests
        Reports.ComparisonTests.tests
        Reports.BrowserTests.tests
        ServedPageTests.tests
        SimulateTests.tests
        LiveViewTests.tests
        SweepTests.tests
        FitTests.tests
        UsageTests.tests
        FlinkFaceTests.tests
        FlinkMetricsTests.tests
        FlinkRescaleTests.tests
        FlinkRequestTests.tests
        FlinkStateTests.tests
        InitTests.tests
        CheckReplyTests.tests
        CheckTests.tests
        CheckBackendTests.tests
        PrometheusFileTests.tests
        FlinkStateFileTests.tests
        KafkaFileTests.tests
        FlinkDecisionTests.tests
        FlinkDriverTests.tests
        ServedMonitorTests.tests
        RunTests.tests
        RunProcessTests.tests
        RunTableTests.tests
        CircleTests.tests
        KilledRunTests.tests
        ClusterRunTests.tests
        LeadingRunTests.tests
        LiveRuns.HistoryTests.tests
        LiveRuns.LiveReportTests.tests
        LiveRuns.RecordedReportTests.tests
        LiveRuns.LiveBrowserTests.tests
        DocsTests.tests
    ]

[<EntryPoint>]
let main args = all |> runTestsWithCLIArgs [] args
