/// Listens to the meter and the spans of the SDK.
module Kta.Functional.Tests.Telemetry.Listening

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Diagnostics
open System.Diagnostics.Metrics
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection

type Heard = {
    Instrument: Instrument
    Value: float
    Tags: (string * string) list
    /// What the test is that has made the call; null if it was not made in its flow.
    Flow: string | null
} with

    member this.Name = this.Instrument.Name

/// Who makes a call, as far as it is made within this process.
let private flow = AsyncLocal<string | null>()

/// Does something that is told apart from what other tests do at the same time.
let inFlow (name: string) (work: unit -> Task<'T>) : Task<'T> = task {
    flow.Value <- name
    return! work ()
}

/// Listens to all instruments until it is disposed of.
type Listening() =
    let heard = ConcurrentQueue<Heard>()
    let listener = new MeterListener()

    let hear (instrument: Instrument) (value: float) (tags: KeyValuePair<string, obj | null> array) =
        heard.Enqueue {
            Instrument = instrument
            Value = value
            Tags = [ for KeyValue(name, value) in tags -> name, string<obj | null> value ]
            Flow = flow.Value
        }

    do
        listener.InstrumentPublished <-
            fun instrument listener ->
                if instrument.Meter.Name = "Kta.Functional" then
                    listener.EnableMeasurementEvents instrument

        listener.SetMeasurementEventCallback<int64>(fun instrument value tags _ ->
            hear instrument (float value) (tags.ToArray()))

        listener.SetMeasurementEventCallback<float>(fun instrument value tags _ ->
            hear instrument value (tags.ToArray()))

        listener.Start()

    /// What was measured by the meters of a factory.
    member _.By(meters: IMeterFactory) = [
        for one in heard do
            if obj.ReferenceEquals(one.Instrument.Meter.Scope, meters) then
                one
    ]

    /// What was measured in a flow, by the meter of the process.
    member _.In(name: string) = [
        for one in heard do
            if one.Flow = name && isNull one.Instrument.Meter.Scope then
                one
    ]

    interface IDisposable with
        member _.Dispose() = listener.Dispose()

/// The sums of an instrument by its attributes.
let sums (name: string) (heard: Heard list) =
    heard
    |> List.filter (fun one -> one.Name = name)
    |> List.groupBy _.Tags
    |> List.map (fun (tags, measured) -> tags, measured |> List.sumBy _.Value)

/// The sum with these attributes; none if nothing was measured.
let sumOf name tags heard = sums name heard |> List.tryFind (fst >> (=) tags) |> Option.map snd

/// The newest number of a gauge by its attributes.
let newest (name: string) (heard: Heard list) =
    heard
    |> List.filter (fun one -> one.Name = name)
    |> List.groupBy _.Tags
    |> List.map (fun (tags, measured) -> tags, (List.last measured).Value)

/// Looks until something is there.
let untilAsync (look: unit -> Task<'T option>) : Task<'T> = task {
    use patience = new CancellationTokenSource(TimeSpan.FromSeconds 60.0)
    use period = new PeriodicTimer(TimeSpan.FromMilliseconds 50.0)
    let! first = look ()
    let mutable found = first

    while found.IsNone do
        let! _ = period.WaitForNextTickAsync patience.Token
        let! next = look ()
        found <- next

    return found.Value
}

/// Waits until something is heard: what a server measures it may measure after its reply is there.
let until (look: unit -> 'T option) : Task<'T> = untilAsync (look >> Task.FromResult)

/// A server, and what its meter measures.
let serveHeard
    (change: HttpBackendOptions -> unit)
    (algorithm: Algorithm)
    (check: RunningServer -> (unit -> Heard list) -> Task<unit>)
    : Task<unit> = task {
    use listening = new Listening()
    let mutable meters: IMeterFactory | null = null
    let keep = ref meters

    let withMeters (options: HttpBackendOptions) =
        change options
        let configured = options.ConfigureApp

        options.ConfigureApp <-
            fun (app: WebApplication) ->
                keep.Value <- app.Services.GetRequiredService<IMeterFactory>()
                configured |> Option.ofObj |> Option.iter _.Invoke(app)

    do!
        serveWith withMeters algorithm (fun server ->
            check server (fun () -> listening.By(Unchecked.nonNull keep.Value)))
}

/// Listens to the spans of one trace.
type Spans(trace: ActivityTraceId, ?others: string) =
    let stopped = ConcurrentQueue<Activity>()

    let listener =
        new ActivityListener(
            ShouldListenTo = (fun source -> source.Name = "Kta.Functional" || Some source.Name = others),
            Sample =
                (fun options ->
                    if options.TraceId = trace then
                        ActivitySamplingResult.AllDataAndRecorded
                    else
                        ActivitySamplingResult.None),
            ActivityStopped =
                fun span ->
                    if span.TraceId = trace then
                        stopped.Enqueue span
        )

    do ActivitySource.AddActivityListener listener

    /// Those of the SDK, in the order of their ends.
    member _.All = [
        for span in stopped do
            if span.Source.Name = "Kta.Functional" then
                span
    ]

    interface IDisposable with
        member _.Dispose() = listener.Dispose()

/// Does something within a trace of its own.
let traced (work: Spans -> Task<unit>) : Task<unit> = task {
    use root = (new Activity("test")).Start()
    use spans = new Spans(root.TraceId)
    do! work spans
}

let tagsOf (span: Activity) = [ for KeyValue(name, value) in span.TagObjects -> name, value ]

let tag name (span: Activity) = span.GetTagItem name |> string<obj | null>

let expectNames (found: string seq) (wanted: string seq) (what: string) =
    Expect.equal
        (found |> Seq.distinct |> Seq.sort |> List.ofSeq)
        (wanted |> Seq.distinct |> Seq.sort |> List.ofSeq)
        what
