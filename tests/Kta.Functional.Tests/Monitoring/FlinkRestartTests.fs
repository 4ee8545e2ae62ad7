/// What the monitor of Flink leaves out while a job settles, and what sources of other kinds say.
module Kta.Functional.Tests.Monitoring.FlinkRestartTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Tests.Monitoring.FlinkReading

let private runningFor (seconds: int64) = {
    orders with
        RunningSince = orders.Now - seconds * 1000L
}

let private settling =
    testList "after a restart" [
        testCaseTask "rates are left out for a minute, by which Flink divides them from the first second on"
        <| fun () -> task {
            let! measured, notes = read [ runningFor 31L ]
            let numbers = measured[source]
            Expect.equal (numbers.RecordsIn, numbers.RecordsOut) (Reading.Absent, Reading.Absent) "not whole yet"
            Expect.equal (value numbers.Busy, value numbers.Lag) (Some 0.7005, Some 5000.) "what is not divided"
            Expect.stringContains (List.exactlyOne notes) "has run for less than a minute" "said"
            let! later, none = read [ runningFor 60L ]
            Expect.equal (value later[source].RecordsIn, none) (Some 120., []) "whole"
        }

        testCaseTask "everything is left out at first, for it may be from before"
        <| fun () -> task {
            let! measured, _ = read [ runningFor 5L ]
            let numbers = measured[source]
            Expect.equal (numbers.Busy, numbers.Lag) (Reading.Absent, Reading.Absent) "old, perhaps"
            Expect.equal (value numbers.Parallelism) (Some 2.) "what the job itself says"
        }

        for state in [ "INITIALIZING"; "DEPLOYING"; "FINISHED" ] do
            testCaseTask $"a vertex that is {state} has no numbers, whatever Flink still shows"
            <| fun () -> task {
                let! measured, notes = read [ orders |> change "map" (fun one -> { one with Status = Some state }) ]
                Expect.equal (measured[map].RecordsIn, measured[map].Busy) (Reading.Absent, Reading.Absent) "none"
                Expect.equal (value measured[source].RecordsIn) (Some 120.) "the other has"
                Expect.stringContains (List.exactlyOne notes) $"Map (map) is {state}" "said"
            }

        testCaseTask "a job manager whose clock went back does not say what arrived"
        <| fun () -> task {
            let before =
                PastMeasurements(
                    start.AddSeconds -60.,
                    Measurements
                        .Of(
                            struct (source, NodeMeasurements(RecordsIn = 1, Lag = 4400, Parallelism = 2)),
                            struct (map, NodeMeasurements(Parallelism = 3))
                        )
                        .From(
                            MeasurementSource(
                                "flink",
                                At = DateTimeOffset.FromUnixTimeMilliseconds(orders.Now - 60_000L)
                            )
                        )
                )

            let! measured, _ = readWith id (MonitoringContext(job, start, before)) (answer [ runningFor -30L ])

            Expect.equal measured[source].ArrivalRate Reading.Absent "nobody knows whether it restarted"
            Expect.equal (value measured[source].RecordsIn) (Some 120.) "what it takes in"
        }
    ]

let private kinds =
    let withSource name (taken: string) (given: string) =
        withMetric $"Source__{name}.numRecordsInPerSecond" (all taken)
        >> withMetric $"Source__{name}.numRecordsOutPerSecond" (all given)

    testList "a source" [
        for what, vertex, withMore, expected in
            [
                "that does not count what it reads is taken by what it gives out",
                "source",
                withSource "Kafka" "0.0" "5000.0",
                Some 5000.
                "that reads nothing takes in nothing, a real 0", "source", withSource "Kafka" "0.0" "0.0", Some 0.
                "of one kind beside one of the other is counted each by its own",
                "source",
                withSource "Gen" "0.0" "7000.0",
                Some 7120.
                "chained into a vertex that others feed is added to what they send",
                "map",
                withSource "Side" "700.0" "700.0",
                Some 780.
                "that says -1 makes no sum smaller", "map", withSource "Side" "-1" "-1", None
            ] do
            testCaseTask what
            <| fun () -> task {
                let! measured, _ = read [ orders |> change vertex withMore ]
                let taken = measured[TopologyNode.Flink vertex].RecordsIn
                Expect.equal (value taken, Option.ofNullable taken.LastValue) (expected, expected) "records in"
            }

        testCaseTask "without pendingRecords has no lag, and that is said"
        <| fun () -> task {
            let quiet = [ orders |> change "source" (withoutMetric "Source__Kafka.pendingRecords") ]
            let! measured, notes = read quiet
            Expect.equal measured[source].Lag Reading.Absent "not known"
            Expect.stringContains (List.exactlyOne notes) "has no metric pendingRecords" "said"

            let assume (options: FlinkMonitorOptions) =
                FlinkMonitorOptions(Server = options.Server, Job = options.Job, MissingLagIsNone = true)

            let! assumed, _ = readWith assume context (answer quiet)
            Expect.equal (value assumed[source].Lag) (Some 0.) "as one has asked for"
        }
    ]

let tests = testList "Flink monitor and its job" [ settling; kinds ]
