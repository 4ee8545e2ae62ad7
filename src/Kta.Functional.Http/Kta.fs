namespace Kta.Functional.Http

open System.ComponentModel
open Kta.Functional

/// Serving an algorithm inside of a Giraffe application.
[<EditorBrowsable(EditorBrowsableState.Never)>] // For F# alone: C# has MapKta.
module Kta =

    /// <summary>
    /// A handler for the steps an algorithm has and for the probes of a pod; it skips every other request. Apply it once,
    /// when the application is put together. Below a <c>subRoute</c> it serves there.
    /// </summary>
    /// <param name="options">Prefix, path of the probes, time limit and body size.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step.</exception>
    let handlerWith (options: KtaOptions) (algorithm: Algorithm) : HttpHandler =
        let served = StepEndpoints.ofAlgorithm null algorithm options
        // As long as the process: nobody tells a handler that its application has ended.
        ThreadReserve.For options |> ignore
        HttpHandler.choose [ StepEndpoints.toHandler served.Steps; Health.handler [ served ] ]

    /// <summary>
    /// A handler for the steps an algorithm has and for the probes of a pod, with the default options; it skips every other
    /// request.
    /// </summary>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step.</exception>
    /// <example><code>choose [ Kta.handler autoscaler; webApp ]</code></example>
    let handler (algorithm: Algorithm) : HttpHandler = handlerWith (KtaOptions()) algorithm
