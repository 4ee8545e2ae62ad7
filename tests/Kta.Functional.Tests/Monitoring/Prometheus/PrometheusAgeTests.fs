/// How old a number is, and which expressions tell.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusAgeTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

/// Answers values at 1000.5, and times of samples that are as old as told.
let private readAged change (ages: (string * float) list) (query: PrometheusQuery) =
    readAs change shop [ query ] (fun asked ->
        let isTimes = asked.Path.Contains "timestamp("

        vector [
            for node, age in ages ->
                (if query.Label = null then
                     "{}"
                 else
                     $"""{{"topic":"{node}"}}"""),
                (if isTimes then
                     (1000.5 - age).ToString("R", Globalization.CultureInfo.InvariantCulture)
                 else
                     "5")
        ]
        |> ok)

let private timesOf (expression: string) = task {
    let! read = readAged id [ "orders", 4. ] (PrometheusQuery(Quantity.Lag, expression, Node = orders))
    let age = read.Measured[orders].Lag.Age

    return
        match read.Asked with
        | [ _ ] -> None
        | [ _; times ] ->
            Expect.equal age (Nullable(TimeSpan.FromSeconds 4.)) "as old as its sample"
            Some(times.Path.Replace("/api/v1/query?query=", ""))
        | more -> failtest $"{more}"
}

let private tells (expression: string) (times: string) =
    testCaseTask expression
    <| fun () -> task {
        let! found = timesOf expression
        Expect.equal found (Some $"{times}&time=1000.5") "the times are asked of the same moment"
    }

let private keepsSilent (expression: string) =
    testCaseTask expression
    <| fun () -> task {
        let! found = timesOf expression
        Expect.equal found None "no times, and no age"
    }

let private known =
    testList "is known of a plain selector, alone, aggregated or limited:" [
        tells "lag" "timestamp(lag)"
        tells "(lag)" "timestamp(lag)"
        tells """lag{topic="a)b{[",x=~'y'} # so""" """timestamp(lag{topic="a)b{[",x=~'y'})"""
        tells """sum(lag{a="b"})""" """min (timestamp(lag{a="b"}))"""
        tells "sum by (topic) (lag)" "min by (topic) (timestamp(lag))"
        tells "SUM(lag) BY (topic)" "min BY (topic) (timestamp(lag))"
        tells "avg without(a, b) (lag)" "min without(a, b) (timestamp(lag))"
        tells "count(count by (pod) (up))" "min (min by (pod) (timestamp(up)))"
        tells "sum(clamp_min(lag, 0))" "min (timestamp(lag))"
        tells "clamp(max(lag), -1, 1.5)" "min (timestamp(lag))"
        tells "sum by (a) (lag) and up == on (b) sum(c)" "min by (a) (timestamp(lag)) and up == on (b) sum(c)"
        tells
            "sum(lag) unless (up or down) and on () x{a=\"or\"}"
            "min (timestamp(lag)) unless (up or down) and on () x{a=\"or\"}"
    ]

let private unknown =
    testList "is not known of anything else:" [
        for expression in
            [
                "rate(lag[1m])"
                "sum by (topic) (rate(lag[1m]))"
                "avg_over_time(lag[1m])"
                "lag + 1"
                "-lag"
                "lag / on(a) lag"
                "lag > 0"
                "lag or lag"
                "lag and up or down"
                "lag offset 5m"
                "lag @ 5"
                "lag[1m:]"
                "topk(1, lag)"
                "quantile(0.5, lag)"
                "count_values(\"a\", lag)"
                "sum by (__name__) (lag)"
                "{__name__=\"lag\"}"
                "{\"lag\"}"
                "job:lag:sum"
                "sum(job:lag:sum)"
                "label_replace(lag, \"a\", \"b\", \"\", \"\")"
                "timestamp(lag)"
                "scalar(lag)"
                "vector(1)"
                "time()"
                "Inf"
                "5"
                "sum(lag"
                "clamp_min(lag, scalar(x))"
                "histogram_quantile(0.9, sum by (le) (lag))"
            ] do
            keepsSilent expression
    ]

let private read =
    testList "is read" [
        testCaseTask "rounded up to seconds, each node its own, and each age a source"
        <| fun () -> task {
            let! read =
                readAged
                    id
                    [ "orders", 0.2; "mails", 61.01 ]
                    (PrometheusQuery(Quantity.Lag, "sum by (topic) (lag)", Label = "topic"))

            Expect.equal
                [ for node in [ orders; mails ] -> read.Measured[node].Lag.Age.Value.TotalSeconds ]
                [ 1.; 62. ]
                "ages"

            Expect.equal (nonNull read.Measured[orders].Lag.Source).Name "prometheus" "the source"
        }

        testCaseTask "and what is older than StaleAfter is stale"
        <| fun () -> task {
            let! read =
                readAged
                    (fun options ->
                        PrometheusMonitorOptions(
                            options.Server,
                            options.Queries,
                            StaleAfter = TimeSpan.FromSeconds 60.,
                            Source = "shop"
                        ))
                    [ "orders", 60.; "mails", 60.5 ]
                    (PrometheusQuery(Quantity.Lag, "sum by (topic) (lag)", Label = "topic"))

            let orders, mails = read.Measured[orders].Lag, read.Measured[mails].Lag
            Expect.equal (orders.State, mails.State) (ReadingState.Current, ReadingState.Stale) "states"

            Expect.equal
                (mails.Value, mails.LastValue, string mails)
                (Nullable(), Nullable 5., "5 (61 s old, shop)")
                "the number is still there"
        }

        testCaseTask "of a sample of the future as 0, and of one before all time as very old"
        <| fun () -> task {
            let ageOf age = task {
                let! read = readAged id [ "orders", age ] (PrometheusQuery(Quantity.Lag, "lag", Node = orders))
                return read.Measured[orders].Lag.Age.Value
            }

            let! future = ageOf -5.
            let! never = ageOf 1e300
            Expect.equal future TimeSpan.Zero "the future"
            Expect.isGreaterThan never (TimeSpan.FromDays 365.) "before all time"
        }

        testCaseTask "with the moment by Prometheus' own clock, for what grows, so that rates are worked out by it"
        <| fun () -> task {
            let sourceOf quantity = task {
                let! read = readAged id [ "orders", 4. ] (PrometheusQuery(quantity, "lag", Node = orders))
                return nonNull read.Measured[orders].[quantity].Source
            }

            let! lag = sourceOf Quantity.Lag
            let! offset = sourceOf Quantity.EndOffset
            let! rate = sourceOf Quantity.RecordsIn
            let moment = Nullable(DateTimeOffset.FromUnixTimeMilliseconds 996_500L)
            Expect.equal [ lag.At; offset.At; rate.At ] [ moment; moment; Nullable() ] "of which the growth counts"
        }

        testCaseTask "not of a label that only values have"
        <| fun () -> task {
            let! read =
                readAs id shop [ PrometheusQuery(Quantity.Lag, "lag", Label = "__name__") ] (fun _ ->
                    ok (vector [ """{"__name__":"orders"}""", "5" ]))

            Expect.equal read.Asked.Length 1 "the metric's name"
        }

        testCaseTask "of a range by the clock of this machine"
        <| fun () -> task {
            let now = float (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) / 1e3
            let! read = read [ ranged "lag" ] (fun _ -> matrix [ "{}", [ now - 50., "1"; now - 40., "3" ] ])
            let lag = read.Measured[orders].Lag
            Expect.equal lag.Value (Nullable 2.) "the mean"
            Expect.isGreaterThanOrEqual lag.Age.Value (TimeSpan.FromSeconds 40.) "the newest's age"
        }
    ]

let tests = testList "The age of a number from Prometheus" [ known; unknown; read ]
