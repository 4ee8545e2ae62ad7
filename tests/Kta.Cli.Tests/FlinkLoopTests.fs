/// The monitor of Flink and the simulated Flink, together: what is decided on the one is what is decided in process.
module Kta.Cli.Tests.FlinkLoopTests

open System
open System.Collections.Generic
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Monitoring
open Kta.Functional.Simulation
open Kta.Cli.Tests.Flink

/// A load that goes up and down, so that rules have something to do.
let private busy =
    Application(
        Name = "busy",
        Operators = [|
            StreamOperator("source", ratePerInstance = 50_000.0, Exponent = 0.97, Partitions = 24)
            StreamOperator("map", ratePerInstance = 12_000.0, Exponent = 0.95, Selectivity = 2.0)
            StreamOperator("agg", ratePerInstance = 15_000.0, Exponent = 0.92, Selectivity = 0.1, MaxParallelism = 64)
        |],
        Sources =
            Application.Reading(
                "source",
                Trace.Cosine(mean = 150_000.0, amplitude = 100_000.0, period = TimeSpan.FromHours 1.0)
            ),
        Downtime = seconds 30.0,
        WarmUp = seconds 60.0,
        Interval = seconds 60.0
    )

/// What Flink says of what was measured.
let private asFlinkSays (measured: Measurements) =
    let numbers (node: TopologyNode) =
        [ Quantity.TrueProcessingRate; Quantity.ArrivalRate; Quantity.Cpu ]
        |> List.fold (fun (now: NodeMeasurements) quantity -> now.With(quantity, Reading.Absent)) measured[node]

    Measurements.ForEach(busy.Topology, numbers).WithEdges(Array.ofSeq (measured.EdgesOf busy.Topology))

/// A monitor of an application in this process.
type private Near(read: unit -> Measurements) =
    inherit TopologyMonitor()
    override _.ReadCoreAsync(_, _) = Task.FromResult(read ())

/// A loop of one rule: it measures, decides, remembers.
type private Loop(rule: ScalingRule, monitor: TopologyMonitor) =
    let mutable history: PastIteration list = []

    member _.Decide(at: TimeSpan) = task {
        let startedAt = DateTimeOffset.UnixEpoch + at

        let before =
            history
            |> List.tryHead
            |> Option.map (fun past -> PastMeasurements(past.StartedAt, past.Measurements))

        let! measured =
            monitor.ReadAsync(MonitoringContext(busy.Topology, startedAt, Option.toObj before), CancellationToken.None)

        let plan = rule.Decide(measured, RuleContext(busy.Topology, startedAt, history))

        history <-
            PastIteration(startedAt, measured, dict [ for node in busy.Topology -> node, plan[node] ] |> Dictionary)
            :: history

        return plan, measured
    }

let private sizes (plan: Plan) = [ for node in busy.Topology -> plan[node] ]

let private decidesAlike (name: string) (rule: ScalingRule) = testTask $"{name} decides by it as it does in process" {
    do!
        serving busy (fun served -> task {
            let mutable app = SimulatedApplication.Start busy

            let measure () =
                let struct (measured, next) = app.Measure()
                app <- next
                asFlinkSays measured

            use near = (new Near(measure)).WithArrivals()
            use flink = new FlinkMonitor(served.Face.Address.ToString())
            let inProcess, overHttp = Loop(rule, near), Loop(rule, flink)
            let changes = ref 0

            for _ in 1..60 do
                let until = max app.Time app.WarmAt + busy.Interval
                let passing = until - app.Time
                app <- app.Advance passing
                served.Pass passing.TotalSeconds
                let! planned, _ = inProcess.Decide until
                let! planHere, measured = overHttp.Decide until
                Expect.equal (sizes planHere) (sizes planned) $"at {until}, measured {measured}"

                if sizes planned <> [ for node in busy.Topology -> app.Parallelism[node] ] then
                    incr changes
                    app <- app.Rescale planned

                    let! status, _ = served.Require [ for node in busy.Topology -> string node, 1, planned[node] ]

                    Expect.equal status 200 "accepted"

            Expect.isGreaterThan changes.Value 3 "there was something to decide"
        })
}

let private served: Test = testTask "kta serve --monitor answers the monitor step with its numbers" {
    do!
        serving busy (fun served -> task {
            served.Pass 120.0

            let body =
                """{"id":"a","udfStartTimestampMillis":1,"topology":[{"type":"flinkStreamingGraphNode","fields":"id=map"}],"monitorResult":{},"analyzeResult":{},"resultHistory":[]}"""

            let! status, text =
                Tool.servedMonitor [ "--algorithm"; "ds2"; "--monitor"; $"flink:{served.Face.Address}#busy" ] body

            Expect.equal status 200 text
            Expect.stringContains text "\"name\":\"flink\"" "measurements of Flink"
            Expect.stringContains text "\"recordsIn\":" "with rates"
        })
}

let private refused =
    testList "kta serve refuses" [
        for what, arguments, expected in
            [
                "a source it does not know",
                [ "--monitor"; "jmx:localhost" ],
                "--monitor jmx:localhost: write flink:URL#JOB or prometheus:FILE"
                "a kind without an address",
                [ "--monitor"; "flink" ],
                "--monitor flink: write flink:URL#JOB or prometheus:FILE"
                "an address that is none", [ "--monitor"; "flink:localhost:8081" ], "has to be one with http or https"
                "a monitor for what has its own",
                [ "--algorithm"; "dummy"; "--monitor"; "flink:http://f" ],
                "dummy has a monitor of its own"
            ] do
            testTask what {
                let! (outcome: Tool.Outcome) = Tool.run ("serve" :: arguments)
                Expect.equal outcome.Code 2 "wrong usage"
                Expect.stringContains outcome.Notes expected "what is wrong, and what to write"
            }
    ]

let tests =
    testList "A loop around the simulated Flink" [
        decidesAlike "DS2" (Ds2.Rule())
        decidesAlike "Break-even" (BreakEven.Rule())
        served
        refused
    ]
