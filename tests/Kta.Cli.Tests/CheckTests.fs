/// `kta check`: what servers keep in mind, and what they do with connections.
module Kta.Cli.Tests.CheckTests

open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Cli.Tests.Checking
open Kta.Cli.Tests.Endpoints
open Kta.Cli.Tests.Tool

/// What a server keeps in mind, made anew for each.
let private forgetful: (string * (string * string * string) list * (unit -> (string -> Task<unit>) -> Task<unit>)) list = [
    "an id is an error the second time",
    [ "error", "retry", "plan" ],
    fun () ->
        let starts = ConcurrentDictionary<string, int64>()

        refusing "plan" (fun request ->
            let start = request.GetProperty("udfStartTimestampMillis").GetInt64()

            starts.GetOrAdd(nonNull (request.GetProperty("id").GetString()), start) <> start)

    "calls are counted",
    [ "error", "changed-mind", "plan"; "error", "mixed-up", "plan" ],
    fun () ->
        let mutable calls = 0
        saying "plan" (fun request -> planOf request (fun _ -> $"""{{"parallelism":{Interlocked.Increment &calls}}}"""))

    "a damaged request puts it out of order",
    [ "error", "not-recovered", "plan" ],
    fun () ->
        let mutable broken = false

        Fake.serving (fun context -> task {
            let! body = bodyOf context

            match parse body with
            | Some request when not (broken && stepOf context = "plan") ->
                let status, text = obedient (stepOf context) request
                do! Fake.json context status text
            | Some _ -> do! Fake.json context 500 """{"message":"broken"}"""
            | None ->
                broken <- true
                do! Fake.json context 422 """{"message":"no request"}"""
        })
]

let private tests' = [
    for name, expected, endpoint in forgetful do
        testTask name { do! finds expected (endpoint ()) }

    testTask "a connection that is closed without a word" {
        do! finds (everyStep "error" "closes-silently") (servingBare (fun text -> withLength text "") true)
    }

    testTask "a connection that is closed with a word is none" {
        do! finds [] (servingBare (fun text -> withLength text "Connection: close\r\n") true)
    }

    testTask "more bytes than the length says" {
        do!
            finds
                (everyStep "error" "more-bytes")
                (servingBare (fun text -> Array.append (withLength text "") "\n\n"B) false)
    }

    testTask "a body that breaks off" {
        do!
            finds
                (("error", "broken-off", "monitor") :: notAsked)
                (servingBare (fun text -> let whole = withLength text "" in whole[.. whole.Length - 2]) true)
    }

    testTask "something else than HTTP/1.1" {
        do! finds (("error", "no-http", "monitor") :: notAsked) (servingBare (fun _ -> "PRI * HTTP/2.0\r\n\r\n"B) true)
    }
]

let tests =
    testList "kta check" [
        testList "finds what is wrong with an endpoint, and nothing else" tests'

        testTask "has nothing against an endpoint that obeys" { do! finds [] (serving obedient send) }

        testTask "says what was sent, what the operator would do, and what to change" {
            do!
                planning """{"parallelism":0}""" (fun address -> task {
                    let! (outcome: Outcome) = run [ "check"; address ]
                    Expect.equal outcome.Code 1 outcome.Notes

                    for part in
                        [
                            "error not-positive in plan: it asks for 0 instances of Deployment/orders"
                            "  sent: iteration 1 for 2 nodes, and "
                            "  the operator: The number is raised to minParallelism without a word."
                            "  to change: Answer at least 1 for every node."
                            "1 error, 0 warnings; monitor, analyze, plan asked with "
                        ] do
                        Expect.stringContains outcome.Output part "the finding"
                })
        }

        testTask "says that nobody is there" {
            let! found = check [ $"http://127.0.0.1:{freePort ()}" ]
            Expect.equal found.Findings [ "error", "not-there", "monitor" ] "once"
            Expect.equal found.Code 1 "exit code"
            let! (wrong: Outcome) = run [ "check"; "localhost:8096" ]
            Expect.equal wrong.Code 2 "no address"
        }
    ]
