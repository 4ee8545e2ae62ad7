/// MapKta behind the middleware of an application, and in its description.
module Kta.Functional.Tests.Http.MappedTests

open System
open System.Linq
open System.Net.Http
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.Calling
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Http.Middleware
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Metadata
open Microsoft.AspNetCore.Mvc.ApiExplorer
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

/// An application that serves the steps among its endpoints, and says how it describes them: all generators of OpenAPI
/// documents read what ASP.NET Core's explorer finds.
let private application (middleware: Middleware) (algorithm: Algorithm) (check: HttpClient -> Task<unit>) = task {
    let builder = WebApplication.CreateBuilder()
    builder.Logging.ClearProviders() |> ignore
    builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
    middleware.Services builder.Services
    builder.Services.AddEndpointsApiExplorer().AddKta algorithm |> ignore
    let app = builder.Build()
    use _ = app :> IAsyncDisposable
    middleware.Use app

    app
        .MapGet(
            "/description",
            Func<IApiDescriptionGroupCollectionProvider, string array>(fun explorer -> [|
                for group in explorer.ApiDescriptionGroups.Items do
                    for one in group.Items do
                        let takes = [ for format in one.SupportedRequestFormats -> format.MediaType ]

                        let gives = [
                            for reply in one.SupportedResponseTypes do
                                for format in reply.ApiResponseFormats -> $"{reply.StatusCode} {format.MediaType}"
                        ]

                        let tags = [
                            for tagged in one.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>() do
                                yield! tagged.Tags
                        ]

                        $"{one.HttpMethod} /{one.RelativePath} %A{takes} %A{gives} %A{tags}"
            |])
        )
        .ExcludeFromDescription()
    |> ignore

    app.MapKta() |> ignore
    do! app.StartAsync()
    use handler = new SocketsHttpHandler(UseProxy = false)
    use client = new HttpClient(handler, BaseAddress = Uri(Seq.head app.Urls))
    do! check client
}

let private described (client: HttpClient) = task {
    let! reply = getFrom client "/description"
    Expect.equal reply.Status 200 reply.Text

    Expect.equal
        [ for one in reply.Json.EnumerateArray() -> string one ]
        [
            for step in [ "monitor"; "analyze"; "plan" ] ->
                $"""POST /api/v1alpha1/{step} ["application/json"] ["200 application/json"] ["algorithm"]"""
        ]
        "each step, and nothing else of ours"
}

let tests =
    testSequenced
    <| testList "MapKta: the application's own description has the steps, and replies arrive whole behind" [
        for middleware in all do
            testCaseTask middleware.Name
            <| fun () ->
                application middleware (obedient (newGate ())) (fun client -> task {
                    do! described client

                    for path in [ "/health/live"; "/health/ready"; "/health" ] do
                        do! getFrom client path |> expect 200 """{"status":"ok"}""" path

                    do! postTo client monitor Requests.first |> expect 200 """{"ok":true}""" "a step"

                    do!
                        postTo client monitor (withId "throw")
                        |> expect 500 "as asked" "a step that throws"

                    do!
                        postTo client monitor "{}"
                        |> expect 422 "$.id: expected" "a request that is not valid"

                    do! getFrom client monitor |> expect 405 "with POST" "another method"

                    do!
                        send client "POST" monitor "text/plain" "{}"B
                        |> expect 415 "text/plain" "another type"

                    let! nothing = getFrom client "/nowhere"
                    Expect.equal nothing.Status 404 "the rest is the application's"
                })
    ]
