/// The file of `--monitor prometheus:FILE`.
module Kta.Cli.Tests.PrometheusFileTests

open System
open System.Collections.Generic
open System.IO
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Simulation
open Kta.Cli.Tests.Tool

let private mails: TopologyNode = TopologyNode.Deployment "mails"
let private vertex: TopologyNode = TopologyNode.Flink "bc764cd8ddf7a0cff126f51c16239658"

let private parse (text: string) = PrometheusFile.Parse(text, "p.yaml", Path.GetTempPath())

let private withQueries (queries: string) = parse $"server: http://p:9090\nqueries:\n{queries}"

let private problemsOf (text: string) = problemsIn (fun () -> parse text)

let private says (expected: string list) (text: string) =
    testCase (String.concat "; " expected)
    <| fun () -> Expect.equal (problemsOf text) [ for one in expected -> "p.yaml" + one ] text

let private sayOfQuery (expected: string) (query: string) =
    says [ expected ] $"server: http://p:9090\nqueries:\n  - {query}"

let private sample' = test "the sample says everything" {
    let options = PrometheusFile.Read(Path.Combine(root, "samples", "Monitors", "prometheus.yaml"))
    Expect.equal options.Server.Address (Uri "http://127.0.0.1:9090/") "the server"
    Expect.equal options.StaleAfter (Nullable(TimeSpan.FromMinutes 1.)) "the age"
    Expect.equal options.Names[mails] "mail-service" "names"

    let flink = List.ofSeq (PrometheusQueries.Flink("orders", "namespace=\"shop\""))

    let exporter =
        PrometheusQueries.KafkaExporter("orders", [ KeyValuePair(vertex, "orders"); KeyValuePair(vertex, "returns") ])

    let sets = flink @ List.ofSeq exporter
    Expect.equal (options.Queries |> Seq.take sets.Length |> List.ofSeq) sets "the sets"

    match options.Queries |> Seq.skip sets.Length |> List.ofSeq with
    | [ busy; lag; arrivals ] ->
        Expect.equal
            busy
            (PrometheusQuery(Quantity.Busy, "avg by (app) (app_busy_ms_per_second)", Label = "app", Factor = 0.001))
            "for all"

        Expect.equal
            (lag.Quantity, lag.Expression, lag.TimeLimit)
            (Quantity.Lag, "sum(queue_length{queue=\"{node}\"})", Nullable(TimeSpan.FromSeconds 2.))
            "for each"

        let names = nonNull lag.Names
        Expect.equal names[mails] "outgoing-mails" "called differently here"

        Expect.equal
            (arrivals.Quantity, arrivals.Node, arrivals.Range)
            (Quantity.ArrivalRate, mails, PrometheusRange(TimeSpan.FromMinutes 2., TimeSpan.FromSeconds 15.))
            "for one"
    | others -> failtest $"{others}"
}

let private documented = test "the documentation shows the sample" {
    let read (parts: string list) = File.ReadAllText(Path.Combine(Array.ofList (root :: parts)))
    let sample = read [ "samples"; "Monitors"; "prometheus.yaml" ]
    Expect.stringContains (read [ "docs"; "monitor-prometheus.md" ]) $"```yaml\n{sample}```" "the whole file"
}

let private sets =
    testList "sets" [
        for text, expected in
            [
                "{ set: flink, job: a, busy: maximum, window: 30s }",
                PrometheusQueries.Flink(
                    "a",
                    window = Nullable(TimeSpan.FromSeconds 30.),
                    busy = FlinkAggregation.Maximum
                )
                "{ set: kafkaStreams }", PrometheusQueries.KafkaStreams()
                "{ set: kafkaStreams, label: app }", PrometheusQueries.KafkaStreams "app"
                "{ set: kafkaExporter, group: g }", PrometheusQueries.KafkaExporter "g"
                "{ set: kafkaExporter, group: g, topics: { Deployment/mails: t } }",
                PrometheusQueries.KafkaExporter("g", [ KeyValuePair(mails, "t") ])
                "{ set: cAdvisor, namespace: shop, matchers: 'cluster=\"eu\"' }",
                PrometheusQueries.CAdvisor("shop", "cluster=\"eu\"")
            ] do
            test text {
                Expect.equal
                    (List.ofSeq (withQueries $"  - {text}").Queries)
                    (List.ofSeq expected)
                    "the queries of the set"
            }
    ]

let private servers =
    testList "the server" [
        testTask "is an address, or says who asks, with files beside this one" {
            do!
                inFolder (fun folder -> task {
                    for file in [ "token"; "password" ] do
                        File.WriteAllText(Path.Combine(folder, file), "x")

                    let read server =
                        PrometheusFile
                            .Parse(
                                $"server: {server}\nqueries: [{{ set: kafkaStreams }}]",
                                Path.Combine(folder, "p.yaml"),
                                folder
                            )
                            .Server

                    Expect.equal
                        (read "http://p:9090/prometheus").Address
                        (Uri "http://p:9090/prometheus/")
                        "an address"

                    let token = read "{ url: https://p, bearerTokenFile: token, retries: 0 }"
                    Expect.equal (token.BearerTokenFile, token.Retries) (Path.Combine(folder, "token"), 0) "a token"

                    let user =
                        read "{ url: https://p, userName: u, passwordFile: password, headers: { X-Scope-OrgID: t } }"

                    Expect.equal
                        (user.UserName, user.PasswordFile)
                        ("u", Path.Combine(folder, "password"))
                        "a password"

                    Expect.equal user.Headers["X-Scope-OrgID"] "t" "a header"
                })
        }

        let queries = "\nqueries: [{ set: kafkaStreams }]"

        says
            [
                ":1: server: is no address of a server: The address of a server has to be one with http or https, such as http://prometheus:9090. What is given is none."
            ]
            $"server: p:9090{queries}"

        says
            [ ":1: server.url: has a user or a password in it: give userName and passwordFile" ]
            $"server: {{ url: 'http://u:s3cret@p' }}{queries}"

        says
            [ ":1: server.bearerToken: is not known, did you mean bearerTokenFile?" ]
            $"server: {{ url: http://p, bearerToken: x }}{queries}"

        says
            [ ":1: server.bearerTokenFile: there is no file /nowhere/token" ]
            $"server: {{ url: http://p, bearerTokenFile: /nowhere/token }}{queries}"

        says
            [ ":1: server: url is missing: expected an address such as http://prometheus:9090" ]
            $"server: {{ userName: u }}{queries}"

        says
            [ ":1: server.retries: expected a whole number from 0 to 10, found -1" ]
            $"server: {{ url: http://p, retries: -1 }}{queries}"

        test "names everything that does not fit" {
            let problem =
                List.exactlyOne (
                    problemsOf $"server: {{ url: http://p, userName: u, clientKeyFile: /dev/null }}{queries}"
                )

            Expect.stringContains problem "server: does not fit:" "where"
            Expect.stringContains problem "certificate" "what"
        }
    ]

let private wrongs =
    testList "what is wrong is told with line and member" [
        says
            [
                ":1: server is missing: expected the address of Prometheus"
                ":1: queries is missing: expected a list of sets and queries"
            ]
            "{}"
        says [ ":2: queries: there are no queries" ] "server: http://p\nqueries: []"
        says
            [
                ":1: servr: is not known, did you mean server?"
                ":1: server is missing: expected the address of Prometheus"
            ]
            "servr: http://p\nqueries: [{ set: kafkaStreams }]"
        sayOfQuery ":3: queries[0].set: \"flnk\" is no set, did you mean flink?" "{ set: flnk }"
        sayOfQuery
            ":3: queries[0].group: is not known; known are set, matchers, window, job, busy"
            "{ set: flink, job: a, group: b }"
        sayOfQuery ":3: queries[0]: job is missing: expected the name of the job" "{ set: flink }"
        sayOfQuery
            ":3: queries[0].window: expected a time of at least 1 s, in whole milliseconds, found \"5ms\""
            "{ set: flink, job: a, window: 5ms }"
        sayOfQuery
            ":3: queries[0].topics.a/b/c: is no id of a node"
            "{ set: kafkaExporter, group: g, topics: { a/b/c: t } }"
        for topics, expected in
            [
                "{}", ": expected an object with a topic, or a list of topics, for each source, found none"
                "{ Deployment/mails: [] }", ".Deployment/mails: expected a topic, or a list of topics, found none"
            ] do
            sayOfQuery $":3: queries[0].topics{expected}" $"{{ set: kafkaExporter, group: g, topics: {topics} }}"
        for minutes in [ "1m"; "1.5m" ] do
            sayOfQuery
                $":3: queries[0].window: expected a time of at least 1 s, in whole milliseconds, found \"{minutes}\": minutes are written as min"
                $"{{ set: flink, job: a, window: {minutes} }}"
        sayOfQuery
            ":3: queries[0].timeLimit: expected a time above 0 and of at most 1 h, found \"60d\""
            "{ quantity: lag, expression: lag, label: a, timeLimit: 60d }"
        sayOfQuery
            ":3: queries[0].over: expected a time of at least 1 ms, found \"2m\": minutes are written as min"
            "{ quantity: lag, expression: lag, label: a, over: 2m, step: 1s }"
        sayOfQuery
            ":3: queries[0].expression: expected PromQL, found \"   \""
            "{ quantity: lag, expression: '   ', label: a }"
        says
            [ ":3: queries[0].expression: expected PromQL, found \"\"" ]
            "server: http://p:9090\nqueries:\n  - { quantity: lag, expression: '', label: a }\n  - { set: kafkaStreams }"
        sayOfQuery
            ":3: queries[0].quantity: \"bussy\" is no quantity, did you mean busy?"
            "{ quantity: bussy, expression: a, label: b }"
        sayOfQuery
            ":3: queries[0].expression: cannot be asked: it has no {node} in it, and neither the label that names a node in an answer for all, nor the node it is about"
            "{ quantity: lag, expression: sum(lag) }"
        sayOfQuery
            ":3: queries[0].expression: cannot be asked: it has a label, for all nodes, and is about one node"
            "{ quantity: lag, expression: lag, label: a, node: Deployment/a }"
        sayOfQuery
            ":3: queries[0].node: expected the id of a Flink vertex, or a kind and a name as in Deployment/orders, found \"a/b/c\""
            "{ quantity: lag, expression: lag, node: a/b/c }"
        sayOfQuery
            ":3: queries[0].factor: expected a number that is not 0, found 0"
            "{ quantity: lag, expression: lag, label: a, factor: 0 }"
        sayOfQuery
            ":3: queries[0].step: needs over beside it, the time to look back over"
            "{ quantity: lag, expression: lag, label: a, step: 5s }"
        sayOfQuery
            ":3: queries[0]: step is missing: expected how far the points of the range are apart"
            "{ quantity: lag, expression: lag, label: a, over: 5s }"
        sayOfQuery
            ":3: queries[0].over: expected a time of at least one step, and of less than 11,000, found \"5s\""
            "{ quantity: lag, expression: lag, label: a, over: 5s, step: 10s }"
        sayOfQuery
            ":3: queries[0]: expected a set or a query: an object with set, or with quantity and expression, found \"lag\""
            "lag"
        says
            [ ":2: names.a|b: is no id of a node"; ":3: staleAfter: expected a time of at least 0, found -5" ]
            "server: http://p\nnames: { a|b: x }\nstaleAfter: -5\nqueries: [{ set: kafkaStreams }]"
    ]

let tests = testList "The file of a Prometheus monitor" [ sample'; documented; sets; servers; wrongs ]
