namespace Kta.Functional.FSharp.Building

open System
open System.Threading
open System.Threading.Tasks
open Kta.Functional

/// The function of a step in one of the two shapes the core knows.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type internal StepFunction<'Context, 'Result> =
    | Now of ('Context -> 'Result)
    | Later of ('Context -> CancellationToken -> Task<'Result>)

module internal StepFunction =
    let ofTask (step: 'Context -> Task<'Result>) = StepFunction.Later(fun ctx _ -> step ctx)

    let ofAsync (step: 'Context -> Async<'Result>) =
        StepFunction.Later(fun ctx token -> Async.StartImmediateAsTask(step ctx, token))

    let map (change: 'Result -> 'Changed) (step: StepFunction<'Context, 'Result>) =
        match step with
        | StepFunction.Now now -> StepFunction.Now(fun ctx -> change (now ctx))
        | StepFunction.Later later ->
            StepFunction.Later(fun ctx token -> task {
                let! result = later ctx token
                return change result
            })

    /// Analyze in C# says "nothing to say" with null.
    let orNull step = step |> map Option.toObj

    let neverNull (step: StepFunction<'Context, 'Result>) : StepFunction<'Context, 'Result | null> =
        step |> map (fun result -> result)

    /// A function of what is known early is also a function of the whole context.
    let under (view: 'Context -> 'Known) (step: StepFunction<'Known, 'Result>) : StepFunction<'Context, 'Result> =
        match step with
        | StepFunction.Now now -> StepFunction.Now(fun ctx -> now (view ctx))
        | StepFunction.Later later -> StepFunction.Later(fun ctx token -> later (view ctx) token)

    let addMonitor (step: StepFunction<MonitorContext<'M, 'A>, 'M>) (algorithm: Algorithm<'M, 'A>) =
        match step with
        | StepFunction.Now now -> algorithm.WithMonitor(Func<MonitorContext<'M, 'A>, 'M> now)
        | StepFunction.Later later ->
            algorithm.WithMonitor(
                Func<MonitorContext<'M, 'A>, CancellationToken, Task<'M>>(fun ctx token -> later ctx token)
            )

    let addAnalyze (step: StepFunction<AnalyzeContext<'M, 'A>, 'A | null>) (algorithm: Algorithm<'M, 'A>) =
        match step with
        | StepFunction.Now now -> algorithm.WithAnalyze(Func<AnalyzeContext<'M, 'A>, 'A | null> now)
        | StepFunction.Later later ->
            algorithm.WithAnalyze(
                Func<AnalyzeContext<'M, 'A>, CancellationToken, Task<'A | null>>(fun ctx token -> later ctx token)
            )

    let addPlan (step: StepFunction<PlanContext<'M, 'A>, Plan>) (algorithm: Algorithm<'M, 'A>) =
        match step with
        | StepFunction.Now now -> algorithm.WithPlan(Func<PlanContext<'M, 'A>, Plan> now)
        | StepFunction.Later later ->
            algorithm.WithPlan(
                Func<PlanContext<'M, 'A>, CancellationToken, Task<Plan>>(fun ctx token -> later ctx token)
            )

    /// Two parameters without a task are a function that answers a function, which is well typed and never meant.
    let refuseFunctions<'Result> (step: string) =
        let result = typeof<'Result>

        if
            result.IsGenericType
            && result.GetGenericTypeDefinition() = typedefof<obj -> obj>
        then
            raise (
                ArgumentException
                    $"{step} answers a function, but a result is a value. Write `fun ctx -> value`, or with a CancellationToken `fun ctx ct -> task {{ … }}`."
            )

    /// The default codec is made when it is first asked for: asking now finds types that are no JSON object before a request does.
    let requireCodecs (algorithm: Algorithm<'M, 'A>) =
        algorithm.MonitorCodec |> ignore
        algorithm.AnalyzeCodec |> ignore
        algorithm
