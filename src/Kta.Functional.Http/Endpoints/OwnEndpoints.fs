/// What the application itself has at the path of a request, as handlers among ours.
module internal Kta.Functional.Http.OwnEndpoints

open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing
open Microsoft.AspNetCore.Routing.Patterns

let private isAtOnePath (endpoint: Endpoint | null) =
    match endpoint with
    | :? RouteEndpoint as endpoint -> endpoint.RoutePattern.Parameters.Count = 0
    | _ -> false

let private serve (isMeant: Endpoint | null -> bool) (own: RequestDelegate) : HttpHandler =
    fun next ctx ->
        if isMeant (ctx.GetEndpoint()) then
            task {
                do! own.Invoke ctx
                return! next ctx
            }
        else
            HttpHandler.skip

/// Only what is exactly there: a fallback of the application must not answer for the health of the process.
let exact (own: RequestDelegate) : HttpHandler = serve isAtOnePath own

/// What is there under a name, and not because it takes whatever comes.
let named (own: RequestDelegate) : HttpHandler =
    serve
        (fun endpoint ->
            match endpoint with
            | :? RouteEndpoint as endpoint ->
                endpoint.RoutePattern.PathSegments
                |> Seq.exists (fun segment ->
                    segment.Parts |> Seq.forall (fun part -> part :? RoutePatternLiteralPart))
            | _ -> false)
        own

let any (own: RequestDelegate) : HttpHandler = serve (isNull >> not) own

/// Whether the application has an endpoint at exactly this path.
let has (app: IEndpointRouteBuilder) (path: string) =
    app.DataSources
    |> Seq.collect _.Endpoints
    |> Seq.exists (fun endpoint ->
        match endpoint with
        | :? RouteEndpoint as route ->
            isAtOnePath route
            && ("/" + string route.RoutePattern.RawText)
                .Trim('/')
                .Equals(path.Trim '/', System.StringComparison.OrdinalIgnoreCase)
        | _ -> false)
