namespace Kta.Functional.Http

open System
open Kta.Functional.Hosting
open Kta.Functional.Recording
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Server.Kestrel.Core

/// <summary>How steps are served over HTTP, in an application of their own or inside of yours.</summary>
type KtaOptions() =

    /// <summary>The path below which the steps are served. Default: <c>/api/v1alpha1</c>, the convention of all KTA SDKs.</summary>
    member val Prefix = "/api/v1alpha1" with get, set

    /// <summary>
    /// The time a step has before the operator gets an error instead. Default: 4.5 s, below the operator's 5 s.
    /// <c>Timeout.InfiniteTimeSpan</c> for none. Not enforced while a debugger is attached.
    /// </summary>
    member val StepTimeLimit = StepRunner.DefaultTimeLimit with get, set

    /// <summary>
    /// The largest request body in bytes; more is answered with 413. Default: 1 GiB. By default the operator sends its
    /// whole history with every call, 1.6 MB more a day; set <c>resultHistoryLength</c> in the policy.
    /// </summary>
    member val MaxRequestBodySize = 1L <<< 30 with get, set

    /// <summary>The most nodes a topology may have; a request with more is answered with 422. Default: 10,000.</summary>
    member val MaxTopologyNodes = StepRunner.DefaultMaxTopologyNodes with get, set

    /// <summary>How many calls are read and run at once; more wait for their turn. Default: 64.</summary>
    member val MaxConcurrentCalls = 64 with get, set

    /// <summary>
    /// How many bytes of memory the bodies of the calls that are read and run may take together; a call that finds none left
    /// waits for its turn. Default: half of what the process may use, in a container half of what .NET leaves of the
    /// container's limit. A body that is larger comes alone. Bodies up to 64 KiB are not counted.
    /// </summary>
    member val MaxRequestMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2L with get, set

    /// <summary>
    /// How many calls may wait for their turn, because of <c>MaxConcurrentCalls</c> or <c>MaxRequestMemory</c>; more are
    /// answered with 429, and those that wait longer than <c>StepTimeLimit</c> with 503, both with <c>Retry-After</c>.
    /// Default: 1,024; 0 for none.
    /// </summary>
    member val MaxQueuedCalls = 1024 with get, set

    /// <summary>
    /// How many steps may go on after they were given up; beyond that calls are answered with 503, and <c>/health/live</c>
    /// too, so that Kubernetes restarts the pod. Default: 100. A step that blocks holds its thread until it ends.
    /// </summary>
    member val MaxGivenUpSteps = 100 with get, set

    /// <summary>
    /// Records every call of a step, for <c>Replay</c>. Null (the default): nothing is recorded. It is not disposed of
    /// here, and may be shared.
    /// </summary>
    member val Record: CallRecorder | null = null with get, set

    /// The normalised prefix: one slash in front, none at the end.
    member internal this.Root =
        match this.Prefix.Trim('/') with
        | "" -> ""
        | inner -> "/" + inner

    abstract Problems: string list

    default this.Problems = [
        if not (StepRunner.IsTimeLimit this.StepTimeLimit) then
            $"StepTimeLimit has to be positive and at most a day, or Timeout.InfiniteTimeSpan for none; it is {this.StepTimeLimit}"
        if this.MaxRequestBodySize < 1L || this.MaxRequestBodySize > int64 Array.MaxLength then
            $"MaxRequestBodySize has to be from 1 to {Array.MaxLength} bytes; it is %d{this.MaxRequestBodySize}"
        if this.MaxTopologyNodes < 1 then
            $"MaxTopologyNodes has to be at least 1; it is %d{this.MaxTopologyNodes}"
        if this.MaxConcurrentCalls < 1 then
            $"MaxConcurrentCalls has to be at least 1; it is %d{this.MaxConcurrentCalls}"
        if this.MaxRequestMemory < 1L then
            $"MaxRequestMemory has to be at least 1 byte; it is %d{this.MaxRequestMemory}"
        if this.MaxQueuedCalls < 0 then
            $"MaxQueuedCalls must not be negative, 0 for no queue; it is %d{this.MaxQueuedCalls}"
        if this.MaxGivenUpSteps < 1 then
            $"MaxGivenUpSteps has to be at least 1; it is %d{this.MaxGivenUpSteps}"
        if
            this.Prefix.Contains "://"
            || this.Prefix |> Seq.exists (fun c -> Char.IsWhiteSpace c || c = '?' || c = '#')
        then
            $"Prefix has to be a path such as /api/v1alpha1; it is '{this.Prefix}'"
    ]

    member internal this.Validate() =
        match this.Problems with
        | [] -> ()
        | problems ->
            let all = String.Join("; ", problems)
            raise (ArgumentException $"The HTTP options do not work: {all}.")

/// <summary>
/// How an algorithm is served by <see cref="T:Kta.Functional.Http.HttpBackend"/>. Whatever is not set here comes from
/// where every ASP.NET Core application takes it: <c>appsettings.json</c>, environment variables such as
/// <c>ASPNETCORE_URLS</c>, and the command line (<c>Args</c>). All of it is read once, when the server is made, unless
/// <c>Args</c> has <c>--hostBuilder:reloadConfigOnChange=true</c>.
/// </summary>
/// <example><code>new HttpBackend(new HttpBackendOptions { Port = 9000, StepTimeLimit = TimeSpan.FromSeconds(2) })</code></example>
type HttpBackendOptions() =
    inherit KtaOptions()

    /// Kestrel takes every other name for "all interfaces", a misspelt address too.
    let isHost (host: string) =
        host = "*"
        || host = "+"
        || host = "localhost"
        || fst (Net.IPAddress.TryParse(host.Trim('[', ']')))

    /// <summary>The address to listen on. Null (the default): what the configuration says, else <c>0.0.0.0</c>.</summary>
    member val Host: string | null = null with get, set

    /// <summary>The port, 0 for a free one. Null (the default): what the configuration says, else 8096.</summary>
    member val Port: Nullable<int> = Nullable() with get, set

    /// <summary>
    /// How long a connection may be idle. Default: one hour. The operator keeps connections between iterations, and a
    /// call on a connection that is closed just then fails; keep this above the policy's interval.
    /// </summary>
    member val KeepAliveTimeout = TimeSpan.FromHours 1.0 with get, set

    /// <summary>
    /// How long the server goes on serving after SIGTERM. Default: 5 s. Meanwhile <c>/health/ready</c> answers 503 and
    /// every reply closes its connection, so that callers move to another pod before this one stops listening. Ctrl+C
    /// and a second SIGTERM do not wait.
    /// </summary>
    member val ShutdownDelay = TimeSpan.FromSeconds 5.0 with get, set

    /// <summary>
    /// How long calls that are under way may take to end once the process is asked to stop. Default: 20 s: with
    /// <c>ShutdownDelay</c> below the 30 s Kubernetes gives a pod.
    /// </summary>
    member val ShutdownTimeout = TimeSpan.FromSeconds 20.0 with get, set

    /// <summary>
    /// The file to record every call in, see <c>CallRecorder</c>. Null (the default): what the configuration says under
    /// <c>Kta:Record:Path</c> (<c>Kta__Record__Path</c> as an environment variable), else nothing is recorded.
    /// </summary>
    member val RecordPath: string | null = null with get, set

    /// <summary>The command line, for settings such as <c>--urls http://127.0.0.1:9000</c>.</summary>
    member val Args: string array = [||] with get, set

    /// <summary>Has the last word on services, logging and configuration.</summary>
    member val ConfigureBuilder: Action<WebApplicationBuilder> | null = null with get, set

    /// <summary>Has the last word on Kestrel: endpoints, TLS, limits.</summary>
    member val ConfigureKestrel: Action<KestrelServerOptions> | null = null with get, set

    /// <summary>Adds middleware in front of the steps: authentication, rate limits, your own endpoints.</summary>
    member val ConfigureApp: Action<WebApplication> | null = null with get, set

    override this.Problems =
        let common = base.Problems

        [
            yield! common
            if this.Port.HasValue && (this.Port.Value < 0 || this.Port.Value > 65535) then
                $"Port has to be from 0 to 65535; it is %d{this.Port.Value}"
            match this.Host with
            | null
            | "" -> ()
            | host when not (isHost host) -> $"Host has to be an IP address, localhost, or * for all; it is '{host}'"
            | _ -> ()
            if this.KeepAliveTimeout <= TimeSpan.Zero then
                $"KeepAliveTimeout has to be positive; it is {this.KeepAliveTimeout}"
            if this.ShutdownDelay < TimeSpan.Zero || this.ShutdownDelay > TimeSpan.FromDays 1.0 then
                $"ShutdownDelay has to be from 0 to a day; it is {this.ShutdownDelay}"
            if this.ShutdownTimeout < TimeSpan.Zero then
                $"ShutdownTimeout must not be negative; it is {this.ShutdownTimeout}"
            if not (isNull this.Record) && not (isNull this.RecordPath) then
                "Record and RecordPath exclude each other; set one of them"
        ]
