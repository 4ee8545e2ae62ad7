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

/// Every node has failed, with one problem.
let private failing (driver: FlinkScaleDriver) : Task<string> = task {
    let! result = scaled driver [ "source", 3; "map", 5 ]
    Expect.all result.Nodes (fun node -> node.Outcome = ScalingOutcome.Failed) "each node has failed"
    Expect.equal (Seq.length result.Nodes) 2 "both are there"
    Expect.isFalse result.IsComplete "and that is seen"
    return problems result |> List.distinct |> List.exactlyOne
}

let private failure (flink: Flink) (other: Asked -> Answer option) (said: string -> string list) = task {
    use! served = startWith other flink
    use driver = driverOf served
    let! problem = failing driver

    for part in said served.Address do
        Expect.stringContains problem part "what is said"

    Expect.equal served.Now.Required flink.Required "nothing was taken"
}

let private unanswered (_: Asked) : Answer option = None
let private jobPath = $"/jobs/{orders.Jid}"
let private requirementsPath = $"{jobPath}/resource-requirements"

let private on (method: string) (path: string) (answer: Answer) (asked: Asked) =
    if asked.Method = method && asked.Path = path then
        Some answer
    else
        None

let private errors (status: int) (text: string) =
    FakeSystem.status status (System.Text.Json.JsonSerializer.Serialize {| errors = [ text ] |})

let private serverSide (text: string) =
    FakeSystem.status
        500
        (System.Text.Json.JsonSerializer.Serialize {|
            errors = [
                "Internal server error."
                $"<Exception on server side:\njava.util.concurrent.CompletionException: {text}\n\tat java.base/x.y\nEnd of exception on server side>"
            ]
        |})

let private states =
    testList "the state of the job" [
        for state in [ "INITIALIZING"; "CREATED"; "RESTARTING"; "RECONCILING" ] do
            testCaseTask $"{state}: it is left alone, and that is said"
            <| fun () -> task {
                do!
                    failure (inState state running) unanswered (fun address -> [
                        $"Flink at {address}: GET {jobPath} says that orders is {state}: nothing was sent. It is tried again with the next decision."
                        "see the exceptions of the job in Flink"
                    ])
            }

        for state in [ "FAILING"; "CANCELLING" ] do
            testCaseTask $"{state}: there is nothing to scale"
            <| fun () -> task {
                do!
                    failure (inState state running) unanswered (fun _ -> [
                        $"says that orders is {state}: nothing was sent. It can be scaled when it runs again."
                    ])
            }

        for state in [ "FINISHED"; "FAILED"; "CANCELED"; "SUSPENDED" ] do
            testCaseTask $"{state}: it has to be started again"
            <| fun () -> task {
                do!
                    failure (inState state running) unanswered (fun _ -> [
                        $"names no job 'orders' that runs. It has: orders ({orders.Jid}, {state}). Start the job again."
                    ])
            }

        testCaseTask "no job of that name"
        <| fun () -> task {
            do!
                failure
                    {
                        running with
                            Job = { orders with JobName = "payments" }
                    }
                    unanswered
                    (fun _ -> [ "names no job 'orders'."; "It has: payments" ])
        }

        testCaseTask "another scheduler, where Flink says which"
        <| fun () -> task {
            do!
                failure
                    {
                        running with
                            Scheduler = Some "Default"
                    }
                    unanswered
                    (fun _ -> [
                        "says that orders runs with the scheduler Default."
                        "set jobmanager.scheduler: adaptive"
                    ])
        }

        testCaseTask "another scheduler, where only its refusal tells"
        <| fun () -> task {
            let refusal =
                serverSide
                    "java.lang.UnsupportedOperationException: The DefaultScheduler does not support changing the parallelism without a job restart. This feature is currently only expected to work with the AdaptiveScheduler."

            do!
                failure running (on "GET" requirementsPath refusal) (fun _ -> [
                    "says that the scheduler of orders cannot change its parallelism."
                    "set jobmanager.scheduler: adaptive"
                ])
        }

        testCaseTask "vertices that it does not have fail by themselves, and the others are scaled"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! result = scaled driver [ "source", 2; "map", 5; "sink", 4 ]

            Expect.equal
                (outcomes result)
                [
                    "source", Some 2, 2, ScalingOutcome.Unchanged
                    "map", Some 3, 5, ScalingOutcome.Sent
                    "sink", None, 4, ScalingOutcome.Failed
                ]
                "one of three"

            Expect.equal
                (problems result)
                [
                    $"Flink at {flink.Address}: GET {jobPath} says that orders has no vertex sink. Name vertices of the job in the policy's topology; it has: source (Source: Kafka -> Filter), map (Map)."
                ]
                "which there are"

            Expect.equal flink.Required [ [ "source", (1, 2); "map", (1, 5) ] ] "the others"
        }
    ]

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

let tests = testList "failures" [ states; replies; connection ]
