namespace Kta.Functional.Http

open System
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Hosting
open Microsoft.AspNetCore.Http

module internal StepEndpoints =

    let requireSteps (algorithm: Algorithm) =
        if algorithm.Steps.Count = 0 then
            raise (
                IllegalStateException
                    $"The algorithm '{algorithm.Name}' has no step, so there is nothing to serve. Add one with WithMonitor, WithAnalyze or WithPlan."
            )

    /// The path and the handler of every step the algorithm has, and whether its steps end.
    let recordedBy
        (recording: RecordingLog)
        (algorithm: Algorithm)
        (options: KtaOptions)
        : (string * RequestDelegate) list * GivenUpSteps =
        options.Validate()
        requireSteps algorithm

        let runner =
            StepRunner(algorithm, Nullable options.StepTimeLimit, recording.Recorder, Nullable options.MaxTopologyNodes)

        let admission = Admission options
        let reader = BodyReader(BodyBuffers options.MaxRequestMemory, options.MaxRequestBodySize)
        let givenUp = GivenUpSteps(runner, options)

        let endpoints = [
            for step in algorithm.Steps do
                let endpoint = StepEndpoint(runner, step, options, admission, reader, givenUp, recording)
                $"{options.Root}/{step.ToString().ToLowerInvariant()}", RequestDelegate endpoint.Invoke
        ]

        endpoints, givenUp

    let ofAlgorithm (algorithm: Algorithm) (options: KtaOptions) : (string * RequestDelegate) list =
        fst (recordedBy (RecordingLog options.Record) algorithm options)

    /// The endpoint a request is for, or null.
    let private find (endpoints: (string * RequestDelegate) list) (ctx: HttpContext) : RequestDelegate | null =
        let rec search (rest: (string * RequestDelegate) list) : RequestDelegate | null =
            match rest with
            | [] -> null
            | (path, serve) :: _ when HttpHandler.isAt path ctx -> serve
            | _ :: others -> search others

        search endpoints

    /// A handler for these paths that skips every other request.
    let toHandler (endpoints: (string * RequestDelegate) list) : HttpHandler =
        fun next ctx ->
            match find endpoints ctx with
            | null -> HttpHandler.skip
            | serve -> task {
                do! serve.Invoke ctx
                return! next ctx
              }

    /// Serves these paths, and hands every other request to a handler. Nothing stands between the server and a step.
    let before (others: HttpHandler) (endpoints: (string * RequestDelegate) list) : RequestDelegate =
        let rest = HttpHandler.toRequestDelegate others

        RequestDelegate(fun ctx ->
            match find endpoints ctx with
            | null -> rest.Invoke ctx
            | serve -> serve.Invoke ctx)

/// Serving an algorithm inside of a Giraffe application.
module Kta =

    /// <summary>
    /// A handler for the steps an algorithm has; it skips every other request. Apply it once, when the application is
    /// put together.
    /// </summary>
    /// <param name="options">Prefix, time limit and body size.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step.</exception>
    let handlerWith (options: KtaOptions) (algorithm: Algorithm) : HttpHandler =
        StepEndpoints.toHandler (StepEndpoints.ofAlgorithm algorithm options)

    /// <summary>A handler for the steps an algorithm has, with the default options; it skips every other request.</summary>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step.</exception>
    /// <example><code>choose [ Kta.handler autoscaler; webApp ]</code></example>
    let handler (algorithm: Algorithm) : HttpHandler = handlerWith (KtaOptions()) algorithm
