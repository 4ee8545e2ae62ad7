/// What is said when Prometheus cannot be read.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusFaultTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Microsoft.AspNetCore.Http
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let private lag = PrometheusQuery(Quantity.Lag, ageless, Node = orders)

let private error kind words = $"""{{"status":"error","errorType":"{kind}","error":"{words}"}}"""

let private says (code: int) (body: string) (words: string) (remedy: string) =
    testCaseTask $"{code} with {body}"
    <| fun () -> task {
        let! failure = failing [ lag ] (fun _ -> status code body)
        Expect.stringContains failure.Message words "what happened"
        Expect.stringContains failure.Remedy remedy "what to do"
        Expect.equal (failure.Status, failure.Query) (Nullable code, $"`{ageless}`") "status and query"
        Expect.stringStarts failure.Message "Prometheus at http://127.0.0.1:" "the server"
    }

/// A server that does not answer before it is left.
let private silent () =
    startWith (fun context _ -> Task.Delay(Timeout.Infinite, context.RequestAborted))

let private limited =
    testList "in time" [
        testCaseTask "a query with a time limit of its own fails alone within the step"
        <| fun () -> task {
            use! fake = silent ()

            let! failure =
                failureOf<MonitoringException, _>(fun () ->
                    readFrom id shop fake.Address [
                        PrometheusQuery(
                            Quantity.Lag,
                            ageless,
                            Node = orders,
                            TimeLimit = TimeSpan.FromMilliseconds 50.
                        )
                    ])

            Expect.stringContains failure.Message "was not answered within its time limit of 0.05 s." "which limit"
        }

        testCaseTask "the token of the step ends all of its queries"
        <| fun () -> task {
            use! fake = silent ()
            use monitor = new PrometheusMonitor(fake.Address, [ lag; lag; lag ])
            use ending = new CancellationTokenSource(TimeSpan.FromMilliseconds 50.)

            let! _ =
                failureOf<OperationCanceledException, _>(fun () -> monitor.ReadAsync(contextOf shop, ending.Token))

            ()
        }

        testCaseTask "the first failure ends the others"
        <| fun () -> task {
            use! fake =
                startWith (fun context asked ->
                    if expressionOf asked = "broken" then
                        context.Response.StatusCode <- 400
                        Task.CompletedTask
                    else
                        Task.Delay(Timeout.Infinite, context.RequestAborted))

            let! failure =
                failureOf<MonitoringException, _>(fun () ->
                    readFrom id shop fake.Address [ lag; PrometheusQuery(Quantity.Lag, "broken", Node = mails) ])

            Expect.equal failure.Query "`broken`" "the one that failed"
        }
    ]

let tests =
    testList "A Prometheus that cannot be read" [
        says
            400
            (error "bad_data" "1:5: parse error")
            "was answered 400, bad_data: 1:5: parse error."
            "Mend the expression"
        says 400 "Bad Request" "was answered 400: Bad Request." "Check the address and what is asked"
        says 401 "no token" "was answered 401" "bearer token"
        says 401 (error "bad_data" "no org id") "was answered 401: bad_data: no org id." "bearer token"
        says 403 "Forbidden" "was answered 403" "has not the right"
        says 404 "404 page not found" "was answered 404" "such as /prometheus"
        says 404 (error "not_found" "no tenant") "not_found: no tenant" "such as /prometheus"
        says 405 "Method Not Allowed" "was answered 405" "Check the address"
        says 422 (error "execution" "many-to-many matching not allowed") "422, execution: many-to-many" "sum or match"
        says 422 (error "422" "cannot parse") "422, 422: cannot parse." "sum or match"
        says 400 (error "unknown" "no such thing") "400, unknown: no such thing." "Mend the expression"
        says 429 "slow down" "was answered 429" "too often"
        says 302 "" "was answered 302" "give the address that it leads to"
        says 500 (error "internal" "disk") "internal: disk" "server's"
        says 503 (error "timeout" "query timed out") "503, timeout: query timed out." "takes Prometheus too long"
        says 503 "<html>down</html>" "was answered 503" "server's"
        says
            200
            (error "execution" "expanding series")
            "200, but with an error, execution: expanding series."
            "sum or match"
        says 200 """{"status":"error"}""" "200, but with an error." "See its log"
        says 400 """{"status":"error"}""" "was answered 400: {\"status\":\"error\"}." "Mend the expression"

        testCaseTask "400 with a name that is no UTF-8"
        <| fun () -> task {
            use! fake =
                startWith (fun context _ -> task {
                    context.Response.StatusCode <- 400

                    let body = Array.concat [ "{\"status\":\"error\",\""B; [| 0xffuy; 0xfeuy |]; "\":1}"B ]
                    do! context.Response.Body.WriteAsync(body, 0, body.Length)
                })

            let! failure = failureOf<MonitoringException, _>(fun () -> readFrom id shop fake.Address [ lag ])
            Expect.stringContains failure.Message "was answered 400: {\"status\":\"error\"" "what it said"
            Expect.equal failure.Status (Nullable 400) "the status"
        }

        testCaseTask "404 of an address that has the path of the API in it"
        <| fun () -> task {
            use! fake = startAnswering (fun _ -> status 404 "404 page not found")

            for path in [ "/api/v1"; "/prometheus/api/v1/" ] do
                let! failure =
                    failureOf<MonitoringException, _>(fun () -> readFrom id shop (fake.Address + path) [ lag ])

                Expect.stringContains failure.Remedy "Leave /api/v1 out of its address" "what to do"
        }

        testCaseTask "one that is not there"
        <| fun () -> task {
            let! failure = failureOf<MonitoringException, _>(fun () -> readFrom id shop "http://127.0.0.1:1" [ lag ])

            Expect.stringContains failure.Message $"http://127.0.0.1:1: `{ageless}` was not answered" "which, and what"
            Expect.equal failure.Status (Nullable()) "no status"
        }

        testCaseTask "an answer that is cut off on the way"
        <| fun () -> task {
            use! fake =
                startWith (fun context _ -> task {
                    context.Response.ContentLength <- Nullable 1_000L
                    do! context.Response.WriteAsync """{"status":"success","""
                    do! context.Response.Body.FlushAsync()
                    context.Abort()
                })

            let! failure = failureOf<MonitoringException, _>(fun () -> readFrom id shop fake.Address [ lag ])
            Expect.stringContains failure.Message "was not answered" "half an answer is none"
        }

        testCaseTask "secrets are in no message"
        <| fun () -> task {
            use! fake = startAnswering (fun _ -> status 401 "")

            let options =
                PrometheusMonitorOptions(
                    ServerOptions(fake.Address, BearerToken = "s3cret", Headers = dict' [ "X-Tenant", "t0p" ]),
                    [ lag ]
                )

            use monitor = new PrometheusMonitor(options)

            let! failure =
                failureOf<MonitoringException, _>(fun () -> monitor.ReadAsync(contextOf shop, CancellationToken.None))

            let said = $"{failure} {options} {options.Server}"
            Expect.isFalse (said.Contains "s3cret" || said.Contains "t0p") said
            let headers = (List.head fake.Asked).Headers
            Expect.equal (headers["Authorization"], headers["X-Tenant"]) ("Bearer s3cret", "t0p") "but they are sent"
        }

        limited
    ]
