/// What Prometheus remarks about its answers, and which of them count.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusRemarkTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let tests =
    testList "An answer of Prometheus with remarks of the server" [
        let noted (read: Read) = [
            for note in read.Notes -> note.Substring(note.IndexOf("lag: ", StringComparison.Ordinal) + 5)
        ]

        let withRemarks (members: string) =
            readOne ageless $"""{{"status":"success",{members},"data":{{"resultType":"scalar","result":[1,"5"]}}}}"""

        testCaseTask "about the expression: they are noted, and the number counts"
        <| fun () -> task {
            let! read =
                withRemarks
                    """"warnings":["PromQL warning: encountered a mix",5],"infos":["PromQL info: input to histogram_quantile needed to be fixed"],"isPartial":false"""

            Expect.equal read.Measured[orders].Lag.Value (Nullable 5.) "the number"

            Expect.equal
                (noted read)
                [
                    "PromQL warning: encountered a mix."
                    "PromQL info: input to histogram_quantile needed to be fixed."
                ]
                "the notes"
        }

        for said, members in
            [
                [ "receive series from Addr: 10.0.0.1:10901: rpc error: code = Unavailable." ],
                """"warnings":["PromQL warning: x","receive series from Addr: 10.0.0.1:10901: rpc error: code = Unavailable"]"""
                [], """"isPartial":true"""
                [ "remote_read: remote server returned HTTP status 500." ],
                """"warnings":["remote_read: remote server returned HTTP status 500"],"infos":[]"""
            ] do
            testCaseTask $"about a part that is missing: the number is absent, with a note, for {members}"
            <| fun () -> task {
                let! read = withRemarks members
                Expect.equal read.Measured[orders].Lag.State ReadingState.Absent "a part is no sum"

                for one in said do
                    Expect.contains (noted read) one "what the server says"

                Expect.equal
                    (List.last (noted read))
                    "the answer is partial, some of the storage did not answer, and none of its numbers counts."
                    "the note"
            }

        testCaseTask "about counters with names of their own, in the ready-made sets: they are not noted"
        <| fun () -> task {
            let! read =
                withRemarks
                    """"infos":["PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"kafka_topic_partition_current_offset\" (1:20)","PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"mine\" (1:20)"]"""

            match noted read with
            | [ one ] -> Expect.stringContains one "\"mine\"" "only of the user's own"
            | notes -> failtest $"{notes}"
        }
    ]
