namespace Kta.Functional.FSharp

open System.Runtime.CompilerServices
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Http

/// How an algorithm is served by <c>HttpBackend</c>: address, limits, and access to Kestrel and the application.
type HttpBackendOptions = Kta.Functional.Http.HttpBackendOptions

/// How steps are served inside of an application: path, time limit, size limit.
type KtaOptions = Kta.Functional.Http.KtaOptions

/// A server that <c>HttpBackend.start</c> has started.
type RunningHttpBackend = Kta.Functional.Http.RunningHttpBackend

/// Which steps are asked twice when they are served.
type AskTwice = Kta.Functional.Http.AskTwice

/// <summary>Serving an algorithm over HTTP, by default at <c>http://0.0.0.0:8096/api/v1alpha1/…</c>.</summary>
/// <example>
/// <code>
/// HttpBackend.run autoscaler
/// autoscaler |> HttpBackend.runAt "127.0.0.1" 9000
/// autoscaler |> HttpBackend.runWith (HttpBackendOptions(Port = 9000, StepTimeLimit = TimeSpan.FromSeconds 2.0))
/// </code>
/// </example>
// Inlined into a script, these bodies would need the reference assemblies of ASP.NET Core, which dotnet fsi lacks (FS0074).
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module HttpBackend =

    /// <summary>Serves an algorithm until the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    /// <param name="options">Address, limits, and access to Kestrel and the application.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="T:System.ArgumentException">An option is out of its range; all of them are named.</exception>
    /// <exception cref="T:System.IO.IOException">The address cannot be listened on, for example because the port is taken.</exception>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let runWith (options: HttpBackendOptions) (algorithm: #Algorithm) : unit =
        Bootstrap.Run(algorithm, HttpBackend options)

    /// <summary>Serves an algorithm with the default options until the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="T:System.IO.IOException">The address cannot be listened on, for example because the port is taken.</exception>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let run (algorithm: #Algorithm) : unit = runWith (HttpBackendOptions()) algorithm

    /// <summary>Serves an algorithm at an address until the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    /// <remarks>
    /// The form for scripts: <c>HttpBackendOptions</c> names types of ASP.NET Core, which <c>dotnet fsi</c> does not reference.
    /// </remarks>
    /// <param name="host">The address to listen on, for example <c>127.0.0.1</c>.</param>
    /// <param name="port">The port, 0 for a free one.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="T:System.ArgumentException">The port is out of its range.</exception>
    /// <exception cref="T:System.IO.IOException">The address cannot be listened on, for example because the port is taken.</exception>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let runAt (host: string) (port: int) (algorithm: #Algorithm) : unit =
        Bootstrap.Run(algorithm, HttpBackend(host, port))

    /// <summary>Starts serving an algorithm; the result knows its address, and stops the server when it is disposed of.</summary>
    /// <param name="options">Address, limits, and access to Kestrel and the application.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="T:System.ArgumentException">An option is out of its range; all of them are named.</exception>
    /// <exception cref="T:System.IO.IOException">The address cannot be listened on, for example because the port is taken.</exception>
    /// <example>
    /// <code>
    /// task {
    ///     use! server = autoscaler |> HttpBackend.startWith (HttpBackendOptions(Port = 0))
    ///     printfn $"{server.BaseAddress}"
    /// }
    /// </code>
    /// </example>
    let startWith (options: HttpBackendOptions) (algorithm: #Algorithm) : Task<RunningHttpBackend> =
        let backend = HttpBackend options
        backend.Setup algorithm
        backend.StartAsync CancellationToken.None

    /// <summary>Starts serving an algorithm with the default options.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="T:System.IO.IOException">The address cannot be listened on, for example because the port is taken.</exception>
    let start (algorithm: #Algorithm) : Task<RunningHttpBackend> = startWith (HttpBackendOptions()) algorithm

/// <summary>Serving an algorithm inside of a Giraffe application.</summary>
/// <example><code>choose [ Kta.handler autoscaler; webApp ]</code></example>
module Kta =

    /// <summary>
    /// A handler for the steps an algorithm has; it skips every other request. Apply it once, when the application is put
    /// together.
    /// </summary>
    /// <param name="options">Path, time limit and size limit.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="T:System.ArgumentException">An option is out of its range; all of them are named.</exception>
    let handlerWith (options: KtaOptions) (algorithm: #Algorithm) : HttpHandler = Http.Kta.handlerWith options algorithm

    /// <summary>A handler for the steps an algorithm has, with the default options; it skips every other request.</summary>
    /// <param name="algorithm">The algorithm.</param>
    let handler (algorithm: #Algorithm) : HttpHandler = Http.Kta.handler algorithm
