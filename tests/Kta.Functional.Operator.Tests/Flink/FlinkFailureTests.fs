/// What is said when Flink cannot be scaled, and that it is tried again.
module Kta.Functional.Operator.Tests.Flink.FlinkFailureTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Operator.Tests.Flink.FakeFlink
open Kta.Functional.Operator.Tests.Flink.FailingFlink

let private replies =
    testList "what is answered" [
        for code, remedy in
            [
                401, "It wants to know who asks"
                403, "Who asks is known, but has not the right to do this"
                404, "The job has ended meanwhile: start it again."
                409, "Check the address and what is asked."
                500, "The fault is the server's: see its log."
            ] do
            for method, path in [ "GET", jobPath; "GET", requirementsPath ] do
                testCaseTask $"{code} to {method} of {path.Split('/') |> Array.last}"
                <| fun () -> task {
                    do!
                        failure running (on method path (errors code "Some words.")) (fun address -> [
                            $"Flink at {address}: {method} {path} was answered {code}: Some words. {remedy}"
                        ])
                }

            testCaseTask $"{code} to the request itself"
            <| fun () -> task {
                do!
                    failure running (on "PUT" requirementsPath (errors code "Some words.")) (fun address -> [
                        $"Flink at {address}: PUT {requirementsPath} was answered {code}: Some words. {remedy}"
                    ])
            }

        testCaseTask "what Flink refuses is told in its own words"
        <| fun () -> task {
            let refusal =
                errors
                    400
                    "org.apache.flink.runtime.rest.handler.RestHandlerException: Job vertex [map] was not found in the JobGraph."

            do!
                failure running (on "PUT" requirementsPath refusal) (fun _ -> [
                    "was answered 400: org.apache.flink.runtime.rest.handler.RestHandlerException: Job vertex [map] was not found in the JobGraph."
                ])
        }

        testCaseTask "a refused request fails only the nodes it was for"
        <| fun () -> task {
            use! flink = startWith (on "PUT" requirementsPath (errors 409 "No.")) running
            use driver = driverOf flink
            let! result = scaled driver [ "source", 2; "map", 5 ]

            Expect.equal
                [ for _, _, _, outcome in outcomes result -> outcome ]
                [ ScalingOutcome.Unchanged; ScalingOutcome.Failed ]
                "source is right as it is"
        }

        for body in [ "<html>"; "[]"; "{}"; "{\"state\":7}"; "" ] do
            testCaseTask $"something else than a job: '{body}'"
            <| fun () -> task {
                do! failure running (on "GET" jobPath (ok body)) (fun _ -> [ "Is this the address of a job manager?" ])
            }

        for body in
            [
                "nothing"
                "{}"
                "{\"source\":{\"parallelism\":{\"lowerBound\":\"many\",\"upperBound\":2}}}"
                "{\"source\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":1e99}}}"
            ] do
            testCaseTask $"something else than requirements: '{body}'"
            <| fun () -> task {
                do!
                    failure running (on "GET" requirementsPath (ok body)) (fun _ -> [
                        "Is this the address of a job manager?"
                    ])
            }
    ]

let private connection =
    testList "the connection" [
        testCaseTask "refused"
        <| fun () -> task {
            let! flink = start running
            let address = flink.Address
            do! (flink :> IAsyncDisposable).DisposeAsync()
            use driver = driverAt address null fast
            let! problem = failing driver

            Expect.stringStarts
                problem
                $"Flink at {address}: GET /jobs/overview was not answered: Connection refused"
                "what"

            Expect.stringContains problem "Is the server running, and is the address right?" "what to do"
        }

        testCaseTask "with an answer that does not come in time"
        <| fun () -> task {
            use! slow =
                FakeSystem.startWith (fun context _ -> task {
                    do! Task.Delay(Timeout.Infinite, context.RequestAborted)
                })

            use driver =
                driverAt slow.Address null (FlinkScaleDriverOptions(CallLimit = TimeSpan.FromMilliseconds 50.))

            let! problem = failing driver

            Expect.equal
                problem
                $"Flink at {slow.Address}: GET /jobs/overview was not answered within 0.05 s. Is the job manager overloaded, or is something on the way that holds requests back?"
                "how long"
        }

        testCaseTask "that comes back: the next decision scales"
        <| fun () -> task {
            let isAway = ref true

            use! flink =
                startWith
                    (fun _ ->
                        if isAway.Value then
                            Some(errors 503 "Service temporarily unavailable")
                        else
                            None)
                    running

            use driver = driverOf flink
            let! _ = failing driver
            isAway.Value <- false
            let! result = scaled driver [ "source", 3; "map", 5 ]
            Expect.all result.Nodes (fun node -> node.Outcome = ScalingOutcome.Sent) "both"
        }
    ]

let tests = testList "failures" [ replies; connection ]
