namespace Kta.Functional.Http

open System
open System.IO
open Microsoft.AspNetCore.Hosting.Server
open Microsoft.AspNetCore.Server.Kestrel.Core
open Microsoft.Extensions.DependencyInjection

/// A server that says so if it cannot listen, so that this is told apart from all else that can fail while an application
/// starts.
type internal ListeningServer(inner: IServer) =
    static let key = "Kta.Functional.Kestrel"

    /// In place of Kestrel. Another server, of a test for example, stays as it is.
    static member Replace(services: IServiceCollection) =
        match
            services
            |> Seq.tryFindBack (fun service -> service.ServiceType = typeof<IServer>)
        with
        | Some server when not server.IsKeyedService ->
            match server.ImplementationType with
            | null -> ()
            | kestrel when kestrel.Assembly = typeof<KestrelServer>.Assembly ->
                services.Remove server |> ignore
                services.Add(ServiceDescriptor(typeof<IServer>, key, kestrel, ServiceLifetime.Singleton))

                services.AddSingleton<IServer>(fun provider ->
                    new ListeningServer(provider.GetRequiredKeyedService<IServer> key) :> IServer)
                |> ignore
            | _ -> ()
        | _ -> ()

    interface IServer with
        member _.Features = inner.Features

        member _.StartAsync<'context when 'context: not null>
            (application: IHttpApplication<'context>, cancellationToken)
            = task {
            try
                do! inner.StartAsync(application, cancellationToken)
            with
            | :? OperationCanceledException as error when cancellationToken.IsCancellationRequested -> raise error
            | error ->
                raise (
                    IOException(
                        $"The HTTP backend cannot listen: {error.Message} Choose another address with HttpBackendOptions.Host and Port, --urls or ASPNETCORE_URLS.",
                        error
                    )
                )
        }

        member _.StopAsync cancellationToken = inner.StopAsync cancellationToken

        /// The container has made the inner server, and disposes of it.
        member _.Dispose() = ()
