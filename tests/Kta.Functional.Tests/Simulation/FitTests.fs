/// Applications found in what was recorded of them.
module Kta.Functional.Tests.Simulation.FitTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Simulation.Applications

let private hourly = Trace.Cosine(150_000.0, 100_000.0, TimeSpan.FromHours 1.0)

/// Two sources, one of which feeds two operators that are joined again, and ids in another order than the edges.
let private diamond =
    Application(
        Operators = [|
            StreamOperator("a", 5_000.0, Exponent = 0.9)
            StreamOperator("b", 3_000.0, Selectivity = 0.5)
            StreamOperator("z", 2_000.0, Exponent = 0.95, Selectivity = 3.0)
            StreamOperator("m", 1_000.0, Exponent = 0.97, Selectivity = 0.7)
            StreamOperator("c", 9_000.0, Exponent = 0.93, Selectivity = 0.1)
        |],
        Edges = [|
            for from, into in [ "a", "z"; "a", "m"; "b", "m"; "z", "c"; "m", "c" ] -> TopologyEdge(node from, node into)
        |],
        Sources =
            traces [
                "a", Trace.Cosine(20_000.0, 15_000.0, TimeSpan.FromHours 1.0)
                "b", Trace.Cosine(6_000.0, 3_000.0, TimeSpan.FromMinutes 40.0)
            ],
        Duration = Nullable(TimeSpan.FromHours 3.0)
    )

let private fitted (rule: string) (application: Application) : Task<ApplicationFit> = task {
    use folder = new Folder()
    let path = folder.File "decisions.jsonl"

    let! _ = task {
        use recorder = new CallRecorder(path)
        return! Simulator.RunAsync(application, Autoscaler.ByName rule, LocalOperatorOptions(Record = recorder))
    }

    return ApplicationFit.Of(Seq.exactlyOne (RecordedLoad.Of(CallRecording.Read path)).Topologies)
}

let private near (tolerance: float) (expected: float) (actual: float) message =
    Expect.isLessThanOrEqual (abs (actual - expected)) tolerance $"{message}: expected {expected}, found {actual}"

let private operatorsAre (application: Application) (fit: ApplicationFit) =
    Expect.hasLength fit.Operators application.Operators.Count "operators"

    for expected in application.Operators do
        let found = fit.Operators |> Seq.find (fun one -> one.Node = expected.Node)
        Expect.isGreaterThan found.Parallelisms.Count 1 $"parallelisms of {found.Node}"
        near (0.03 * expected.RatePerInstance) expected.RatePerInstance found.RatePerInstance $"rate of {found.Node}"
        near 0.03 expected.Exponent found.Exponent $"exponent of {found.Node}"
        near (0.02 * expected.Selectivity) expected.Selectivity found.Selectivity $"selectivity of {found.Node}"
        Expect.equal found.Confidence FitConfidence.High $"confidence in {found.Node}, {List.ofSeq found.Doubts}"

let private timesAre (application: Application) (fit: ApplicationFit) =
    let found = fit.Application
    Expect.equal found.Interval application.Interval "interval"

    near
        application.Interval.TotalSeconds
        application.Downtime.TotalSeconds
        found.Downtime.TotalSeconds
        "downtime within one interval"

    near
        2.0
        (application.Downtime + application.WarmUp).TotalSeconds
        (found.Downtime + found.WarmUp).TotalSeconds
        "downtime and warm-up together"

let private replays (fit: ApplicationFit) =
    for node in fit.Fidelity do
        let share (error: FitError | null) = (nonNull error).Relative |> Option.ofNullable |> Option.get

        Expect.isLessThan (share node.TrueProcessingRate) 0.01 $"error of the true rate of {node.Node}"
        Expect.isLessThan (share node.RecordsIn) 0.05 $"error of the records of {node.Node}"

let private has (text: string) (texts: string seq) message =
    Expect.exists texts (fun found -> found.Contains(text, StringComparison.Ordinal)) $"{message}: {List.ofSeq texts}"

let tests =
    testList "An application fitted to a recording" [
        for rule in [ "break-even"; "ds2"; "hpa" ] do
            testTask $"is the one that was recorded, scaled by {rule}" {
                let application = orders hourly
                let! (fit: ApplicationFit) = fitted rule application
                operatorsAre application fit
                timesAre application fit
                replays fit
                Expect.equal fit.Application.Noise 0.0 "noise"
            }

        testTask "finds a long downtime with a short warm-up" {
            let application =
                Application(
                    Operators = (orders hourly).Operators,
                    Sources = (orders hourly).Sources,
                    Downtime = after 150,
                    WarmUp = after 20,
                    Interval = after 30
                )

            let! (fit: ApplicationFit) = fitted "break-even" application
            operatorsAre application fit
            timesAre application fit
            Expect.equal fit.Rescales.Confidence FitConfidence.High "it shows in the lag"
        }

        testTask "has the sources and edges that were recorded" {
            let! (fit: ApplicationFit) = fitted "break-even" diamond
            operatorsAre diamond fit
            timesAre diamond fit
            replays fit

            Expect.equal
                (set [ for edge in nonNull fit.Application.Edges -> string edge ])
                (set [ for edge in nonNull diamond.Edges -> string edge ])
                "edges"

            Expect.equal [ for one in fit.Application.Sources.Keys -> string one ] [ "a"; "b" ] "sources"
        }

        testTask "says that one parallelism tells no exponent, and no rescale no downtime" {
            let! (fit: ApplicationFit) = fitted "ds2" (orders (Trace.Constant 50_000.0))

            for one in fit.Operators do
                Expect.equal one.Confidence FitConfidence.Low $"{one.Node}"
                Expect.equal (one.Exponent, one.ExponentError) (1.0, Nullable()) "assumed"
                has "an exponent of 1 is assumed" one.Doubts "why"

            Expect.equal fit.Rescales.Count 0 "rescales"
            Expect.equal fit.Rescales.Confidence FitConfidence.Low "downtime"
            has "no rescale was recorded" fit.Rescales.Doubts "why"
        }

        testTask "is as uncertain as the noise makes it, and leaves out what an outage repeats" {
            let application =
                Application(
                    Operators = (orders hourly).Operators,
                    Sources = (orders hourly).Sources,
                    Noise = 0.05,
                    Outages = [| MonitoringOutage(TimeSpan.FromMinutes 30.0, TimeSpan.FromMinutes 10.0) |]
                )

            let! (fit: ApplicationFit) = fitted "break-even" application
            near 0.015 0.05 fit.Application.Noise "the noise itself"

            for expected in application.Operators do
                let found = fit.Operators |> Seq.find (fun one -> one.Node = expected.Node)
                let error = found.RateError.Value
                Expect.isGreaterThan error 0.005 "the rate has an error"

                near
                    (3.0 * error * expected.RatePerInstance)
                    expected.RatePerInstance
                    found.RatePerInstance
                    "three errors"

                near (3.0 * found.ExponentError.Value) expected.Exponent found.Exponent "three errors"

                Expect.equal
                    (found.Confidence = FitConfidence.Low)
                    (error > 0.03 || found.ExponentError.Value > 0.03)
                    "low where errors are large"

            has "Stale or missing 00:29" fit.Notes "the outage"
            has "noisy" fit.Notes "the noise"
        }

        testTask "trusts no operator that was overloaded most of the time" {
            let application =
                Application(
                    Operators = (orders hourly).Operators,
                    Sources = (orders hourly).Sources,
                    Limits = ParallelismLimits(1, 12)
                )

            let! (fit: ApplicationFit) = fitted "break-even" application
            Expect.equal fit.Application.Limits.Max 12 "the limit that cut the plans"
            has "Overloaded" fit.Notes "the stretches"

            for one in fit.Operators do
                Expect.equal one.Confidence FitConfidence.Low $"{one.Node}"
                has "from overloaded stretches" one.Doubts "why"
        }
    ]
