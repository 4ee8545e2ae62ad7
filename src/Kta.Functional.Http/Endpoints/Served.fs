namespace Kta.Functional.Http

open System
open System.Diagnostics.Metrics
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Calls
open Microsoft.AspNetCore.Http

/// An algorithm that is served: its steps at their paths, and whether they end.
type internal Served = {
    Algorithm: Algorithm
    Options: KtaOptions
    Steps: (string * RequestDelegate) list
    Abandonment: AbandonmentLimit
    /// Makes the series of all that is counted appear; when the application has started, those who listen are there.
    ShowInstruments: unit -> unit
}

module internal StepEndpoints =

    let requireSteps (algorithm: Algorithm) =
        if algorithm.Steps.Count = 0 then
            raise (
                IllegalStateException
                    $"The algorithm '{algorithm.Name}' has no step, so there is nothing to serve. Add one with WithMonitor, WithAnalyze or WithPlan."
            )

    /// Without a factory all is measured by the meter of the process.
    let serve
        (meters: IMeterFactory | null)
        (recording: RecordingLog)
        (algorithm: Algorithm)
        (options: KtaOptions)
        : Served =
        options.Validate()
        requireSteps algorithm

        let ofSteps = StepInstruments.Of meters

        let runner =
            StepRunner(algorithm, Nullable options.StepTimeLimit, Nullable options.MaxTopologyNodes, ofSteps)

        let instruments = CallInstruments(ofSteps, algorithm.Steps, true)
        let admission = Admission(options, instruments)
        let reader = BodyReader(BodyBuffers options.MaxRequestMemory, options.MaxRequestBodySize)
        let abandonment = AbandonmentLimit(runner, options)
        let twice = AskingTwice(algorithm, runner, options, (fun () -> admission.IsQueueing))

        let call = StepHandler(fun step request callerGone -> runner.RunAsync(step, request, callerGone))

        let handler =
            match recording.Recorder with
            | null -> call
            | recorder -> recorder.Record(call, algorithm)
            |> twice.Around

        // A question, not a call of the operator: neither recorded nor asked twice.
        let explain = StepHandler(fun _ request callerGone -> runner.ExplainAsync(request, callerGone))

        let serveAt handler measured step =
            let endpoint =
                StepEndpoint(handler, runner, step, twice, admission, reader, abandonment, recording, measured)

            RequestDelegate endpoint.Invoke

        {
            Algorithm = algorithm
            Options = options
            Steps = [
                for step in algorithm.Steps do
                    $"{options.Root}/{step.Name()}", serveAt handler instruments step

                if Seq.contains Step.Plan algorithm.Steps then
                    $"{options.Root}/explain", serveAt explain instruments.OfQuestions Step.Plan
            ]
            Abandonment = abandonment
            ShowInstruments = instruments.Show
        }

    let ofAlgorithm (meters: IMeterFactory | null) (algorithm: Algorithm) (options: KtaOptions) : Served =
        serve meters (RecordingLog options.Record) algorithm options

    /// The endpoint a path is of, or null.
    let private find (steps: (string * RequestDelegate) list) (path: string | null) : RequestDelegate | null =
        let rec search (rest: (string * RequestDelegate) list) : RequestDelegate | null =
            match rest with
            | [] -> null
            | (step, serve) :: _ when HttpHandler.isPath step path -> serve
            | _ :: others -> search others

        search steps

    /// A handler for these paths that skips every other request.
    let toHandler (steps: (string * RequestDelegate) list) : HttpHandler =
        fun next ctx ->
            match find steps (HttpHandler.pathLeft ctx) with
            | null -> HttpHandler.skip
            | serve -> task {
                do! serve.Invoke ctx
                return! next ctx
              }

    /// Serves these paths, and hands every other request to a handler. Nothing stands between the server and a step.
    let before (others: HttpHandler) (steps: (string * RequestDelegate) list) : RequestDelegate =
        let rest = HttpHandler.toRequestDelegate others

        RequestDelegate(fun ctx ->
            match find steps ctx.Request.Path.Value with
            | null -> rest.Invoke ctx
            | serve -> serve.Invoke ctx)
