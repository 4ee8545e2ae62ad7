/// The numbers of the simulated Flink in the monitor step of kta serve.
module Kta.Cli.Tests.ServedMonitorTests

open System.Net.Http
open System.Text
open System.Threading
open Expecto
open Kta.Cli.Tests.Flink

let private served: Test = testTask "kta serve --monitor answers the monitor step with its numbers" {
    do!
        serving (chain "busy" 1000.0) (fun served -> task {
            served.Pass 120.0
            let port = Tool.freePort ()
            use ending = new CancellationTokenSource()

            let running =
                Tool.runUntil ending.Token [
                    "serve"
                    "--algorithm"
                    "ds2"
                    "--monitor"
                    $"flink:{served.Face.Address}#busy"
                    "--host"
                    "127.0.0.1"
                    "--port"
                    string port
                ]

            do! Tool.isServing port "/health/ready"
            use client = new HttpClient()

            let body =
                """{"id":"a","udfStartTimestampMillis":1,"topology":[{"type":"flinkStreamingGraphNode","fields":"id=map"}],"monitorResult":{},"analyzeResult":{},"resultHistory":[]}"""

            use content = new StringContent(body, Encoding.UTF8, "application/json")
            use! answer = client.PostAsync($"http://127.0.0.1:{port}/api/v1alpha1/monitor", content)
            let! text = answer.Content.ReadAsStringAsync()
            ending.Cancel()
            let! (outcome: Tool.Outcome) = running
            Expect.equal (int answer.StatusCode) 200 $"{text} {outcome.Notes}"
            Expect.stringContains text "\"name\":\"flink\"" "measurements of Flink"
            Expect.stringContains text "\"recordsIn\":" "with rates"
        })
}

let private refused =
    testList "kta serve refuses" [
        for what, arguments, expected in
            [
                "a source it does not know",
                [ "--monitor"; "jmx:localhost" ],
                "--monitor jmx: write flink:URL#JOB or prometheus:FILE or kafka:FILE"
                "a kind without an address",
                [ "--monitor"; "flink" ],
                "--monitor flink: write flink:URL#JOB or prometheus:FILE or kafka:FILE"
                "a password where an address should be",
                [ "--monitor"; "http://user:hunter2@host:8081#orders" ],
                "--monitor http: write flink:URL#JOB"
                "an address that is none", [ "--monitor"; "flink:localhost:8081" ], "has to be one with http or https"
                "a monitor for what has its own",
                [ "--algorithm"; "dummy"; "--monitor"; "flink:http://f" ],
                "dummy has a monitor of its own"
            ] do
            testTask what {
                let! (outcome: Tool.Outcome) = Tool.run ("serve" :: arguments)
                Expect.equal outcome.Code 2 "wrong usage"
                Expect.stringContains outcome.Notes expected "what is wrong, and what to write"
                Expect.isFalse (outcome.Notes.Contains "hunter2") "no secret on the terminal"
            }
    ]

let tests = testList "kta serve --monitor" [ served; refused ]
