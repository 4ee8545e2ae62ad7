/// How the names of nodes come into expressions.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusNameTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let private named (name: string) : TopologyNode = ScaleTargetRef("Deployment", name)

let private asked (query: PrometheusQuery) (nodes: TopologyNode list) = task {
    let! read = readAs id (Topology.Of(List.toArray nodes)) [ query ] (fun _ -> ok (vector []))
    return read.Asked |> List.map expressionOf |> List.sort
}

let private asks (expression: string) (name: string) (expected: string) =
    testCaseTask $"{expression} for {name}"
    <| fun () -> task {
        let! found = asked (PrometheusQuery(Quantity.Lag, expression)) [ named name ]
        Expect.equal found [ expected ] "with the name in it"
    }

let tests =
    testList "The name of a node in an expression of Prometheus" [
        asks """lag{topic="{node}"}""" "orders" """lag{topic="orders"}"""
        asks """lag{topic='{node}'}""" "o'b" """lag{topic='o\'b'}"""
        asks """lag{topic="{node}"}""" "a\"b\\c" """lag{topic="a\"b\\c"}"""
        asks "lag{topic=`{node}`}" "a\"b\\c" "lag{topic=`a\"b\\c`}"
        asks """lag{topic="x-{node}-{node}"}""" "o" """lag{topic="x-o-o"}"""
        asks """lag{pod=~"{node}-.+"}""" "a.b" """lag{pod=~"a\\.b-.+"}"""
        asks """lag{pod !~ '{node}'}""" "a.b" """lag{pod !~ 'a\\.b'}"""
        asks "lag{pod=~`{node}`}" "a.b+c" "lag{pod=~`a\\.b\\+c`}"
        asks """lag{a="=~",topic="{node}"}""" "a.b" """lag{a="=~",topic="a.b"}"""
        asks """lag{a="\"",topic="{node}"} # it's "so""" "o" """lag{a="\"",topic="o"} # it's "so"""
        asks """lag{topic="{node}"} + b{topic!="{node}"}""" "o" """lag{topic="o"} + b{topic!="o"}"""
        asks
            """label_replace(a, "b", "$1", "c", "({node})-.*")"""
            "a.b"
            """label_replace(a, "b", "$1", "c", "(a\\.b)-.*")"""
        asks
            """label_replace(rate(a{x="{node}",y="z"}[1m]), "b", "{node}", "", "")"""
            "a.b$1"
            """label_replace(rate(a{x="a.b$1",y="z"}[1m]), "b", "a.b$$1", "", "")"""
        asks """LABEL_MATCH(a, "b", "{node}")""" "a.b" """LABEL_MATCH(a, "b", "a\\.b")"""
        asks """label_join(a, "b", "{node}", "c", "{node}")""" "a.b" """label_join(a, "b", "a.b", "c", "a.b")"""

        testCaseTask
            "is the id of a Flink vertex, the name of a Deployment, or what the options say; two may be called the same"
        <| fun () -> task {
            let vertex: TopologyNode = TopologyNode.Flink "bc76"
            let query = PrometheusQuery(Quantity.Lag, "a{b=\"{node}\"}", Names = dict' [ mails, "here" ])

            let! read =
                readAs
                    (fun options ->
                        PrometheusMonitorOptions(
                            options.Server,
                            options.Queries,
                            Names = dict' [ orders, "x"; mails, "x" ]
                        ))
                    (Topology.Of(vertex, orders, mails))
                    [ query; PrometheusQuery(Quantity.Busy, "busy + 0", Label = "b") ]
                    (fun request ->
                        ok (
                            if expressionOf request = "busy + 0" then
                                vector [ """{"b":"x"}""", "0.5" ]
                            else
                                vector []
                        ))

            Expect.equal
                (read.Asked |> List.map expressionOf |> set)
                (set [ "a{b=\"bc76\"}"; "a{b=\"x\"}"; "a{b=\"here\"}"; "busy + 0" ])
                "asked"

            Expect.equal
                [ for node in [ vertex; orders; mails ] -> read.Measured[node].Busy.Value ]
                [ Nullable(); Nullable 0.5; Nullable 0.5 ]
                "both that are called x"
        }

        testCaseTask "with a backtick cannot stand in backticks"
        <| fun () -> task {
            let! failure =
                failureOf<MonitoringException, _>(fun () ->
                    asked (PrometheusQuery(Quantity.Lag, "a{b=`{node}`}")) [ named "o`b" ])

            Expect.stringContains failure.Remedy "use double quotes" "what to do"
        }
    ]
