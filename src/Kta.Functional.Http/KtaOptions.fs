namespace Kta.Functional.Http

open System
open Kta.Functional.Calls
open Kta.Functional.Recording

/// <summary>How steps are served over HTTP, in an application of their own or inside of yours.</summary>
/// <remarks>
/// What is not set here can be set in the configuration under <c>Kta:</c> and the name of the option, for example with the
/// environment variable <c>Kta__StepTimeLimit=2s</c>; what is set here has the last word. <c>Kta.handler</c> reads no
/// configuration.
/// </remarks>
type KtaOptions() =
    let mutable prefix: string | null = null
    let mutable healthPath: string | null = null
    let mutable stepTimeLimit = Nullable<TimeSpan>()
    let mutable maxRequestBodySize = Nullable<int64>()
    let mutable maxTopologyNodes = Nullable<int>()
    let mutable maxConcurrentCalls = Nullable<int>()
    let mutable maxRequestMemory = Nullable<int64>()
    let mutable maxQueuedCalls = Nullable<int>()
    let mutable maxAbandonedSteps = Nullable<int>()
    let mutable askTwice = Nullable<AskTwice>()
    let mutable refuseStatefulSteps = Nullable<bool>()
    let mutable reserveThreads = Nullable<bool>()
    let mutable shutdownDelay = Nullable<TimeSpan>()

    static let orElse (value: string) (chosen: string | null) : string =
        match chosen with
        | null -> value
        | chosen -> chosen

    static let isPath (text: string) =
        not (text.Contains "://")
        && not (text |> Seq.exists (fun c -> Char.IsWhiteSpace c || c = '?' || c = '#'))

    static let normalised (path: string) =
        match path.Trim '/' with
        | "" -> ""
        | inner -> "/" + inner

    /// <summary>The path below which the steps are served. Default: <c>/api/v1alpha1</c>, the convention of all KTA SDKs.</summary>
    member _.Prefix
        with get () = orElse "/api/v1alpha1" prefix
        and set (value: string) = prefix <- value

    /// <summary>
    /// Where the probes of a pod are answered: <c>live</c> and <c>ready</c> below this path. Default: <c>/health</c>. Empty:
    /// nowhere.
    /// </summary>
    member _.HealthPath
        with get () = orElse "/health" healthPath
        and set (value: string) = healthPath <- value

    /// <summary>
    /// The time a step has before the operator gets an error instead. Default: 4.5 s, below the operator's 5 s.
    /// <c>Timeout.InfiniteTimeSpan</c> for none. Not enforced while a debugger is attached.
    /// </summary>
    member _.StepTimeLimit
        with get () = stepTimeLimit.GetValueOrDefault StepRunner.DefaultTimeLimit
        and set (value: TimeSpan) = stepTimeLimit <- Nullable value

    /// <summary>
    /// The largest request body in bytes; more is answered with 413. Default: 1 GiB. By default the operator sends its
    /// whole history with every call, 1.6 MB more a day; set <c>resultHistoryLength</c> in the policy.
    /// </summary>
    member _.MaxRequestBodySize
        with get () = maxRequestBodySize.GetValueOrDefault(1L <<< 30)
        and set (value: int64) = maxRequestBodySize <- Nullable value

    /// <summary>The most nodes a topology may have; a request with more is answered with 422. Default: 10,000.</summary>
    member _.MaxTopologyNodes
        with get () = maxTopologyNodes.GetValueOrDefault StepRunner.DefaultMaxTopologyNodes
        and set (value: int) = maxTopologyNodes <- Nullable value

    /// <summary>How many calls are read and run at once; more wait for their turn. Default: 64.</summary>
    member _.MaxConcurrentCalls
        with get () = maxConcurrentCalls.GetValueOrDefault 64
        and set (value: int) = maxConcurrentCalls <- Nullable value

    /// <summary>
    /// How many bytes of memory the bodies of the calls that are read and run may take together; a call that finds none left
    /// waits for its turn. Default: half of what the process may use, in a container half of what .NET leaves of the
    /// container's limit. A body that is larger comes alone. Bodies up to 64 KiB are not counted.
    /// </summary>
    member _.MaxRequestMemory
        with get () =
            if maxRequestMemory.HasValue then
                maxRequestMemory.Value
            else
                GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2L
        and set (value: int64) = maxRequestMemory <- Nullable value

    /// <summary>
    /// How many calls may wait for their turn, because of <c>MaxConcurrentCalls</c> or <c>MaxRequestMemory</c>; more are
    /// answered with 429, and those that wait longer than <c>StepTimeLimit</c> with 503, both with <c>Retry-After</c>.
    /// Default: 1,024; 0 for none.
    /// </summary>
    member _.MaxQueuedCalls
        with get () = maxQueuedCalls.GetValueOrDefault 1024
        and set (value: int) = maxQueuedCalls <- Nullable value

    /// <summary>
    /// How many steps may go on after they were abandoned; beyond that calls are answered with 503, and <c>/health/live</c>
    /// too, so that Kubernetes restarts the pod. Default: 100. A step that blocks holds its thread until it ends.
    /// </summary>
    member _.MaxAbandonedSteps
        with get () = maxAbandonedSteps.GetValueOrDefault 100
        and set (value: int) = maxAbandonedSteps <- Nullable value

    /// <summary>
    /// Whether the minimum of the thread pool is raised, for the whole process, by <c>MaxConcurrentCalls</c> and
    /// <c>MaxAbandonedSteps</c> when work waits a tenth of a second for a thread, until none has waited for a minute. Default:
    /// true. A step that blocks holds a thread of the pool, also an asynchronous one that blocks after its first await; below
    /// its minimum the pool adds threads at once, so that probes and time limits are not held up. False leaves the pool as it is.
    /// </summary>
    member _.ReserveThreads
        with get () = reserveThreads.GetValueOrDefault true
        and set (value: bool) = reserveThreads <- Nullable value

    /// <summary>
    /// Which steps are asked twice, beside their calls: the first few calls and one in a hundred are remembered, at most 8 and
    /// 1 MiB together, and asked again one at a time while nothing queues. A step that answers one differently is logged as an
    /// error (<c>ChangedDecision</c>). Nothing of it is recorded; a call that fails the second time ends it with a warning.
    /// Default: synchronous steps that use no <c>Service</c>.
    /// </summary>
    member _.AskTwice
        with get () = askTwice.GetValueOrDefault AskTwice.SynchronousSteps
        and set (value: AskTwice) = askTwice <- Nullable value

    /// <summary>
    /// Whether a step that was asked twice and has answered differently is called no more: its calls are answered with 500.
    /// Default: false, it is only logged.
    /// </summary>
    member _.RefuseStatefulSteps
        with get () = refuseStatefulSteps.GetValueOrDefault false
        and set (value: bool) = refuseStatefulSteps <- Nullable value

    /// <summary>
    /// How long the server goes on serving after SIGTERM. Default: 5 s. Meanwhile <c>/health/ready</c> answers 503 and
    /// every reply closes its connection, so that callers move to another pod before this one stops listening. Ctrl+C
    /// and a second SIGTERM do not wait. Inside of an application, <c>AddKta</c> sees to it.
    /// </summary>
    member _.ShutdownDelay
        with get () = shutdownDelay.GetValueOrDefault(TimeSpan.FromSeconds 5.0)
        and set (value: TimeSpan) = shutdownDelay <- Nullable value

    /// <summary>
    /// Records every call of a step, for <c>Replay</c>. Null (the default): nothing is recorded. It is not disposed of
    /// here, and may be shared.
    /// </summary>
    member val Record: CallRecorder | null = null with get, set

    /// The normalised prefix: one slash in front, none at the end.
    member internal this.Root = normalised this.Prefix

    /// The same of the path of the probes.
    member internal this.HealthRoot = normalised this.HealthPath

    member internal this.Problems: string list = [
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
        if this.MaxAbandonedSteps < 1 then
            $"MaxAbandonedSteps has to be at least 1; it is %d{this.MaxAbandonedSteps}"
        if not (Enum.IsDefined this.AskTwice) then
            $"AskTwice has to be SynchronousSteps, AllSteps or Never; it is %d{int this.AskTwice}"
        if this.ShutdownDelay < TimeSpan.Zero || this.ShutdownDelay > TimeSpan.FromDays 1.0 then
            $"ShutdownDelay has to be from 0 to a day; it is {this.ShutdownDelay}"
        if not (isPath this.Prefix) then
            $"Prefix has to be a path such as /api/v1alpha1; it is '{this.Prefix}'"
        if not (isPath this.HealthPath) then
            $"HealthPath has to be a path such as /health, or empty for none; it is '{this.HealthPath}'"
    ]

    member internal _.Refuse(owner: string, problems: string list) =
        if not problems.IsEmpty then
            let all = String.Join("; ", problems)
            raise (ArgumentException $"{owner} do not work: {all}.")

    member internal this.Validate() = this.Refuse("The HTTP options", this.Problems)

    /// Takes what the program has not chosen from the configuration.
    member internal _.Bind(settings: Settings) =
        prefix <- settings.Text("Prefix", prefix)
        healthPath <- settings.Text("HealthPath", healthPath)
        stepTimeLimit <- settings.TimeOrInfinite("StepTimeLimit", stepTimeLimit)
        maxRequestBodySize <- settings.Bytes("MaxRequestBodySize", maxRequestBodySize)
        maxTopologyNodes <- settings.Whole("MaxTopologyNodes", maxTopologyNodes)
        maxConcurrentCalls <- settings.Whole("MaxConcurrentCalls", maxConcurrentCalls)
        maxRequestMemory <- settings.Bytes("MaxRequestMemory", maxRequestMemory)
        maxQueuedCalls <- settings.Whole("MaxQueuedCalls", maxQueuedCalls)
        maxAbandonedSteps <- settings.Whole("MaxAbandonedSteps", maxAbandonedSteps)
        reserveThreads <- settings.Switch("ReserveThreads", reserveThreads)
        askTwice <- settings.OneOf("AskTwice", askTwice)
        refuseStatefulSteps <- settings.Switch("RefuseStatefulSteps", refuseStatefulSteps)
        shutdownDelay <- settings.Time("ShutdownDelay", shutdownDelay)

    /// A copy with what is configured.
    member internal this.With(settings: Settings) : KtaOptions =
        let copy = this.MemberwiseClone() :?> KtaOptions
        copy.Bind settings
        settings.Check()
        copy.Refuse("The settings below Kta:", copy.Problems)
        copy
