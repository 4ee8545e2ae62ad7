namespace Kta.Functional.Http

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open Kta.Functional
open Microsoft.AspNetCore.Authorization
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Metadata
open Microsoft.AspNetCore.OutputCaching
open Microsoft.AspNetCore.RateLimiting
open Microsoft.AspNetCore.Routing
open Microsoft.AspNetCore.Routing.Patterns
open Microsoft.Extensions.FileProviders
open Microsoft.Extensions.Primitives

/// One algorithm among the endpoints of an application, and what these are told.
type internal Mapped(served: Served) =
    let conventions = List<Action<EndpointBuilder>>()
    let final = List<Action<EndpointBuilder>>()

    /// For the description of the application: what a step takes and gives.
    let describe (serve: RequestDelegate) (builder: EndpointBuilder) =
        builder.Metadata.Add(HttpMethodMetadata [| HttpMethods.Post |])
        builder.Metadata.Add(AcceptsMetadata([| "application/json" |], typeof<JsonObject>))
        builder.Metadata.Add(ProducesResponseTypeMetadata(200, typeof<JsonObject>, [| "application/json" |]))
        builder.Metadata.Add(TagsAttribute served.Algorithm.Name)
        // What has no method is left out of every description.
        builder.Metadata.Add serve.Method

    /// The same for all other methods and types of content, so that they are refused as everywhere else; nothing to describe.
    let forOthers (step: RouteEndpoint) : Endpoint =
        let metadata = [
            for one in step.Metadata do
                match one with
                | :? IHttpMethodMetadata
                | :? IAcceptsMetadata
                | :? Reflection.MethodInfo -> ()
                | other -> other
        ]

        RouteEndpoint(
            nonNull step.RequestDelegate,
            step.RoutePattern,
            step.Order,
            EndpointMetadataCollection metadata,
            step.DisplayName
        )

    let make () : Endpoint list = [
        for path, serve in served.Steps do
            let builder =
                RouteEndpointBuilder(serve, RoutePatternFactory.Parse path, 0, DisplayName = $"KTA {path}")

            describe serve builder

            for convention in Seq.append conventions final do
                convention.Invoke builder

            let step = builder.Build() :?> RouteEndpoint
            step
            forOthers step
    ]

    let endpoints = lazy make ()

    member _.Served = served

    /// Made when they are first asked for: by then everybody has said what they are told.
    member _.Endpoints = endpoints.Value

    interface IEndpointConventionBuilder with
        member _.Add convention = conventions.Add convention
        member _.Finally convention = final.Add convention

/// The endpoints that MapKta has made at one place, of one algorithm or of several.
type internal MappedEndpoints() =
    inherit EndpointDataSource()

    let mapped = List<Mapped>()

    /// What an application has of its own goes before it, also a pattern; only what takes all that is left comes later.
    static let behindOwn = Int32.MaxValue - 1

    let health () : Endpoint list = [
        for _, ofOnePath in mapped |> Seq.map _.Served |> Seq.groupBy _.Options.HealthRoot do
            for path, answer in Health.endpoints (List.ofSeq ofOnePath) do
                let serve = HttpHandler.toRequestDelegate (fun next ctx -> answer next ctx)

                let builder =
                    RouteEndpointBuilder(serve, RoutePatternFactory.Parse path, behindOwn, DisplayName = $"KTA {path}")

                // Probes know no password, and an answer of a minute ago is none.
                builder.Metadata.Add(AllowAnonymousAttribute())
                builder.Metadata.Add(DisableRateLimitingAttribute())
                builder.Metadata.Add(OutputCacheAttribute(NoStore = true))
                builder.Metadata.Add(ExcludeFromDescriptionAttribute())

                builder.Build()
    ]

    /// Takes an algorithm in, unless another is there already.
    member _.Add(served: Served) : Mapped =
        let isTaken (path: string) =
            mapped.Exists(fun one ->
                one.Served.Steps
                |> List.exists (fun (taken, _) -> taken.Equals(path, StringComparison.OrdinalIgnoreCase)))

        match served.Steps |> List.tryFind (fst >> isTaken) with
        | None -> ()
        | Some(path, _) ->
            raise (
                IllegalStateException
                    $"{path} is mapped already. Give each algorithm a prefix of its own: MapKta(algorithm, options => options.Prefix = \"/other\")."
            )

        let one = Mapped served
        mapped.Add one
        one

    override _.Endpoints =
        [|
            for one in mapped do
                yield! one.Endpoints
            yield! health ()
        |]
        :> IReadOnlyList<Endpoint>

    override _.GetChangeToken() : IChangeToken = NullChangeToken.Singleton
