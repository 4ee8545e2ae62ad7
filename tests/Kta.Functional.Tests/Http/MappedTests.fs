/// MapKta behind the middleware of an application, and in its description.
module Kta.Functional.Tests.Http.MappedTests

open System
open System.Linq
open System.Net.Http
open Expecto
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.Calling
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Http.Middleware
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Metadata
open Microsoft.AspNetCore.Mvc.ApiExplorer
open Microsoft.Extensions.DependencyInjection

/// How an application describes its endpoints: all generators of OpenAPI documents read what ASP.NET Core's explorer finds.
let private description =
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

let private described (client: HttpClient) = task {
    let! reply = getFrom client "/description"
    Expect.equal reply.Status 200 reply.Text

    Expect.equal
        [ for one in reply.Json.EnumerateArray() -> string one ]
        [
            for step in [ "monitor"; "analyze"; "plan"; "explain" ] ->
                $"""POST /api/v1alpha1/{step} ["application/json"] ["200 application/json"] ["algorithm"]"""
        ]
        "each step and explain, and nothing else of ours"
}

let tests =
    testSequenced
    <| testList "MapKta: the application's own description has the steps, and replies arrive whole behind" [
        for middleware in all do
            testCaseTask middleware.Name
            <| fun () ->
                inside
                    (fun builder ->
                        middleware.Services builder.Services

                        builder.Services.AddEndpointsApiExplorer().AddKta(obedient (newGate ()))
                        |> ignore)
                    (fun app ->
                        middleware.Use app
                        app.MapGet("/description", description).ExcludeFromDescription() |> ignore
                        app.MapKta() |> ignore)
                    (fun client -> task {
                        do! described client
                        do! commonReplies client
                        let! nothing = getFrom client "/nowhere"
                        Expect.equal nothing.Status 404 "the rest is the application's"
                    })
    ]
