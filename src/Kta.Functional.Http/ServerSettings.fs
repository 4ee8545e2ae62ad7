/// What a server of its own needs from ASP.NET Core, before the user has the last word.
module internal Kta.Functional.Http.ServerSettings

open System
open System.Collections.Generic
open System.Globalization
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.Configuration.Memory
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting

/// Settings are read once: to watch their files takes every directory below the current one, time at the start, and one of
/// the few inotify instances of a node. Arguments that follow have the last word.
let private readOnce = "--hostBuilder:reloadConfigOnChange=false"

let builderOf (arguments: string array | null) =
    match arguments with
    | null -> [| readOnce |]
    | given -> Array.append [| readOnce |] given
    |> WebApplication.CreateSlimBuilder

let private quietByDefault (builder: WebApplicationBuilder) =
    let settings = [| KeyValuePair<string, string | null>("Logging:LogLevel:Microsoft", "Warning") |]
    builder.Configuration.Sources.Insert(0, MemoryConfigurationSource(InitialData = settings))

let private listen (options: HttpBackendOptions) (builder: WebApplicationBuilder) =
    let configuration = builder.Configuration

    let isConfigured =
        [ "urls"; "http_ports"; "https_ports" ]
        |> List.exists (fun key -> not (String.IsNullOrEmpty configuration[key]))
        || configuration.GetSection("Kestrel:Endpoints").Exists()

    let isChosen = options.Port.HasValue || not (String.IsNullOrEmpty options.Host)

    if isChosen || not isConfigured then
        let host =
            match options.Host with
            | null
            | "" -> "0.0.0.0"
            | chosen -> chosen

        let port = if options.Port.HasValue then options.Port.Value else 8096
        // Not interpolated: F#'s formatting takes longer the first time than all the rest of this.
        builder.WebHost.UseUrls("http://" + host + ":" + port.ToString CultureInfo.InvariantCulture)
        |> ignore

/// How much a connection may hold that no call has asked for yet: as much as Kestrel's default, 1 MiB, but no more than
/// lets a thousand connections share a quarter of the memory.
let private readBuffer () =
    GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4096L
    |> max 65536L
    |> min 1048576L

let private limit (options: HttpBackendOptions) (builder: WebApplicationBuilder) =
    builder.WebHost.ConfigureKestrel(fun kestrel ->
        kestrel.AddServerHeader <- false
        kestrel.Limits.MaxRequestBodySize <- Nullable options.MaxRequestBodySize
        kestrel.Limits.KeepAliveTimeout <- options.KeepAliveTimeout

        match options.ConfigureKestrel with
        | null -> ()
        | configure -> configure.Invoke kestrel)
    |> ignore

    builder.Services.Configure<SocketTransportOptions>(fun (sockets: SocketTransportOptions) ->
        sockets.MaxReadBufferSize <- Nullable(readBuffer ()))
    |> ignore

    builder.Services.Configure<HostOptions>(fun (host: HostOptions) ->
        host.ShutdownTimeout <- options.ShutdownDelay + options.ShutdownTimeout)
    |> ignore

let apply (options: HttpBackendOptions) (builder: WebApplicationBuilder) =
    quietByDefault builder
    listen options builder
    builder.WebHost.UseKestrelHttpsConfiguration() |> ignore
    limit options builder
