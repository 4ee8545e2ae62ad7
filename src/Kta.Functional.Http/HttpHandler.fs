namespace Kta.Functional.Http

open System
open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// The outcome of a handler: the context if the request is done with, nothing if another handler may have it.
/// The same shape as Giraffe's, so handlers of both mix without an adapter.
type HttpFuncResult = Task<HttpContext option>

/// What comes after a handler.
type HttpFunc = HttpContext -> HttpFuncResult

/// A part of a web application, in Giraffe's style.
type HttpHandler = HttpFunc -> HttpContext -> HttpFuncResult

/// The few combinators this library needs itself. In an application, use Giraffe's.
module internal HttpHandler =
    let skip: HttpFuncResult = Task.FromResult None

    let finish: HttpFunc = fun ctx -> Task.FromResult(Some ctx)

    let compose (first: HttpHandler) (second: HttpHandler) : HttpHandler = fun next -> first (second next)

    /// The first handler that does not skip.
    let choose (handlers: HttpHandler list) : HttpHandler =
        fun next ->
            let prepared = handlers |> List.map (fun handler -> handler next)

            let rec tryAll (remaining: HttpFunc list) (ctx: HttpContext) : HttpFuncResult =
                match remaining with
                | [] -> skip
                | attempt :: others ->
                    let result = attempt ctx

                    if Object.ReferenceEquals(result, skip) then
                        tryAll others ctx
                    else
                        awaitFirst result others ctx

            and awaitFirst (result: HttpFuncResult) (others: HttpFunc list) (ctx: HttpContext) : HttpFuncResult = task {
                match! result with
                | Some served -> return Some served
                | None -> return! tryAll others ctx
            }

            tryAll prepared

    /// Whether this is exactly that path, upper and lower case told apart, with or without a slash at its end.
    let isPath (expected: string) (path: string | null) =
        match path with
        | null -> false
        | actual ->
            String.Equals(actual, expected, StringComparison.Ordinal)
            || (actual.Length = expected.Length + 1
                && actual.EndsWith '/'
                && actual.StartsWith(expected, StringComparison.Ordinal))

    let isAt (expected: string) (ctx: HttpContext) = isPath expected ctx.Request.Path.Value

    /// The path, inside of a sub-route of Giraffe what is left of it: Giraffe keeps what it has matched among the request's
    /// items, and leaves the path as it is.
    let pathLeft (ctx: HttpContext) : string | null =
        match ctx.Request.Path.Value, ctx.Items.TryGetValue "giraffe_route" with
        | NonNull path, (true, (:? string as matched)) when path.StartsWith(matched, StringComparison.OrdinalIgnoreCase) ->
            path.Substring matched.Length
        | path, _ -> path

    let path (expected: string) : HttpHandler =
        fun next ctx -> if isPath expected (pathLeft ctx) then next ctx else skip

    let toRequestDelegate (handler: HttpHandler) : RequestDelegate =
        let func = handler finish
        RequestDelegate(fun ctx -> func ctx :> Task)

[<AutoOpen>]
module internal HttpHandlerOperators =
    // Spelt out: a function value of handlers is nested too deeply for native compilation, and fails there at run time.
    let (>=>) first second = HttpHandler.compose first second
