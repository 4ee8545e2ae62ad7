namespace Kta.Functional.Http

open System
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Server.Kestrel.Core

/// <summary>
/// How an algorithm is served by <see cref="T:Kta.Functional.Http.HttpBackend"/>. Whatever is not set here comes from
/// where every ASP.NET Core application takes it: <c>appsettings.json</c>, environment variables such as
/// <c>ASPNETCORE_URLS</c>, and the command line (<c>Args</c>). All of it is read once, when the server is made, unless
/// <c>Args</c> has <c>--hostBuilder:reloadConfigOnChange=true</c>.
/// </summary>
/// <example><code>new HttpBackend(new HttpBackendOptions { Port = 9000, StepTimeLimit = TimeSpan.FromSeconds(2) })</code></example>
type HttpBackendOptions() =
    inherit KtaOptions()

    let mutable host: string | null = null
    let mutable keepAliveTimeout = Nullable<TimeSpan>()
    let mutable shutdownTimeout = Nullable<TimeSpan>()
    let mutable recordPath: string | null = null
    let mutable port = Nullable<int>()

    /// Kestrel takes every other name for "all interfaces", a misspelt address too.
    let isHost (host: string) =
        host = "*"
        || host = "+"
        || host = "localhost"
        || fst (Net.IPAddress.TryParse(host.Trim('[', ']')))

    /// <summary>The address to listen on. Null (the default): what the configuration says, else <c>0.0.0.0</c>.</summary>
    member _.Host
        with get (): string | null = host
        and set (value: string | null) = host <- value

    /// <summary>The port, 0 for a free one. Null (the default): what the configuration says, else 8096.</summary>
    member _.Port
        with get () = port
        and set (value: Nullable<int>) = port <- value

    /// <summary>
    /// How long a connection may be idle. Default: one hour. The operator keeps connections between iterations, and a
    /// call on a connection that is closed just then fails; keep this above the policy's interval.
    /// </summary>
    member _.KeepAliveTimeout
        with get () = keepAliveTimeout.GetValueOrDefault(TimeSpan.FromHours 1.0)
        and set (value: TimeSpan) = keepAliveTimeout <- Nullable value

    /// <summary>
    /// How long calls that are under way may take to end once the process is asked to stop. Default: 20 s: with
    /// <c>ShutdownDelay</c> below the 30 s Kubernetes gives a pod.
    /// </summary>
    member _.ShutdownTimeout
        with get () = shutdownTimeout.GetValueOrDefault(TimeSpan.FromSeconds 20.0)
        and set (value: TimeSpan) = shutdownTimeout <- Nullable value

    /// <summary>
    /// The file to record every call in, see <c>CallRecorder</c>. Null (the default): what the configuration says under
    /// <c>Kta:Record:Path</c> (<c>Kta__Record__Path</c> as an environment variable), else nothing is recorded.
    /// </summary>
    member _.RecordPath
        with get (): string | null = recordPath
        and set (value: string | null) = recordPath <- value

    /// <summary>
    /// The command line, for settings such as <c>--urls http://127.0.0.1:9000</c>, <c>--port 9000</c>, <c>--host 127.0.0.1</c>,
    /// or <c>--Kta:StepTimeLimit 2s</c>.
    /// </summary>
    member val Args: string array = [||] with get, set

    /// <summary>Has the last word on services, logging and configuration.</summary>
    member val ConfigureBuilder: Action<WebApplicationBuilder> | null = null with get, set

    /// <summary>Has the last word on Kestrel: endpoints, TLS, limits.</summary>
    member val ConfigureKestrel: Action<KestrelServerOptions> | null = null with get, set

    /// <summary>Adds middleware in front of the steps: authentication, rate limits, your own endpoints.</summary>
    member val ConfigureApp: Action<WebApplication> | null = null with get, set

    member private this.AllProblems: string list = [
        yield! this.Problems
        if this.Port.HasValue && (this.Port.Value < 0 || this.Port.Value > 65535) then
            $"Port has to be from 0 to 65535; it is %d{this.Port.Value}"
        match this.Host with
        | null
        | "" -> ()
        | host when not (isHost host) -> $"Host has to be an IP address, localhost, or * for all; it is '{host}'"
        | _ -> ()
        if this.KeepAliveTimeout <= TimeSpan.Zero then
            $"KeepAliveTimeout has to be positive; it is {this.KeepAliveTimeout}"
        if this.ShutdownTimeout < TimeSpan.Zero then
            $"ShutdownTimeout must not be negative; it is {this.ShutdownTimeout}"
        elif this.ShutdownTimeout > TimeSpan.FromDays 1.0 then
            $"ShutdownTimeout has to be at most a day; it is {this.ShutdownTimeout}"
        if not (isNull this.Record) && not (isNull this.RecordPath) then
            "Record and RecordPath exclude each other; set one of them"
    ]

    member internal this.ValidateAll() = this.Refuse("The HTTP options", this.AllProblems)

    member private this.BindAll(settings: Settings) =
        this.Bind settings
        host <- settings.Text("Host", host)
        port <- settings.Whole("Port", port)
        keepAliveTimeout <- settings.Time("KeepAliveTimeout", keepAliveTimeout)
        shutdownTimeout <- settings.Time("ShutdownTimeout", shutdownTimeout)
        settings.Leave "Record"

        if isNull this.Record then
            recordPath <- settings.Text("RecordPath", recordPath)
        else
            settings.Leave "RecordPath"

    /// A copy with what is configured.
    member internal this.With(settings: Settings) : HttpBackendOptions =
        let copy = this.MemberwiseClone() :?> HttpBackendOptions
        copy.BindAll settings
        settings.Check()
        copy.Refuse("The settings below Kta:", copy.AllProblems)
        copy
