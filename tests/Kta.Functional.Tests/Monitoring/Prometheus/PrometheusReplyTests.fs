/// What Prometheus answers, and what becomes of it.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusReplyTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let private lag = PrometheusQuery(Quantity.Lag, ageless, Node = orders)

let private byTopic = PrometheusQuery(Quantity.Lag, "sum by (topic) (lag) + 0", Label = "topic")

/// What answers such a body: a matrix is the answer to a range.
let private askedFor (body: string) = if body.Contains "matrix" then ranged ageless else lag

let private becomes (number: float) (body: string) =
    testCaseTask $"{number} from {body}"
    <| fun () -> task {
        let! read = read [ askedFor body ] (fun _ -> body)
        // Samples of a matrix are from long ago.
        Expect.equal read.Measured[orders].Lag.LastValue (Nullable number) "the number"
        Expect.isEmpty read.Notes "nothing to note"
    }

let private isAbsent (note: string) (body: string) =
    testCaseTask $"absent, with a note: {body}"
    <| fun () -> task {
        let! read = read [ askedFor body ] (fun _ -> body)
        Expect.equal read.Measured[orders].Lag.State ReadingState.Absent "no number"

        match read.Notes with
        | [ one ] -> Expect.stringEnds one $"`{ageless}` for lag: {note}." "the note"
        | notes -> failtest $"{notes}"
    }

let private isRefused (words: string) (body: string) =
    testCaseTask $"refused: {body}"
    <| fun () -> task {
        let! error = failing [ askedFor body ] (fun _ -> ok body)
        Expect.stringContains error.Message words "what is wrong with it"
        Expect.equal (error.Query, error.Status) ($"`{ageless}`", Nullable 200) "what was asked, and the status"
    }

let private shapes =
    testList "of the documented shapes" [
        becomes 5. (single "5")
        becomes 1.2e-7 (single "1.2e-07")
        becomes 1e30 (single "1e+30")
        becomes 0. (single "-0")
        becomes 7. (vector [ """{"__name__":"lag","topic":"ä"}""", "7" ])
        becomes 3.25 (success "scalar" """[1435781430.781,"3.25"]""")
        becomes 3. (matrix [ "{}", [ 1., "2"; 2., "4" ] ])
        becomes 2. (matrix [ "{}", [ 1., "NaN"; 2., "2"; 3., "+Inf" ] ])
        becomes
            5.
            """{"infos":[],"warnings":null,"status":"success","isPartial":false,"new":{"a":[1]},"data":{"stats":{"x":1},"result":[{"value":[1,"5"],"metric":{},"x":1}],"resultType":"vector"}}"""
        isAbsent "no data" (vector [])
        isAbsent "no data" (matrix [])
        isAbsent "no sample for Deployment/orders" (matrix [ "{}", [] ])
        isAbsent "NaN for Deployment/orders" (single "NaN")
        isAbsent "NaN for Deployment/orders" (success "scalar" """[1,"NaN"]""")
        isAbsent "Infinity for Deployment/orders" (single "+Inf")
        isAbsent "-Infinity for Deployment/orders" (single "-Inf")
        isAbsent "NaN for Deployment/orders" (matrix [ "{}", [ 1., "+Inf"; 2., "NaN" ] ])
        isAbsent "-1 for Deployment/orders, which lag cannot be, in another unit perhaps" (single "-1")
    ]

let private others =
    testList "of other shapes" [
        isRefused "is a string, and no number" (success "string" """[1,"5"]""")
        isRefused "is of the kind \"streams\"" (success "streams" "[]")
        isRefused
            "has native histograms"
            (success "vector" """[{"metric":{},"histogram":[1,{"count":"1","sum":"2"}]}]""")
        isRefused
            "has native histograms"
            (success "matrix" """[{"metric":{},"values":[[1,"5"]],"histograms":[[1,{}]]}]""")

        for value in [ ""; " 5"; "5 "; "0x10"; "1,5"; "1_0"; "five"; "Infinity"; "nan"; "∞"; "1e999"; "5\\u0000"; "٥" ] do
            isRefused "which is no number" (single value)

        isRefused "has a number as the value of a sample" (success "vector" """[{"metric":{},"value":[1,5]}]""")
        isRefused "has null as the value of a sample" (success "vector" """[{"metric":{},"value":[1,null]}]""")
        isRefused "has a string as the time of a sample" (success "vector" """[{"metric":{},"value":["1","5"]}]""")
        isRefused "no pair of time and value" (success "vector" """[{"metric":{},"value":[1,"5","6"]}]""")
        isRefused "no pair of time and value" (success "matrix" """[{"metric":{},"values":["5"]}]""")
        isRefused "has a time that is out of range" (success "vector" """[{"metric":{},"value":[1e999,"5"]}]""")
        isRefused "not in the order of time" (success "matrix" """[{"metric":{},"values":[[2,"5"],[1,"6"]]}]""")
        isRefused "has no value" (success "vector" """[{"metric":{},"values":[[1,"5"]]}]""")
        isRefused "has no metric" (success "vector" """[{"value":[1,"5"]}]""")
        isRefused "has a number where a series should be" (success "vector" "[5]")
        isRefused "has an object as result: expected a list" (success "vector" "{}")
        isRefused
            "has the label a twice, or with a number"
            (success "vector" """[{"metric":{"a":5},"value":[1,"5"]}]""")
        isRefused "has no data" """{"status":"success"}"""
        isRefused "has no resultType" """{"status":"success","data":{"result":[]}}"""
        isRefused "has no status" "{}"
        isRefused "has the status \"partial\"" """{"status":"partial","data":{"resultType":"vector","result":[]}}"""
        isRefused "is a list where an object with status should be" "[]"
        isRefused "no Unicode" (success "vector" """[{"metric":{"a":"\ud800"},"value":[1,"5"]}]""")
        isRefused "no whole JSON" (single("5").Substring(0, 60))
        isRefused "no whole JSON" (single "5" + "x")
        isRefused "no whole JSON" (success "vector" """[{"metric":{},"value":[1,NaN]}]""")
        isRefused "no whole JSON" (success "vector" """[{"metric":{},"value":[1,"5"],"value":[1,"6"]}]""")
        isRefused
            "a name that is no Unicode"
            """{"status":"success","\ud800":1,"data":{"resultType":"vector","result":[]}}"""
        isRefused "no Unicode" (success "vector" """[{"metric":{"a\ud800":"x"},"value":[1,"5"]}]""")

        testCaseTask "refused: a matrix, where no range was asked for"
        <| fun () -> task {
            let! error = failing [ lag ] (fun _ -> ok (matrix [ "{}", [ 1., "10"; 61., "1000" ] ]))

            Expect.stringContains
                error.Message
                "with a range vector: many samples of each series"
                "what is wrong with it"

            Expect.stringContains error.Remedy "such as avg_over_time" "what to do"
        }

        isRefused "but with HTML" "<!doctype html><title>Sign in</title>"
        isRefused "but with nothing" ""
    ]

let private several =
    testList "of several series" [
        testCaseTask "for one node is refused, and the labels are told in which they differ"
        <| fun () -> task {
            let body =
                vector [
                    """{"job":"k","partition":"0","instance":"a"}""", "5"
                    """{"job":"k","partition":"1","instance":"a"}""", "NaN"
                    """{"job":"k","partition":"2"}""", "NaN"
                ]

            let! error = failing [ lag ] (fun _ -> ok body)

            Expect.stringContains
                error.Message
                "has 3 series for Deployment/orders where one is needed, which differ in instance (\"a\", \"\") and partition (\"0\", \"1\", \"2\")."
                "the labels"

            Expect.stringContains error.Remedy "Sum the series" "what to do"
        }

        testCaseTask "for one node is refused, too, when they have the same labels"
        <| fun () -> task {
            let! error = failing [ lag ] (fun _ -> ok (vector [ "{}", "5"; "{}", "5" ]))

            Expect.stringContains
                error.Message
                "has 2 series for Deployment/orders where one is needed, with the same labels"
                "twice"
        }

        testCaseTask "for all nodes gives each node its own"
        <| fun () -> task {
            let! read =
                read [ byTopic ] (fun _ ->
                    vector [ """{"topic":"mails"}""", "2"; """{"topic":"else"}""", "9"; """{"topic":"orders"}""", "1" ])

            Expect.equal read.Measured[orders].Lag.Value (Nullable 1.) "orders"
            Expect.equal read.Measured[mails].Lag.Value (Nullable 2.) "mails"
            Expect.equal (read.Measured.Nodes.Count, read.Notes) (2, []) "nothing else"
        }

        testCaseTask "for all nodes with two of the same node is refused, also when all but one are NaN"
        <| fun () -> task {
            let! error =
                failing [ byTopic ] (fun _ ->
                    ok (
                        vector [
                            """{"topic":"orders","partition":"0"}""", "1"
                            """{"topic":"orders","partition":"1"}""", "NaN"
                        ]
                    ))

            Expect.stringContains error.Message "has 2 series for Deployment/orders" "the node"
            Expect.stringContains error.Message "partition (\"0\", \"1\")" "the label"
        }

        testCaseTask "for all nodes without the label is refused, and the labels that are there are told"
        <| fun () -> task {
            let! error = failing [ byTopic ] (fun _ -> ok (vector [ """{"task":"a","job":"b"}""", "1" ]))
            Expect.stringContains error.Message "has no label topic, but job, task" "the labels"
        }

        testCaseTask "for all nodes of which some have no label: they are left out, with a note"
        <| fun () -> task {
            let! read = read [ byTopic ] (fun _ -> vector [ "{}", "7"; """{"topic":"orders"}""", "1" ])

            Expect.equal read.Measured[orders].Lag.Value (Nullable 1.) "orders"
            Expect.stringContains (List.exactlyOne read.Notes) "1 of 2 series have no label topic" "the note"
        }

        testCaseTask "for all nodes among which is none: both sides' names are told"
        <| fun () -> task {
            let! read = read [ byTopic ] (fun _ -> vector [ """{"topic":"Orders"}""", "1" ])
            Expect.isEmpty read.Measured.Nodes "nothing"

            Expect.stringContains
                (List.exactlyOne read.Notes)
                "no node among what topic is (Orders): they are called orders, mails"
                "the note"
        }

        testCaseTask "for all nodes of which one is missing: a note for what every node has, none for what sources have"
        <| fun () -> task {
            let of' quantity = PrometheusQuery(quantity, ageless, Label = "topic")

            let! read =
                read [ of' Quantity.Busy; of' Quantity.Lag; of' Quantity.Partitions ] (fun _ ->
                    vector [ """{"topic":"orders"}""", "1" ])

            Expect.stringEnds
                (List.exactlyOne read.Notes)
                "for busy: no series for Deployment/mails, where topic would be \"mails\"."
                "the note"
        }

        testCaseTask "a scalar for all nodes is refused"
        <| fun () -> task {
            let! error = failing [ byTopic ] (fun _ -> ok (success "scalar" """[1,"5"]"""))
            Expect.stringContains error.Message "has no label topic, and no other" "it belongs to nobody"
        }
    ]

let tests = testList "An answer of Prometheus" [ shapes; others; several ]
