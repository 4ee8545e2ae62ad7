/// The metrics of a simulated Flink, and their pitfalls.
module Kta.Cli.Tests.FlinkMetricsTests

open System
open System.Net.Http
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Cli.Tests.Flink

/// What Flink shows of every vertex is what the application has measured.
let private showsWhat (served: Served) (measured: Measurements) (application: Application) = task {
    for one in application.Operators do
        let numbers, id = measured[one.Node], string one.Node

        let isSource = application.Sources.ContainsKey one.Node
        let operator = if isSource then $"Source__{id}." else ""
        let! rate = aggregate served id $"{operator}numRecordsInPerSecond" "sum"
        close rate numbers.RecordsIn.Value.Value $"{id} in"
        let! given = aggregate served id $"{operator}numRecordsOutPerSecond" "sum"
        close given numbers.RecordsOut.Value.Value $"{id} out"
        let! busy = aggregate served id "busyTimeMsPerSecond" "avg"
        close (busy / 1000.0) numbers.Busy.Value.Value $"{id} busy"
        let! blocked = aggregate served id "backPressuredTimeMsPerSecond" "avg"
        close (blocked / 1000.0) numbers.BackPressured.Value.Value $"{id} back-pressured"

        if isSource then
            let! lag = aggregate served id $"{operator}pendingRecords" "sum"
            close lag numbers.Lag.Value.Value $"{id} lag"
}

/// A loop reads once per interval, not before the warm-up after a restart has ended, and rescales now and then.
let private measuresLikeTheLoop (application: Application) (served: Served) = task {
    let mutable twin = SimulatedApplication.Start application
    let mutable pause = application.Interval
    let mutable measurements = 0

    while measurements < 8 do
        served.Pass pause.TotalSeconds
        twin <- twin.Advance pause

        if twin.Time >= twin.WarmAt then
            let struct (measured, next) = twin.Measure()
            twin <- next
            do! showsWhat served measured application
            measurements <- measurements + 1

            if measurements % 2 = 0 then
                let wanted = [ for one in application.Operators -> string one.Node, measurements + 1 ]
                twin <- twin.Rescale(byNode wanted)
                let! status, _ = served.Require [ for id, count in wanted -> id, count, count ]
                Expect.equal status 200 "taken"

        pause <- application.Interval + max TimeSpan.Zero (twin.WarmAt - twin.Time)
}

let tests =
    testList "A simulated Flink has metrics" [
        for kind, application in
            [
                "with noise", shopWith 0.05 0.0 null
                "that may not rescale too often", shopWith 0.0 200.0 null
                "that rescales at checkpoints, and reads again what came after them",
                shopWith 0.0 0.0 (Checkpoints(seconds 45.0, RescaleWaits = true))
            ] do
            testTask $"that are what the loop of a simulation measures of an application {kind}" {
                do! serving application (measuresLikeTheLoop application)
            }

        testTask "listed without get, and one unknown name empties the whole answer" {
            do!
                serving shop (fun served -> task {
                    served.Pass 60.0
                    let path = "/vertices/orders/subtasks/metrics"
                    let! listed = served.InJob path
                    Expect.contains (names listed) "busyTimeMsPerSecond" "a metric of the task"
                    Expect.contains (names listed) "Source__orders.pendingRecords" "one of the operator"
                    let! known = served.InJob $"{path}?get=busyTimeMsPerSecond,idleTimeMsPerSecond"
                    Expect.equal (names known) [ "busyTimeMsPerSecond"; "idleTimeMsPerSecond" ] "known ones"
                    let! unknown = served.InJob $"{path}?get=busyTimeMsPerSecond,busyTime"
                    Expect.equal (unknown.ToJsonString()) "[]" "one that is not"
                    let! mixed = served.InJob $"{path}?get=isBackPressured,busyTimeMsPerSecond&agg=max"
                    Expect.equal (names mixed) [ "busyTimeMsPerSecond" ] "what is no number is left out"
                    let! source = served.InJob $"{path}?get=numRecordsInPerSecond&agg=sum"

                    Expect.equal
                        (source.ToJsonString())
                        """[{"id":"numRecordsInPerSecond","sum":0.0}]"""
                        "a source gets nothing from tasks"

                    let! other = served.InJob "/vertices/nowhere/subtasks/metrics"
                    Expect.equal (other.ToJsonString()) "[]" "no vertex, no metrics"
                })
        }

        testTask "aggregated as asked, over the subtasks that are named, with the hottest apart from the mean" {
            do!
                serving shop (fun served -> task {
                    served.Pass 60.0
                    let path = "/vertices/clicks/subtasks/metrics?get=busyTimeMsPerSecond"
                    let! _ = served.Require [ "orders", 1, 4; "clicks", 1, 4; "join", 1, 8; "sink", 1, 4 ]
                    served.Pass 300.0
                    let! all = served.InJob path
                    close (real [ 0; "max" ] all) (3.0 * real [ 0; "min" ] all) "weights 3, 1, 3, 1"
                    close (real [ 0; "sum" ] all) (4.0 * real [ 0; "avg" ] all) "mean"
                    close (real [ 0; "skew" ] all) 50.0 "each is half the mean away from it"
                    let! some = served.InJob $"{path}&agg=min,max&subtasks=0,2-3"
                    Expect.isFalse ((at [ 0 ] some).AsObject().ContainsKey "avg") "not asked for"
                    let! one = served.InJob $"{path}&agg=avg&subtasks=1"
                    close (real [ 0; "avg" ] one) (real [ 0; "min" ] all) "the second instance"
                    let! status, refused = served.Ask HttpMethod.Get $"{served.Job}{path}&agg=median" ""
                    Expect.equal status 400 "no aggregation"
                    Expect.stringContains (text [ "errors"; 0 ] refused) "(agg) from value \"median\"" "which"
                })
        }

        testTask "of single subtasks, as strings" {
            do!
                serving shop (fun served -> task {
                    served.Pass 60.0
                    let path = "/vertices/orders/metrics"
                    let! listed = served.InJob path
                    Expect.contains (names listed) "0.busyTimeMsPerSecond" "with the subtask in front"
                    let! values = served.InJob $"{path}?get=0.busyTimeMsPerSecond,1.numRecordsOut,7.unknown"
                    Expect.equal (names values) [ "0.busyTimeMsPerSecond"; "1.numRecordsOut" ] "known ones"
                    Expect.isGreaterThan (float (text [ 0; "value" ] values)) 0.0 "a string"
                    let! subtask = served.InJob "/vertices/orders/subtasks/1/metrics?get=busyTimeMsPerSecond"
                    let! same = served.InJob $"{path}?get=1.busyTimeMsPerSecond"
                    Expect.equal (text [ 0; "value" ] subtask) (text [ 0; "value" ] same) "the same"
                })
        }

        testTask "of partitions in the names, each told by the subtask that reads it" {
            do!
                serving shop (fun served -> task {
                    served.Pass 60.0
                    let! listed = served.InJob "/vertices/orders/subtasks/metrics"
                    let name n = $"Source__orders.KafkaSourceReader.topic.orders.partition.{n}.currentOffset"
                    let partitions = names listed |> List.filter (fun name -> name.Contains ".partition.")
                    Expect.equal partitions.Length 6 "six partitions"

                    for n in 0..5 do
                        Expect.contains partitions (name n) "by its number"

                    let! offset = served.InJob $"/vertices/orders/subtasks/metrics?get={name 5}&agg=sum"
                    Expect.isGreaterThan (real [ 0; "sum" ] offset) 0.0 "an offset"
                    let! clicks = served.InJob "/vertices/clicks/subtasks/metrics"
                    Expect.isFalse (names clicks |> List.exists _.Contains(".partition.")) "none are known"
                })
        }

        testTask "under names that have to be escaped" {
            let odd = "a b.c:d,e/f+g&h#i?j@k"

            let application =
                Application(
                    Name = "odd",
                    Operators = [| StreamOperator(odd, ratePerInstance = 10.0) |],
                    Sources = Application.Reading(odd, Trace.Constant 5.0)
                )

            do!
                serving application (fun served -> task {
                    served.Pass 60.0
                    let path = $"/vertices/{Uri.EscapeDataString odd}/subtasks/metrics"
                    let! listed = served.InJob path
                    let pending = names listed |> List.find _.EndsWith(".pendingRecords")

                    Expect.equal
                        pending
                        "Source__a_b_c_d_e/f+g&h#i?j@k.pendingRecords"
                        "blanks, points, colons and commas are not kept"

                    let! value = served.InJob $"{path}?get={Uri.EscapeDataString pending}&agg=sum"

                    Expect.equal
                        (value.ToJsonString())
                        $"""[{{"id":{JsonSerializer.Serialize pending},"sum":0.0}}]"""
                        "found"
                })
        }

        testTask "that are NaN and incomplete until the first interval of new tasks has passed" {
            do!
                serving (chain "young" 900.0) (fun served -> task {
                    served.Pass 5.0

                    let! busy =
                        served.InJob
                            "/vertices/map/subtasks/metrics?get=busyTimeMsPerSecond,numRecordsInPerSecond&agg=avg,sum"

                    Expect.equal (text [ 0; "avg" ] busy) "NaN" "as a string"

                    close
                        (real [ 1; "sum" ] busy)
                        720.0
                        "rates are there from the first second on: nothing had come through in it"

                    let! single = served.InJob "/vertices/map/metrics?get=0.busyTimeMsPerSecond"
                    Expect.equal (text [ 0; "value" ] single) "NaN" "of a subtask"
                    let! details = served.InJob ""

                    Expect.equal
                        (text [ "vertices"; 1; "metrics"; "accumulated-busy-time" ] details)
                        "NaN"
                        "in the job"

                    Expect.isFalse
                        ((at [ "vertices"; 1; "metrics"; "read-records-complete" ] details).GetValue<bool>())
                        "not complete"

                    served.Pass 55.0
                    let! busy = served.InJob "/vertices/map/subtasks/metrics?get=busyTimeMsPerSecond&agg=avg"
                    Expect.isTrue (Double.IsFinite(real [ 0; "avg" ] busy)) "a number"
                })
        }

        test "written as Java writes them" {
            for number, expected in
                [
                    0.0, "0.0"
                    15.0, "15.0"
                    0.1, "0.1"
                    0.001, "0.001"
                    0.00095, "9.5E-4"
                    1234567.0, "1234567.0"
                    1e7, "1.0E7"
                    123456789.25, "1.2345678925E8"
                    -2.5e-10, "-2.5E-10"
                    1e22, "1.0E22"
                    nan, "NaN"
                    infinity, "Infinity"
                ] do
                Expect.equal (JavaNumber.Text number) expected (string number)

                if Double.IsFinite number then
                    Expect.equal (float (JavaNumber.Text number)) number "the same number"
        }
    ]
