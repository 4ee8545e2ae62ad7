/// What a scale driver and its mistakes do to a simulated Flink.
module Kta.Cli.Tests.FlinkRescaleTests

open System
open System.Net.Http
open System.Text.Json.Nodes
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Cli.Tests.Flink

let tests =
    testList "A simulated Flink rescales like the adaptive scheduler:" [
        testTask "stops its tasks, waits in CREATED with an empty plan, and comes up after the downtime" {
            do!
                serving (chain "rescaled" 900.0) (fun served -> task {
                    served.Pass 60.0
                    let! asked = served.InJob "/resource-requirements"

                    Expect.equal
                        (asked.ToJsonString())
                        """{"source":{"parallelism":{"lowerBound":1,"upperBound":2}},"map":{"parallelism":{"lowerBound":1,"upperBound":3}}}"""
                        "what it was submitted with"

                    let! status, answer = served.Require [ "source", 2, 2; "map", 4, 4 ]
                    Expect.equal (status, answer.ToJsonString()) (200, "{}") "taken"

                    let! details = served.InJob ""
                    Expect.equal (text [ "state" ] details) "RESTARTING" "at once"
                    Expect.equal (whole [ "vertices"; 1; "tasks"; "RUNNING" ] details) 0L "no task runs"
                    Expect.equal (whole [ "vertices"; 1; "tasks"; "CANCELING" ] details) 3L "they are being stopped"

                    for path in [ "/vertices/map/subtasks/metrics"; "/vertices/map/metrics?get=0.busyTimeMsPerSecond" ] do
                        let! none = served.InJob path
                        Expect.equal (none.ToJsonString()) "[]" path

                    served.Pass 15.0
                    let! details = served.InJob ""
                    Expect.equal (text [ "state" ] details) "CREATED" "then"
                    Expect.isEmpty (items (at [ "plan"; "nodes" ] details)) "no plan"
                    Expect.equal (whole [ "vertices"; 1; "parallelism" ] details) 3L "as it was submitted"
                    Expect.equal (whole [ "vertices"; 1; "start-time" ] details) -1L "no tasks"

                    served.Pass 14.0
                    let! jobs = served.Get "/jobs"
                    Expect.equal (text [ "jobs"; 0; "status" ] jobs) "CREATED" "until the downtime is over"

                    served.Pass 1.0
                    let! details = served.InJob ""
                    Expect.equal (text [ "state" ] details) "RUNNING" "then it runs"
                    Expect.equal (whole [ "vertices"; 1; "tasks"; "RUNNING" ] details) 4L "with what it was asked for"
                    let! vertex = served.InJob "/vertices/map"
                    Expect.equal (whole [ "subtasks"; 3; "attempt" ] vertex) 1L "the second attempt"
                    Expect.equal (whole [ "subtasks"; 3; "start-time" ] vertex) (whole [ "now" ] details) "just now"
                    let! lag = aggregate served "source" "Source__source.pendingRecords" "sum"
                    Expect.equal lag (30.0 * 900.0) "what has come meanwhile waits"
                })
        }

        testTask "takes new numbers into a restart that is under way, without another downtime" {
            do!
                serving (chain "changed" 900.0) (fun served -> task {
                    served.Pass 60.0
                    let! _ = served.Require [ "source", 1, 2; "map", 1, 4 ]
                    served.Pass 20.0
                    let! _ = served.Require [ "source", 1, 2; "map", 1, 5 ]
                    served.Pass 10.0
                    let! details = served.InJob ""
                    Expect.equal (text [ "state" ] details) "RUNNING" "up"
                    Expect.equal (whole [ "vertices"; 1; "parallelism" ] details) 5L "the newer number"
                })
        }

        testTask "does not stop its tasks twice when slots go away before they are back" {
            do!
                serving (chain "unlucky" 900.0) (fun served -> task {
                    served.Pass 60.0
                    let! _ = served.Require [ "source", 4, 4; "map", 4, 4 ]
                    served.Pass 20.0
                    let! _ = served.Ask HttpMethod.Put "/kta/slots" """{"slots":2}"""
                    let! details = served.InJob ""
                    Expect.equal (text [ "state" ] details) "CREATED" "it waits, as before"
                })
        }

        testTask "remembers its rescales as 2.3 does" {
            do!
                serving (chain "remembered" 900.0) (fun served -> task {
                    served.Pass 60.0
                    let! _ = served.Require [ "source", 1, 2; "map", 1, 4 ]
                    let! _ = served.Require [ "source", 1, 2; "map", 1, 4 ]
                    let! overview = served.InJob "/rescales/overview"
                    Expect.equal (whole [ "rescalesCounts"; "inProgress" ] overview) 1L "the same again is nothing new"
                    served.Pass 100.0
                    let! _ = served.Require [ "source", 2, 2; "map", 1, 4 ]
                    let! history = served.InJob "/rescales/history"

                    Expect.equal
                        [
                            for one in items history ->
                                text [ "triggerCause" ] one,
                                text [ "terminalState" ] one,
                                text [ "terminatedReason" ] one
                        ]
                        [
                            "INITIAL_SCHEDULE", "COMPLETED", "SUCCEEDED"
                            "UPDATE_REQUIREMENT", "COMPLETED", "SUCCEEDED"
                            "UPDATE_REQUIREMENT", "IGNORED", "NO_RESOURCES_OR_PARALLELISMS_CHANGE"
                        ]
                        "oldest first"

                    let! overview = served.InJob "/rescales/overview"
                    Expect.equal (whole [ "rescalesCounts"; "completed" ] overview) 2L "completed"
                    Expect.equal (whole [ "rescalesCounts"; "ignored" ] overview) 1L "ignored"
                    let id = text [ "latest"; "completed"; "rescaleUuid" ] overview
                    Expect.equal id (text [ 1; "rescaleUuid" ] history) "the latest"
                    let! details = served.InJob $"/rescales/details/{id}"
                    let map = at [ "vertices"; "map" ] details

                    Expect.equal
                        (whole [ "preRescaleParallelism" ] map, whole [ "postRescaleParallelism" ] map)
                        (3L, 4L)
                        "from, to"

                    let spent =
                        items (at [ "schedulerStates" ] details)
                        |> List.map (fun span -> text [ "state" ] span, whole [ "durationInMillis" ] span)

                    Expect.equal
                        spent
                        [ "Executing", 0L; "Restarting", 15_000L; "CreatingExecutionGraph", 15_000L ]
                        "where the downtime went"

                    let! summary = served.InJob "/rescales/summary"

                    Expect.equal
                        (whole [ "completedRescalesDurationStatsInMillis"; "max" ] summary)
                        30_000L
                        "the downtime"

                    let! config = served.InJob "/rescales/config"
                    Expect.equal (whole [ "rescaleHistoryMax" ] config) 100L "kept"
                    let! status, _ = served.Ask HttpMethod.Get $"{served.Job}/rescales/details/{String('0', 32)}" ""
                    Expect.equal status 404 "no such rescale"
                })
        }

        testTask
            "goes on as it is when its least cannot be met, until the slots are there; with fewer slots than that it waits" {
            let application = chain "crowded" 900.0
            let! (served: Served) = start application (fun clock -> FlinkFaceOptions(Clock = clock, Slots = 3))

            let parallelism () = task {
                let! details = served.InJob ""
                return text [ "state" ] details, whole [ "vertices"; 1; "tasks"; "RUNNING" ] details
            }

            let slots (count: int) = task {
                let! status, _ = served.Ask HttpMethod.Put "/kta/slots" $"""{{"slots":{count}}}"""
                Expect.equal status 200 "slots"
            }

            served.Pass 60.0
            let! _ = served.Require [ "source", 1, 5; "map", 1, 5 ]
            served.Pass 30.0
            let! now = parallelism ()
            Expect.equal now ("RUNNING", 3L) "as many as there are slots, which three share"
            let! overview = served.Get "/overview"
            Expect.equal (whole [ "slots-available" ] overview) 0L "all are used"

            let! _ = served.Require [ "source", 5, 5; "map", 5, 5 ]
            served.Pass 600.0
            let! now = parallelism ()
            Expect.equal now ("RUNNING", 3L) "it goes on"
            let! rescales = served.InJob "/rescales/overview"
            Expect.equal (whole [ "rescalesCounts"; "inProgress" ] rescales) 1L "and the request waits"

            do! slots 5
            let! now = parallelism ()
            Expect.equal now ("RESTARTING", 0L) "now there are enough"
            served.Pass 30.0
            let! now = parallelism ()
            Expect.equal now ("RUNNING", 5L) "for all"

            do! slots 4
            let! now = parallelism ()
            Expect.equal now ("RESTARTING", 0L) "a task manager is gone"
            served.Pass 3600.0
            let! now = parallelism ()
            Expect.equal now ("CREATED", 0L) "it waits for slots"
            let! history = served.InJob "/rescales/history"
            let last = items history |> List.last
            Expect.equal (text [ "triggerCause" ] last) "RECOVERABLE_FAILOVER" "why"
            Expect.isNull last["terminalState"] "still under way"

            let! _ = served.Require [ "source", 1, 4; "map", 1, 4 ]
            served.Pass 30.0
            let! now = parallelism ()
            Expect.equal now ("RUNNING", 4L) "with less it starts"
            let! lag = aggregate served "source" "Source__source.pendingRecords" "sum"
            Expect.equal lag (3660.0 * 900.0) "and all that has come in both restarts waits"
            do! (served :> IAsyncDisposable).DisposeAsync()
        }

        testTask "a rescale that waits for a checkpoint runs on until then" {
            let application =
                Application(
                    Name = "patient",
                    Operators = [| StreamOperator("source", ratePerInstance = 1000.0) |],
                    Sources = Application.Reading("source", Trace.Constant 900.0),
                    Checkpoints = Checkpoints(seconds 100.0, RescaleWaits = true)
                )

            do!
                serving application (fun served -> task {
                    served.Pass 60.0
                    let! _ = served.Require [ "source", 1, 2 ]
                    served.Pass 39.0
                    let! jobs = served.Get "/jobs"
                    Expect.equal (text [ "jobs"; 0; "status" ] jobs) "RUNNING" "not yet"
                    served.Pass 2.0
                    let! jobs = served.Get "/jobs"
                    Expect.equal (text [ "jobs"; 0; "status" ] jobs) "RESTARTING" "now"
                    served.Pass 29.0
                    let! details = served.InJob ""
                    Expect.equal (text [ "state" ] details) "RUNNING" "30 s after the checkpoint"
                    Expect.equal (whole [ "vertices"; 0; "parallelism" ] details) 2L "rescaled"
                })
        }
    ]
