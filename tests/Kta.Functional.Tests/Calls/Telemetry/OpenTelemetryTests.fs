/// What OpenTelemetry makes of a server in this process.
module Kta.Functional.Tests.Telemetry.OpenTelemetryTests

open System
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Server
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection
open OpenTelemetry.Metrics
open OpenTelemetry.Trace

let private telemetry (builder: WebApplicationBuilder) =
    builder.Services
        .AddOpenTelemetry()
        .WithMetrics(fun metrics -> metrics.AddMeter("Kta.Functional").AddPrometheusExporter() |> ignore)
        .WithTracing(fun traces -> traces.AddSource("Kta.Functional", "Microsoft.AspNetCore") |> ignore)
    |> ignore

let private scrapable (options: HttpBackendOptions) =
    alsoConfigure telemetry options
    options.ConfigureApp <- fun app -> app.MapPrometheusScrapingEndpoint() |> ignore

/// The name of an instrument in Prometheus.
let nameOf (promise: TelemetryPage.Promise) =
    let name = promise.Name.Replace('.', '_')

    match promise.Kind, promise.Unit with
    | "counter", _ -> name + "_total"
    | "histogram", "s" -> name + "_seconds_count"
    | "gauge", "s" -> name + "_seconds"
    | "histogram", _ -> name + "_bytes_count"
    | _ -> name

let private all = TelemetryPage.ofSteps @ TelemetryPage.ofCalls

let private namesIn (text: string) = [
    for found in Regex.Matches(text, @"^(kta_functional_\w+){", RegexOptions.Multiline) do
        let name = found.Groups[1].Value

        if not (name.EndsWith "_bucket" || name.EndsWith "_sum") then
            name
]

let tests =
    testList "OpenTelemetry" [
        testCaseTask "shows counters from the start, and after a call everything that is promised"
        <| fun () ->
            serveWith scrapable (watched (newGate ())) (fun server -> task {
                let scrape () = server.Send("GET", "/metrics", null, null)
                let! early = scrape ()

                expectNames
                    (namesIn early.Text)
                    [
                        for promise in all do
                            if promise.Kind.EndsWith "counter" then
                                nameOf promise
                    ]
                    "from the start"

                let! reply = server.Call("plan", planning)
                Expect.equal reply.Status 200 reply.Text
                // An answer is kept for a moment.
                let! late =
                    untilAsync (fun () -> task {
                        let! shown = scrape ()

                        return
                            if shown.Text.Contains "parallelism_decided" then
                                Some shown.Text
                            else
                                None
                    })

                expectNames (namesIn late) (List.map nameOf all) "after a plan"
                Expect.stringContains late "kta_node=\"Deployment/orders\"} 3" "what is wanted"
            })
    ]
