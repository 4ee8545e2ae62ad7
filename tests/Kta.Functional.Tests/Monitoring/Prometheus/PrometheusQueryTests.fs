/// What Prometheus is asked.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusQueryTests

open System
open System.Collections.Generic
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks
open Expecto
open Microsoft.AspNetCore.Http
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let private named (name: string) : TopologyNode = ScaleTargetRef("Deployment", name)

let private cannotBe (name: string) (words: string) (make: unit -> 'made) =
    testCase $"cannot be made with {name}"
    <| fun () ->
        let error = Expect.throwsC (make >> ignore) id
        Expect.isTrue (error :? ArgumentException) $"{error}"
        Expect.stringContains error.Message words "what is wrong"

let private optionsWith query = PrometheusMonitorOptions(ServerOptions "http://p", [ query ])

let private perNode expression = fun () -> optionsWith (PrometheusQuery(Quantity.Lag, expression))

let private wrongs =
    testList "that makes no sense" [
        cannotBe "a name outside of strings" "{node} has to stand inside of a string" (perNode "lag{topic={node}}")
        cannotBe
            "a name inside and outside of strings"
            "{node} has to stand inside of a string"
            (perNode """lag{topic="{node}"} + {node}""")
        cannotBe "no name" "it has no {node} in it, and neither the label" (perNode "sum(lag)")
        cannotBe
            "a string without end"
            "the string that begins with \"{node}) is not closed"
            (perNode "lag{topic=\"{node})")
        cannotBe "a name and a label" "it has {node} in it" (fun () ->
            optionsWith (PrometheusQuery(Quantity.Lag, "lag{a=\"{node}\"}", Label = "a")))
        cannotBe
            "a name and a node"
            "The query `lag{a=\"{node}\"}` for lag cannot be asked: it has {node} in it"
            (fun () -> optionsWith (PrometheusQuery(Quantity.Lag, "lag{a=\"{node}\"}", Node = orders)))
        cannotBe "a label and a node" "it has a label, for all nodes" (fun () ->
            optionsWith (PrometheusQuery(Quantity.Lag, "lag", Label = "a", Node = orders)))
        cannotBe "no expression" "empty" (fun () -> PrometheusQuery(Quantity.Lag, " "))
        cannotBe "a label without a name" "A label has to have a name" (fun () ->
            PrometheusQuery(Quantity.Lag, "a", Label = ""))
        cannotBe "factor 0" "A factor has to be finite and not 0" (fun () ->
            PrometheusQuery(Quantity.Lag, "a", Factor = 0.))
        cannotBe "no time" "A time limit has to be positive" (fun () ->
            PrometheusQuery(Quantity.Lag, "a", TimeLimit = TimeSpan.Zero))
        cannotBe "much time" "A time limit has to be positive and at most 1 h" (fun () ->
            PrometheusQuery(Quantity.Lag, "a", TimeLimit = TimeSpan.FromDays 60.))
        cannotBe "no step" "A step has to be at least 1 ms" (fun () ->
            PrometheusRange(TimeSpan.FromMinutes 1., TimeSpan.Zero))
        cannotBe "too many points" "at most 11000 points" (fun () ->
            PrometheusRange(TimeSpan.FromHours 4., TimeSpan.FromSeconds 1.))
        cannotBe "less than a step" "at least one step" (fun () ->
            PrometheusRange(TimeSpan.FromSeconds 1., TimeSpan.FromSeconds 2.))
        cannotBe "no queries" "At least one query" (fun () -> new PrometheusMonitor("http://p", []))
        cannotBe "a negative age" "StaleAfter has to be at least 0" (fun () ->
            PrometheusMonitorOptions(
                ServerOptions "http://p",
                [ PrometheusQuery(Quantity.Lag, "a", Node = orders) ],
                StaleAfter = TimeSpan.FromSeconds -1.
            ))
    ]

let private requests =
    testList "a request" [
        testCaseTask "is a GET with the expression as it is, encoded"
        <| fun () -> task {
            let expression = """sum(a{b=~"ü&x=1+2%"}) / 2 # é"""
            let! read = readOne expression (single "5")

            Expect.equal
                [ for one in read.Asked -> one.Method, one.Path ]
                [ "GET", $"/api/v1/query?query={expression}" ]
                "asked"
        }

        testCaseTask "goes below the path of the server"
        <| fun () -> task {
            use! fake = startAnswering (fun _ -> ok (single "5"))

            let! _ =
                readFrom id shop (fake.Address + "/prometheus/") [
                    PrometheusQuery(Quantity.Lag, ageless, Node = orders)
                ]

            Expect.stringStarts (List.exactlyOne fake.Asked).Path "/prometheus/api/v1/query?" "the path"
        }

        testCaseTask "of a long expression is a POST with a form"
        <| fun () -> task {
            let long = String.replicate 500 "a +" + " a&b"
            let! read = readOne long (single "5")
            let one = List.exactlyOne read.Asked
            Expect.equal (one.Method, one.Path, expressionOf one) ("POST", "/api/v1/query", long) "asked"
            Expect.equal one.Headers["Content-Type"] "application/x-www-form-urlencoded" "the form"
            Expect.equal read.Measured[orders].Lag.Value (Nullable 5.) "the number"
        }

        testCaseTask "for a range says from when to when, and how far apart"
        <| fun () -> task {
            let range = PrometheusRange(TimeSpan.FromSeconds 65., TimeSpan.FromSeconds 15.)
            let before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()

            let! read =
                readAs id shop [ PrometheusQuery(Quantity.Lag, "lag", Node = orders, Range = range) ] (fun asked ->
                    let time = Regex.Match(asked.Path, "end=([0-9.]+)").Groups[1].Value |> float
                    ok (matrix [ "{}", [ time - 30., "1"; time - 15., "3"; time, "NaN" ] ]))

            let found =
                Regex.Match(
                    (List.exactlyOne read.Asked).Path,
                    "^/api/v1/query_range\\?query=lag&start=([0-9.]+)&end=([0-9.]+)&step=15$"
                )

            let start, finish = float found.Groups[1].Value, float found.Groups[2].Value
            Expect.floatClose Accuracy.high (finish - start) 60. "whole steps, the last of which is now"
            Expect.isGreaterThanOrEqual (finish * 1e3) (float before) "it ends now"
            let lag = read.Measured[orders].Lag

            Expect.equal
                (lag.Value, lag.Age)
                (Nullable 2., Nullable(TimeSpan.FromSeconds 15.))
                "the mean, and the newest's age"
        }

        testCaseTask "is multiplied by its factor"
        <| fun () -> task {
            let! read =
                read [ PrometheusQuery(Quantity.Busy, "b + 0", Node = orders, Factor = 0.001) ] (fun _ -> single "250")

            Expect.equal read.Measured[orders].Busy.Value (Nullable 0.25) "milliseconds per second"
        }

        testCaseTask "is not made for a node that the topology does not have"
        <| fun () -> task {
            let! read = read [ PrometheusQuery(Quantity.Lag, "a", Node = named "else") ] (fun _ -> single "5")
            Expect.equal (read.Asked, read.Measured.Nodes.Count) ([], 0) "nothing"
        }

        testCaseTask "about nodes that the topology does not have is noted, once for each of them"
        <| fun () -> task {
            let elsewhere = dict' [ named "elsewhere", "x"; mails, "y" ]

            let! read =
                readAs
                    (fun options ->
                        PrometheusMonitorOptions(
                            options.Server,
                            options.Queries,
                            Names = dict' [ named "nowhere", "x"; orders, "y" ],
                            OnNote = options.OnNote
                        ))
                    shop
                    [
                        PrometheusQuery(Quantity.Lag, "a + 0", Node = named "else")
                        PrometheusQuery(Quantity.Busy, "a + 0", Node = named "else")
                        PrometheusQuery(Quantity.Lag, "b + 0", Node = orders, Names = elsewhere)
                    ]
                    (fun _ -> ok (single "5"))

            let about name =
                $"{name} is named in the queries, but the topology has no such node: it has Deployment/orders, Deployment/mails."

            Expect.equal
                [ for note in read.Notes -> note.Substring(note.IndexOf("Deployment/", StringComparison.Ordinal)) ]
                [ about "Deployment/else"; about "Deployment/elsewhere"; about "Deployment/nowhere" ]
                "the notes"
        }

        testCaseTask "of several that know the same number: the later counts"
        <| fun () -> task {
            let! read =
                read
                    [
                        PrometheusQuery(Quantity.Lag, "a + 0", Node = orders)
                        PrometheusQuery(Quantity.Lag, "b + 0", Node = orders)
                    ]
                    (fun asked -> single (if asked = "a + 0" then "1" else "2"))

            Expect.equal read.Measured[orders].Lag.Value (Nullable 2.) "the later"
        }

        testCaseTask "runs beside others, but at most eight at once"
        <| fun () -> task {
            let mutable running, most = 0, 0
            let lock = obj ()

            let change by =
                Monitor.Enter lock

                try
                    running <- running + by
                    most <- max most running
                    running
                finally
                    Monitor.Exit lock

            let eight = TaskCompletionSource()

            use! fake =
                startWith (fun context _ -> task {
                    if change 1 = 8 then
                        eight.TrySetResult() |> ignore

                    do! eight.Task
                    context.Response.ContentType <- "application/json"
                    change -1 |> ignore
                    do! context.Response.WriteAsync(single "1")
                })

            let queries = [ for _ in 1..20 -> PrometheusQuery(Quantity.Lag, ageless, Node = orders) ]
            let! measured, _ = readFrom id shop fake.Address queries

            Expect.equal
                (most, fake.Asked.Length, measured[orders].Lag.Value)
                (8, 20, Nullable 1.)
                "eight at once, all in all twenty"
        }
    ]

let tests = testList "A question to Prometheus" [ wrongs; requests ]
