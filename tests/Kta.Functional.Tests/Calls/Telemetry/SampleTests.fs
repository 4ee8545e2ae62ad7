/// The sample, its dashboard and its alerts, on a real Prometheus, and its OTLP.
module Kta.Functional.Tests.Telemetry.SampleTests

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Text
open System.Text.Json
open System.Text.RegularExpressions
open System.Threading.Tasks
open Expecto
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.Prometheus
open Kta.Functional.Tests.Telemetry.Listening
open Microsoft.AspNetCore.Http

let private folder = "samples/Telemetry"
let private alerts = Repository.read $"{folder}/alerts.yaml"
let private dashboard = Repository.read $"{folder}/grafana-dashboard.json" |> Json.parse

/// What the panels ask, with what Grafana puts into it.
let private panels = [
    for panel in dashboard.GetProperty("panels").EnumerateArray() do
        for target in panel.GetProperty("targets").EnumerateArray() do
            (Json.text target "expr").Replace("$job", ".+").Replace("$__rate_interval", "1m")
]

/// The expressions of the alerts, folded ones too.
let private conditions = [
    for found in Regex.Matches(alerts, @"^ +expr: (?:>-\n((?: {10,}.*\n)+)|(.+)\n)", RegexOptions.Multiline) do
        Regex.Replace(found.Groups[1].Value + found.Groups[2].Value, @"\s+", " ").Trim()
]

let private namesIn (query: string) = [ for found in Regex.Matches(query, @"\bkta_functional_\w+") -> found.Value ]

/// The sample as a process, with where it listens.
let private start (environment: (string * string) list) : Task<Process * Uri> = task {
    let started =
        Processes.startWith environment [
            Repository.path $"{folder}/bin/Release/net10.0/Telemetry.dll"
            "--urls"
            "http://127.0.0.1:0"
        ]

    let! address = Processes.addressOf started
    Processes.readOn started
    return started, address
}

let private stopping (started: Process) = {
    new IAsyncDisposable with
        member _.DisposeAsync() =
            started.Kill()
            started.WaitForExit()
            started.Dispose()
            ValueTask.CompletedTask
}

/// Something of everything: plans, and a request that is not valid.
let private callAll (client: HttpClient) : Task = task {
    let measured, analyzed = """{"numInvocations":1}""", """{"toggleState":1}"""

    let plan = Requests.ofNodes [ "orders" ] measured analyzed $"[{Requests.entry measured analyzed}]"

    for step, body, status in [ "monitor", Requests.first, 200; "plan", plan, 200; "plan", "{}", 422 ] do
        use content = new StringContent(body, Encoding.UTF8, "application/json")
        use! reply = client.PostAsync($"/api/v1alpha1/{step}", content)
        Expect.equal (int reply.StatusCode) status step
}

/// Whether an answer of Prometheus has values.
let private hasData (answer: string) =
    (Json.parse answer).GetProperty("data").GetProperty("result").GetArrayLength() > 0

let private asked (prometheus: RealPrometheus.RunningPrometheus) (client: HttpClient) (query: string) =
    untilAsync (fun () -> task {
        do! callAll client
        let! answer = prometheus.Ask query
        return if hasData answer then Some() else None
    })

let private isHealthy (rules: JsonElement) = [
    for group in rules.GetProperty("data").GetProperty("groups").EnumerateArray() do
        for rule in group.GetProperty("rules").EnumerateArray() do
            Json.text rule "health"
]

let private scraped =
    testCaseTask "shows what the dashboard, the alerts and the page ask a real Prometheus about it"
    <| fun () -> task {
        RealPrometheus.require ()
        let! started, address = start []
        use client = new HttpClient(BaseAddress = address)
        do! callAll client
        let rules = Repository.path $"{folder}/alerts.yaml"

        let! prometheus =
            RealPrometheus.startOn (stopping started) (RealPrometheus.configuration (string address) [ rules ])

        use _ = prometheus :> IAsyncDisposable

        // A rate takes two scrapes.
        do! asked prometheus client "sum(rate(kta_functional_step_duration_seconds_count{error_type!=\"\"}[1m])) > 0"
        do! asked prometheus client "sum(increase(kta_functional_decisions_total[1m])) > 0"

        let! known = prometheus.Get "/api/v1/label/__name__/values"
        let known = set [ for name in (Json.parse known).GetProperty("data").EnumerateArray() -> string name ]

        Expect.equal
            (panels @ conditions @ TelemetryPage.queries
             |> List.collect namesIn
             |> List.filter (known.Contains >> not))
            []
            "names that the sample does not show"

        for query in panels @ TelemetryPage.queries do
            let! answer = prometheus.Ask query
            Expect.isTrue (hasData answer) query

        // Nothing is wrong, so nothing comes, but it has to be understood.
        for condition in conditions do
            let! answer = prometheus.Ask condition
            Expect.stringContains answer "\"success\"" condition

        let! health =
            untilAsync (fun () -> task {
                let! rules = prometheus.Get "/api/v1/rules"
                let health = isHealthy (Json.parse rules)
                return if List.contains "unknown" health then None else Some health
            })

        Expect.hasLength health conditions.Length "alerts"
        Expect.all health ((=) "ok") "their health"
    }

/// Runs promtool, which is a part of Prometheus.
let private promtool (arguments: string list) : Task<string> = task {
    use tool = Processes.startProgram "/usr/bin/promtool" [] arguments
    let errors = tool.StandardError.ReadToEndAsync()
    let! output = tool.StandardOutput.ReadToEndAsync()
    let! errors = errors
    do! tool.WaitForExitAsync()
    Expect.equal tool.ExitCode 0 (output + errors)
    return output
}

let private firing =
    testCaseTask "has alerts of which each fires when it should, and none when all is well"
    <| fun () -> task {
        RealPrometheus.require ()
        let! found = promtool [ "check"; "rules"; Repository.path $"{folder}/alerts.yaml" ]
        Expect.stringContains found $"{conditions.Length} rules found" "all of them"
        let place = Directory.CreateTempSubdirectory("kta-alerts-").FullName

        try
            // Rules are looked for beside their tests.
            File.WriteAllText(Path.Combine(place, "alerts.yaml"), alerts)
            let tests = Path.Combine(place, "alerts-test.yaml")
            let text = Repository.read "tests/Kta.Functional.Tests/data/telemetry/alerts-test.yaml"
            File.WriteAllText(tests, text)
            let names = [ for found in Regex.Matches(alerts, "alert: (\w+)") -> found.Groups[1].Value ]
            Expect.all names text.Contains "every alert has its test"
            let! _ = promtool [ "test"; "rules"; tests ]
            ()
        finally
            Directory.Delete(place, true)
    }

let private exported =
    testCaseTask "sends its spans and metrics by OTLP to where the environment says"
    <| fun () -> task {
        let received = ConcurrentDictionary<string, string>()

        let! collector =
            FakeSystem.startWith (fun context asked ->
                received.AddOrUpdate(asked.Path, asked.Body, (fun _ before -> before + asked.Body))
                |> ignore

                context.Response.ContentType <- "application/x-protobuf"
                context.Response.WriteAsync "")

        use _ = collector :> IAsyncDisposable

        let! started, address =
            start [
                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address
                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"
                "OTEL_METRIC_EXPORT_INTERVAL", "200"
                "OTEL_BSP_SCHEDULE_DELAY", "100"
            ]

        use _ = stopping started
        use client = new HttpClient(BaseAddress = address)
        do! callAll client

        for path, names in
            [
                "/v1/traces", [ "kta.plan"; "kta.monitor"; "kta.iteration.id"; "Microsoft.AspNetCore" ]
                "/v1/metrics",
                [ "kta.functional.step.duration"; "kta.functional.parallelism.decided"; "Deployment/orders" ]
            ] do
            for name in names do
                do!
                    until (fun () ->
                        match received.TryGetValue path with
                        | true, body when body.Contains name -> Some()
                        | _ -> None)
    }

let private linked = test "has a dashboard whose panels are drawn, each with a title of its own" {
    let titles = [ for panel in dashboard.GetProperty("panels").EnumerateArray() -> Json.text panel "title" ]
    Expect.equal (List.distinct titles) titles "titles"
    Expect.isNonEmpty panels "queries"
    Expect.isNonEmpty conditions "conditions"
}

let tests = testList "The sample of telemetry" [ linked; exported; scraped; firing ]
