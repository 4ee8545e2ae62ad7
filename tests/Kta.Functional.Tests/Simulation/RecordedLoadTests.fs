/// The arrivals of a recording as traces.
module Kta.Functional.Tests.Simulation.RecordedLoadTests

open System
open System.Collections.Generic
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Simulation.Applications

let private utf8 (text: string) = ReadOnlyMemory(Encoding.UTF8.GetBytes text)

let private nodeOf (id: string) = $$"""{"type":"flinkStreamingGraphNode","fields":"id={{id}}"}"""

let private request (nodes: string list) (second: int) (monitorResult: string) =
    let topology = nodes |> List.map nodeOf |> String.concat ","
    let start = 1_700_000_000_000L + 1_000L * int64 second

    $$"""{"id":"x","udfStartTimestampMillis":{{start}},"topology":[{{topology}}],"monitorResult":{{monitorResult}},"analyzeResult":{},"resultHistory":[]}"""

let private call (step: Step) (status: Nullable<int>) (body: string) =
    RecordedLine(null, 1L, Call = CallRecord(Step = step, Status = status, Request = utf8 body))

let private plan (nodes: string list) (second: int) (monitorResult: string) =
    call Step.Plan (Nullable 200) (request nodes second monitorResult)

let private arrivals (rate: float) =
    $$$$"""{"sources":[{"name":"flink","age":3,"nodes":{"a":{"arrivals":{{{{rate}}}},"parallelism":1}}}]}"""

let private rates (seconds: int list) (trace: Trace) = seconds |> List.map (fun second -> trace.RateAt(after second))

let tests =
    testList "The load of a recording" [
        test "is what arrived, each rate from the measurement before to its own" {
            let load =
                RecordedLoad.Of [
                    plan [ "a"; "b" ] 0 (arrivals 999.0)
                    plan [ "a"; "b" ] 120 (arrivals 30.0)
                    plan [ "a"; "b" ] 60 (arrivals 20.0)
                    plan [ "a"; "b" ] 300 (arrivals 40.0)
                ]

            let recorded = Seq.exactlyOne load.Topologies
            Expect.equal (List.ofSeq recorded.Traces.Keys) [ node "a" ] "only sources have arrivals"
            let trace = recorded.Traces[node "a"]

            Expect.equal
                (rates [ 0; 59; 60; 119; 120; 299; 300 ] trace)
                [ 20.0; 20.0; 30.0; 30.0; 40.0; 40.0; 40.0 ]
                "rates"

            Expect.equal trace.Length (Nullable(after 300)) "as long as the recording"
            Expect.equal recorded.From (DateTimeOffset.FromUnixTimeSeconds 1_700_000_000L) "the beginning"
            Expect.equal (string load) "4 calls of plan used, of 1 topologies." "what was used"
        }

        test "is the same whatever encoding a request came in" {
            let recorded (encoding: Encoding) (second: int) =
                let text = request [ "a" ] second (arrivals 1.0)
                let bytes = Array.append (encoding.GetPreamble()) (encoding.GetBytes text)

                RecordedLine(
                    null,
                    1L,
                    Call = CallRecord(Step = Step.Plan, Status = Nullable 200, Request = ReadOnlyMemory bytes)
                )

            for encoding in [ Encoding.UTF8; Encoding.Unicode; Encoding.BigEndianUnicode ] do
                let load = RecordedLoad.Of [ recorded encoding 0; recorded encoding 60 ]
                Expect.equal (string load) "2 calls of plan used, of 1 topologies." encoding.WebName
        }

        test "is apart for each topology" {
            let load =
                RecordedLoad.Of [
                    plan [ "a" ] 0 (arrivals 1.0)
                    plan [ "a"; "b" ] 0 (arrivals 100.0)
                    plan [ "a" ] 60 (arrivals 2.0)
                    plan [ "a"; "b" ] 30 (arrivals 200.0)
                ]

            Expect.equal
                [ for one in load.Topologies -> one.Topology.Count, one.Traces[node "a"].RateAt TimeSpan.Zero ]
                [ 1, 2.0; 2, 200.0 ]
                "each with its own rates"
        }

        test "fills what is missing with the next rate, or the last one" {
            let without = """{"nodes":{"b":{"arrivals":1}}}"""

            let load =
                RecordedLoad.Of [
                    plan [ "a"; "b" ] 0 without
                    plan [ "a"; "b" ] 60 without
                    plan [ "a"; "b" ] 120 (arrivals 5.0)
                    plan [ "a"; "b" ] 180 without
                ]

            Expect.equal
                (rates [ 0; 100; 150; 179 ] (Seq.exactlyOne load.Topologies).Traces[node "a"])
                [ 5.0; 5.0; 5.0; 5.0 ]
                "rates"
        }

        test "counts and names what is left out" {
            let load =
                RecordedLoad.Of [
                    plan [ "a" ] 0 (arrivals 1.0)
                    plan [ "a" ] 60 (arrivals 2.0)
                    plan [ "a" ] 60 (arrivals 3.0)
                    plan [ "z" ] 60 (arrivals 3.0 |> _.Replace("\"a\"", "\"z\""))
                    call Step.Monitor (Nullable 200) (request [ "a" ] 0 "{}")
                    call Step.Monitor (Nullable 200) (request [ "a" ] 60 "{}")
                    call Step.Analyze (Nullable 200) (request [ "a" ] 0 "{}")
                    call Step.Plan (Nullable 500) (request [ "a" ] 90 (arrivals 4.0))
                    call Step.Plan (Nullable()) (request [ "a" ] 90 (arrivals 4.0))
                    plan [ "a" ] 120 """{"nodes":[]}"""
                    plan [ "a" ] 180 """{"load":7}"""
                    call Step.Plan (Nullable 200) "{}"
                    RecordedLine(null, 2L, Problem = "the line is torn")
                    RecordedLine(null, 3L, Dropped = 17L)
                ]

            Expect.equal load.Used 2 "used"

            Expect.equal
                (Map.ofList [ for left in load.LeftOut -> left.Reason, left.Count ])
                (Map.ofList [
                    "calls the recorder had to drop", 17L
                    "calls of monitor", 2L
                    "calls of analyze", 1L
                    "answered with 500", 1L
                    "calls without an answer", 1L
                    "another call with the same topology and start", 1L
                    "the only call of its topology", 1L
                    "monitor results that are no measurements", 1L
                    "monitor results without an arrival rate", 1L
                    "requests that are not valid", 1L
                    "lines that cannot be read", 1L
                ])
                "left out"

            Expect.stringStarts
                (string load)
                "2 calls of plan used, of 1 topologies.\nLeft out: 17 × calls the recorder had to drop."
                "as text"
        }
    ]
