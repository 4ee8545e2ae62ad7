/// What a server of its own needs from ASP.NET Core, before the user has the last word.
module internal Kta.Functional.Http.ServerSettings

open System
open System.Collections.Generic
open System.Globalization
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.Configuration.EnvironmentVariables
open Microsoft.Extensions.Configuration.Memory
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging.Console

/// Settings are read once: to watch their files takes every directory below the current one, time at the start, and one of
/// the few inotify instances of a node. Arguments that follow have the last word.
let private readOnce = "--hostBuilder:reloadConfigOnChange=false"

/// For people: on the command line these are short.
let private shortNames = dict [ "--host", Settings.Root + ":Host"; "--port", Settings.Root + ":Port" ]

let builderOf (arguments: string array | null) =
    let given =
        match arguments with
        | null -> [||]
        | given -> given

    let builder = WebApplication.CreateSlimBuilder(Array.append [| readOnce |] given)

    if given.Length > 0 then
        builder.Configuration.AddCommandLine(given, shortNames) |> ignore

    builder

let private quietByDefault (builder: WebApplicationBuilder) =
    let settings = [| KeyValuePair<string, string | null>("Logging:LogLevel:Microsoft", "Warning") |]
    builder.Configuration.Sources.Insert(0, MemoryConfigurationSource(InitialData = settings))

/// The slim builder chooses a formatter in code, which what is configured does not get past.
let private formatAsConfigured (builder: WebApplicationBuilder) =
    builder.Services.Configure<ConsoleLoggerOptions>(fun (console: ConsoleLoggerOptions) ->
        match builder.Configuration["Logging:Console:FormatterName"] with
        | null
        | "" -> ()
        | name -> console.FormatterName <- name)
    |> ignore

let private isSet (configuration: IConfiguration) (key: string) = not (String.IsNullOrEmpty configuration[key])

/// Whether 8080 is nobody's choice: .NET's container images say so in the environment, to every program.
let private isPortOfImage (configuration: IConfigurationRoot) =
    let chosenBy =
        configuration.Providers
        |> Seq.tryFindBack (fun provider -> fst (provider.TryGet "http_ports"))

    match chosenBy with
    | Some(:? EnvironmentVariablesConfigurationProvider) -> configuration["http_ports"] = "8080"
    | _ -> false

/// Tells the server where to listen. True: a port that the environment names is not followed.
let listen (options: HttpBackendOptions) (builder: WebApplicationBuilder) : bool =
    let configuration = builder.Configuration
    let isOfImage = isPortOfImage configuration

    let isConfigured =
        isSet configuration "urls"
        || isSet configuration "https_ports"
        || (isSet configuration "http_ports" && not isOfImage)
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

        if isOfImage then
            builder.WebHost.UseSetting("http_ports", "") |> ignore

        isOfImage && not isChosen
    else
        false

/// How much a connection may hold that no call has asked for yet: as much as Kestrel's default, 1 MiB, but no more than
/// lets a thousand connections share a quarter of the memory.
let private readBuffer () =
    GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4096L
    |> max 65536L
    |> min 1048576L

let private limit (options: unit -> HttpBackendOptions) (builder: WebApplicationBuilder) =
    builder.WebHost.ConfigureKestrel(fun kestrel ->
        let options = options ()
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
        let options = options ()
        host.ShutdownTimeout <- options.ShutdownDelay + options.ShutdownTimeout)
    |> ignore

/// The options are asked for when the server is made: until then the user may change what is configured.
let apply (options: unit -> HttpBackendOptions) (builder: WebApplicationBuilder) =
    quietByDefault builder
    formatAsConfigured builder
    builder.WebHost.UseKestrelHttpsConfiguration() |> ignore
    limit options builder
