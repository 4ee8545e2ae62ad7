namespace Kta.Functional.Http

open System
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection

/// Answers probes in front of all else: authorization, rate limits, caches and filters of hosts are for callers, and a pod
/// whose probes they turn away is restarted for nothing. Where the application has an endpoint of its own, it is left alone.
type internal Probes() =
    let mutable hasOwn = fun (_: string) -> false

    let mutable answers: (string * RequestDelegate) list = []

    member this.Register(services: IServiceCollection) =
        // The first filter is the outermost, outside of what ASP.NET Core registers by itself.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter> this)

    /// What is answered, and where; to be said before the application starts.
    member _.Answer(health: (string * HttpHandler) list) =
        answers <- [ for path, handler in health -> path, HttpHandler.toRequestDelegate handler ]

    member _.LeaveToOwn(app: WebApplication) = hasOwn <- OwnEndpoints.has app

    interface IStartupFilter with
        member _.Configure next =
            Action<IApplicationBuilder>(fun app ->
                match answers |> List.filter (fun (path, _) -> not (hasOwn path)) with
                | [] -> ()
                | answers ->
                    app.Use(fun (rest: RequestDelegate) ->
                        RequestDelegate(fun ctx ->
                            match answers |> List.tryFind (fun (path, _) -> HttpHandler.isAt path ctx) with
                            | Some(_, answer) -> answer.Invoke ctx
                            | None -> rest.Invoke ctx))
                    |> ignore

                next.Invoke app)
