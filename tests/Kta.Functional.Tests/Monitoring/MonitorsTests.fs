/// Monitors made of monitors, and how a server is reached.
module Kta.Functional.Tests.Monitoring.MonitorsTests

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem

let source: TopologyNode = TopologyNode.Flink "source"
let map: TopologyNode = TopologyNode.Flink "map"
let job = Topology.Of(source, map)
let start = DateTimeOffset.UnixEpoch

/// A monitor that answers always the same.
type private Fixed(answer: MonitoringContext -> Measurements) =
    inherit TopologyMonitor()
    member val IsDisposed = false with get, set
    override _.ReadCoreAsync(context, _) = task { return answer context }

    override this.Dispose(disposing: bool) =
        this.IsDisposed <- true
        base.Dispose disposing

let private fixedTo (node: TopologyNode) (numbers: NodeMeasurements) (name: string) =
    new Fixed(fun _ -> Measurements.Of(struct (node, numbers)).From name)

let private readWith (context: MonitoringContext) (monitor: TopologyMonitor) =
    monitor.ReadAsync(context, CancellationToken.None)

let private readNow monitor = readWith (MonitoringContext(job, start)) monitor

let private failing (what: string) =
    new Fixed(fun _ ->
        raise (
            MonitoringException("Flink at http://f", $"GET /{what}", "was answered 500.", "See its log.", Nullable 500)
        ))

let private merging =
    testList "merged monitors" [
        testCaseTask "take from each what it knows, and every reading knows its source"
        <| fun () -> task {
            use merged =
                Monitors.Merge(
                    fixedTo source (NodeMeasurements(Busy = 0.5, RecordsIn = 10)) "flink",
                    fixedTo source (NodeMeasurements(ArrivalRate = 12)) "kafka"
                )

            let! measured = readNow merged
            let numbers = measured[source]
            let sourceOf (reading: Reading) = (nonNull reading.Source).Name
            Expect.equal (sourceOf numbers.Busy, sourceOf numbers.ArrivalRate) ("flink", "kafka") "their names"
            Expect.equal numbers.RecordsIn.Value (Nullable 10.) "what one alone knows"
        }

        testCaseTask "fail when one of them fails, with what it says"
        <| fun () -> task {
            use merged = Monitors.Merge(fixedTo source (NodeMeasurements(Busy = 0.5)) "flink", failing "jobs")
            let! error = failureOf<MonitoringException, _>(fun () -> readNow merged)
            Expect.equal error.Message "Flink at http://f: GET /jobs was answered 500. See its log." "the whole message"
        }

        testCaseTask "tell all that failed"
        <| fun () -> task {
            use merged = Monitors.Merge(failing "jobs", failing "overview")
            let! error = failureOf<AggregateException, _>(fun () -> readNow merged)
            Expect.stringContains error.Message "GET /jobs " "the first"
            Expect.stringContains error.Message "GET /overview " "the second"
        }

        test "are disposed together" {
            let one, other =
                fixedTo source NodeMeasurements.Nothing "a", fixedTo source NodeMeasurements.Nothing "b"

            Monitors.Merge(one, other.WithArrivals()).Dispose()
            Expect.equal (one.IsDisposed, other.IsDisposed) (true, true) "both"
        }

        test "of nothing are refused" {
            Expect.throwsT<ArgumentException> (fun () -> Monitors.Merge() |> ignore) "none"
        }

        testCaseTask "are the monitor step of any algorithm, with what was measured before"
        <| fun () -> task {
            let seen = List<MonitoringContext>()

            use monitor =
                new Fixed(fun context ->
                    seen.Add context
                    Measurements.ForEach(context.Topology, fun _ -> NodeMeasurements(Busy = 0.9, Parallelism = 2)))

            Expect.equal
                (Autoscaler.Create((fun ctx token -> monitor.MeasureAsync(ctx, token)), Ds2.Rule()).Name)
                "ds2"
                "in one line"

            let before = Measurements.Of(struct (source, NodeMeasurements(Lag = 7)))

            let history = [
                HistoryEntry<Measurements, Proposals>(
                    before,
                    null,
                    Plan.ForEach(job, fun _ -> 1),
                    udfStartTimestampMillis = 1_000L
                )
            ]

            let context = MonitorContext<Measurements, Proposals>(job, history, "b", 61_000L)
            let! measured = monitor.MeasureAsync(context, CancellationToken.None)
            Expect.equal measured[map].Busy.Value (Nullable 0.9) "what it answers"
            let past = nonNull seen[0].Before
            Expect.equal (seen[0].StartedAt - past.StartedAt) (TimeSpan.FromMinutes 1.) "a minute"
            Expect.equal past.Measurements before "what was measured"
        }
    ]

let private arrivals =
    let numbers (lag: float) (parallelism: int) =
        NodeMeasurements(RecordsIn = 100, Lag = lag, Parallelism = parallelism)

    let beforeWith lag parallelism =
        PastMeasurements(start, Measurements.Of(struct (source, numbers lag parallelism)).From "flink")

    let readWithBefore (before: PastMeasurements | null) (now: NodeMeasurements) =
        (fixedTo source now "flink").WithArrivals()
        |> readWith (MonitoringContext(job, start.AddSeconds 60., before))

    testList "arrivals are worked out" [
        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 200
            }
            "from what is taken in and the growth of the lag, and are never negative"
        <| Prop.forAll
            (ArbMap.defaults.ArbFor<PositiveInt * PositiveInt>())
            (fun (PositiveInt before, PositiveInt now) ->
                let measured = (readWithBefore (beforeWith (float before) 2) (numbers (float now) 2)).Result

                let arrivals = measured[source].ArrivalRate

                Expect.floatClose
                    Accuracy.high
                    arrivals.Value.Value
                    (max 0. (100. + float (now - before) / 60.))
                    "their sum"

                Expect.equal (nonNull arrivals.Source).Name "flink" "where from")

        for what, before, now in
            [
                "there was no iteration before", (null: PastMeasurements | null), numbers 7. 2
                "the lag was another system's",
                PastMeasurements(
                    start,
                    (beforeWith 7. 2).Measurements.And((Measurements.Of(struct (source, numbers 7. 2))).From "kafka")
                ),
                numbers 7. 2
                "an instance was added, for a job that stood still took in less than its rate says",
                beforeWith 7. 1,
                numbers 7. 2
                "the lag then was of another monitor, which counts something else",
                PastMeasurements(start, Measurements.Of(struct (source, numbers 7. 2)).From "kafka/0123456789ab"),
                numbers 7. 2
                "the lag was not known then", PastMeasurements(start, Measurements.Nothing), numbers 7. 2
                "the lag is not known now", beforeWith 7. 2, NodeMeasurements(RecordsIn = 100, Parallelism = 2)
                "no time has passed",
                PastMeasurements(start.AddSeconds 60., Measurements.Of(struct (source, numbers 7. 2)).From "flink"),
                numbers 7. 2
            ] do
            testCaseTask $"not when {what}"
            <| fun () -> task {
                let! measured = readWithBefore before now
                Expect.equal measured[source].ArrivalRate Reading.Absent "absent"
            }

        testCaseTask "not when they are measured"
        <| fun () -> task {
            let measuredArrivals = (numbers 900. 2).With(Quantity.ArrivalRate, Reading.op_Implicit 5)
            let! measured = readWithBefore (beforeWith 7. 2) measuredArrivals
            Expect.equal measured[source].ArrivalRate.Value (Nullable 5.) "as measured"
        }
    ]

let private servers =
    testList "the options of a server" [
        test "take user and password out of the address" {
            let options = ServerOptions "https://me:s%40cret@prometheus:9090/prod"

            Expect.equal
                (options.Address.ToString(), options.UserName, options.Password)
                ("https://prometheus:9090/prod/", "me", "s@cret")
                "apart"

            Expect.equal (string options) "https://prometheus:9090/prod/" "no secret in a log"
        }

        for address in
            [
                ""
                "prometheus:9090"
                "ftp://prometheus"
                "http://"
                "http://p/?token=1"
                "http://me:secret@"
                "http://me:secret@p/#x"
            ] do
            test $"refuse '{address}' as an address" {
                let error =
                    Expect.throwsC (fun () -> ServerOptions address |> ignore) (fun error ->
                        error :?> ArgumentException)

                Expect.isFalse (error.Message.Contains "secret") "no secret in the message"
            }
    ]

let tests = testList "Monitors" [ merging; arrivals; servers ]
