/// What a simulated Flink takes, refuses and does not have.
module Kta.Cli.Tests.FlinkRequestTests

open System
open System.Collections.ObjectModel
open System.Net.Http
open System.Text.Json.Nodes
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Cli.Tests.Flink

let private requests =
    let refused (what: string) (body: string) (message: string) = testTask $"refuses {what}" {
        do!
            serving (chain "checked" 900.0) (fun served -> task {
                let! status, answer = served.Ask HttpMethod.Put $"{served.Job}/resource-requirements" body
                Expect.equal status 400 "status"
                Expect.stringContains (text [ "errors"; 0 ] answer) message "why"
                let! asked = served.InJob "/resource-requirements"
                Expect.equal (whole [ "map"; "parallelism"; "upperBound" ] asked) 3L "nothing has changed"
            })
    }

    let bounds (source: string) (map: string) =
        $"""{{"source":{{"parallelism":{{{source}}}}},"map":{{"parallelism":{{{map}}}}}}}"""

    let one = "\"lowerBound\":1,\"upperBound\":1"
    let format = "Request did not match expected format JobResourceRequirementsBody."

    testList "takes requirements like Flink, which" [
        refused "no requirements" "{}" "Request body does not specify resource requirements."
        refused "no body" "" "Request body does not specify resource requirements."
        refused "what is no JSON" "{" format
        refused "what is no object" "[]" format
        refused "what is null" "null" format
        refused "bounds that are no object" """{"source":3}""" format
        refused "a bound that is missing" (bounds one "\"upperBound\":1") format
        refused "members it does not know" (bounds one (one + ",\"maxBound\":3")) format
        refused "a bound that is no number" (bounds one "\"lowerBound\":true,\"upperBound\":1") format
        refused "a bound beyond all numbers" (bounds one "\"lowerBound\":1,\"upperBound\":1e30") format
        refused
            "a part of the vertices"
            """{"source":{"parallelism":{"lowerBound":1,"upperBound":1}}}"""
            "The request is incomplete, missing job vertex [map] resource requirements."
        refused
            "vertices it does not have"
            """{"sink":{"parallelism":{"lowerBound":1,"upperBound":1}}}"""
            "Job vertex [sink] was not found in the JobGraph."
        refused
            "less than one"
            (bounds one "\"lowerBound\":0,\"upperBound\":1")
            "Both, the requested lower bound [0] and upper bound [1] for job vertex [map] must be greater than zero."
        refused
            "a lower bound above the upper one"
            (bounds one "\"lowerBound\":3,\"upperBound\":2")
            "The requested lower bound [3] for job vertex [map] is higher than the upper bound [2]."
        refused
            "more than there can be"
            (bounds one "\"lowerBound\":1,\"upperBound\":129")
            "The newly requested parallelism 129 for the job vertex map exceeds its maximum parallelism 128."

        testTask "expands -1, cuts fractions and reads numbers in quotes" {
            do!
                serving (chain "lenient" 900.0) (fun served -> task {
                    let body = bounds "\"lowerBound\":-1,\"upperBound\":-1" "\"lowerBound\":\"2\",\"upperBound\":3.9"
                    let! status, _ = served.Ask HttpMethod.Put $"{served.Job}/resource-requirements" body
                    Expect.equal status 200 "taken"
                    let! asked = served.InJob "/resource-requirements"

                    Expect.equal
                        (asked.ToJsonString())
                        (bounds "\"lowerBound\":1,\"upperBound\":128" "\"lowerBound\":2,\"upperBound\":3")
                        "what it makes of it"
                })
        }

        testTask "lists what it has received, with the time of the simulation" {
            let! (served: Served) =
                start (chain "asked" 900.0) (fun clock -> FlinkFaceOptions(Clock = clock, Speed = 60.0))

            served.Pass 1.0
            let! _ = served.Require [ "source", 1, 2; "map", 1, 4 ]
            served.Pass 2.5
            let! _ = served.Require [ "map", 1, 4 ]
            let! received = served.Get "/kta/requests"

            Expect.equal
                [ for one in items received -> whole [ "second" ] one, whole [ "status" ] one ]
                [ 60L, 200L; 210L, 400L ]
                "a second of the clock is a minute"

            Expect.equal (whole [ 0; "body"; "map"; "parallelism"; "upperBound" ] received) 4L "what was sent"
            do! (served :> IAsyncDisposable).DisposeAsync()
        }
    ]

let private errors =
    let none = String('0', 32)

    let answers (method: HttpMethod) (path: string) (status: int) (message: string) =
        testTask $"{method} {path.Replace(none, string '0')}" {
            do!
                serving (chain "wrong" 900.0) (fun served -> task {
                    let! found, answer = served.Ask method (path.Replace("{job}", served.Face.JobId)) ""
                    Expect.equal found status "status"
                    let errors = [ for error in items (at [ "errors" ] answer) -> error.GetValue<string>() ]
                    Expect.stringContains (String.concat "\n" errors) message "errors"
                })
        }

    testList "answers what it does not have like Flink:" [
        answers HttpMethod.Get "/nowhere?x=1" 404 "Not found: /nowhere?x=1"
        answers HttpMethod.Post "/jobs" 404 "Not found: /jobs"
        answers HttpMethod.Get "/jobs/{job}/nothing" 404 "Not found: "
        answers HttpMethod.Get "/jobs/{job}/vertices/map/nothing" 404 "Not found: "
        for path in [ "config"; "exceptions"; "checkpoints"; "metrics" ] do
            answers HttpMethod.Get $"/jobs/{{job}}/{path}" 404 "Not found: "

        answers HttpMethod.Get "/taskmanagers/taskmanager-1/metrics" 404 "Not found: "
        answers HttpMethod.Get "/jobs/orders" 400 "Cannot resolve path parameter (jobid) from value \"orders\"."
        answers HttpMethod.Get $"/jobs/{none}" 404 $"Job {none} not found"
        answers HttpMethod.Get $"/jobs/{none}/vertices/map" 404 $"Job {none} not found"
        answers HttpMethod.Get "/jobs/{job}/vertices/sink" 404 "JobVertex sink not found"
        answers HttpMethod.Get $"/jobs/{none}/status" 500 $"Could not find Flink job ({none})"
        answers HttpMethod.Get $"/jobs/{none}/resource-requirements" 500 $"Could not find Flink job ({none})"
        answers HttpMethod.Put $"/jobs/{none}/resource-requirements" 500 $"Could not find Flink job ({none})"
        answers HttpMethod.Put "/kta/slots" 400 "Expected {\"slots\": n}"

        testTask "and a version in front of a path changes nothing" {
            do!
                serving (chain "versioned" 900.0) (fun served -> task {
                    let! plain = served.Get "/jobs"
                    let! versioned = served.Get "/v1/jobs"
                    Expect.isTrue (JsonNode.DeepEquals(plain, versioned)) "the same"
                })
        }

        testTask "and a proxy, which asks with the host in front, gets the same" {
            do!
                serving (chain "proxied" 900.0) (fun served -> task {
                    use handler = new HttpClientHandler(Proxy = Net.WebProxy(served.Face.Address))
                    use client = new HttpClient(handler)
                    let! jobs = client.GetStringAsync "http://flink.example/jobs"
                    let! plain = served.Get "/jobs"
                    Expect.equal jobs (plain.ToJsonString()) "the same"
                })
        }

        testTask "and whatever is asked, the answer is JSON, and the job goes on" {
            do!
                serving (chain "pestered" 900.0) (fun served -> task {
                    let random = Random 1

                    let words = [|
                        "jobs"
                        served.Face.JobId
                        "vertices"
                        "map"
                        "subtasks"
                        "metrics"
                        "backpressure"
                        "rescales"
                        "details"
                        "overview"
                        "taskmanagers"
                        "0"
                        "-1"
                        "%2F"
                        "%"
                        ".."
                        "a b"
                        "ü"
                        "v1"
                    |]

                    let queries = [|
                        ""
                        "?get="
                        "?get=busyTimeMsPerSecond&agg="
                        "?subtasks=5-,-3,a,0-99999999&get=busyTimeMsPerSecond"
                        "?&&=&get"
                    |]

                    let bodies = [|
                        ""
                        "{}"
                        "[{]"
                        "{\"map\":{\"parallelism\":{\"lowerBound\":1e999,\"upperBound\":{}}}}"
                    |]

                    let pick (from: string array) = from[random.Next from.Length]

                    for _ in 1..400 do
                        let path = String.concat "" [ for _ in 0 .. random.Next 6 -> "/" + pick words ]
                        let method = HttpMethod(pick [| "GET"; "GET"; "PUT"; "PATCH" |])
                        let body = if method = HttpMethod.Get then "" else pick bodies
                        served.Pass(float (random.Next 20))
                        let! status, _ = served.Ask method (path + pick queries) body
                        Expect.contains [ 200; 400; 404 ] status $"{method} {path}"

                    let! jobs = served.Get "/jobs"
                    Expect.equal (text [ "jobs"; 0; "status" ] jobs) "RUNNING" "it goes on"
                })
        }

        testTask "and an application with nodes that are no vertices is not served" {
            let application =
                Application(
                    Name = "deployed",
                    Operators = [| StreamOperator(TopologyNode.Deployment "orders", ratePerInstance = 1.0) |],
                    Sources =
                        ReadOnlyDictionary(
                            dict [ TopologyNode.Deployment "orders" :> TopologyNode, Trace.Constant 1.0 ]
                        )
                )

            let! error = refusal (fun () -> FlinkFace.StartAsync(application, FlinkFaceOptions()))
            Expect.stringContains error "Deployment/orders is no vertex of a Flink job" "why"
        }
    ]

let tests = testList "A simulated Flink" [ requests; errors ]
