namespace Kta.Functional.Http

open System
open System.Diagnostics
open System.IO
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// One step as an HTTP endpoint.
type internal StepEndpoint
    (
        runner: StepRunner,
        step: Step,
        options: KtaOptions,
        admission: Admission,
        reader: BodyReader,
        givenUp: GivenUpSteps,
        recording: RecordingLog
    ) =
    let name = step.ToString().ToLowerInvariant()
    let mutable knownLogger: ILogger | null = null

    let loggerOf (ctx: HttpContext) : ILogger =
        match knownLogger with
        | null ->
            let logger = ctx.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger Log.Category
            recording.Attach logger
            givenUp.Attach logger
            knownLogger <- logger
            logger
        | logger -> logger

    let isJson (ctx: HttpContext) =
        match ctx.Request.ContentType with
        | null
        | "" -> true
        | "application/json" -> true
        | text ->
            let kind = (Array.head (text.Split ';')).Trim()

            kind.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (kind.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && kind.EndsWith("+json", StringComparison.OrdinalIgnoreCase))

    let refuse (ctx: HttpContext) status message : Task =
        Log.refused.Invoke(loggerOf ctx, name, status, message, null)
        Replies.refuse ctx status message

    let refuseForNow (ctx: HttpContext) status message =
        ctx.Response.Headers.RetryAfter <- "1"
        refuse ctx status message

    let report (ctx: HttpContext) (reply: StepReply) (started: int64) =
        let logger = loggerOf ctx

        match reply.Error with
        | null -> ()
        | :? InvalidRequestException as error -> Log.refused.Invoke(logger, name, reply.StatusCode, error.Message, null)
        | error -> Log.failed.Invoke(logger, name, reply.StatusCode, error.Message, error)

        if reply.SkippedHistory.Count > 0 then
            Log.skippedHistory.Invoke(logger, name, reply.SkippedHistory.Count, string reply.SkippedHistory[0], null)

        if started > 0L then
            Log.answered.Invoke(
                logger,
                name,
                reply.StatusCode,
                (Stopwatch.GetElapsedTime started).TotalMilliseconds,
                null
            )

    let abandon (ctx: HttpContext) =
        let isStopping =
            match ctx.RequestServices.GetService<IHostApplicationLifetime>() with
            | null -> false
            | lifetime -> lifetime.ApplicationStopping.IsCancellationRequested

        let reason =
            if isStopping then
                "the connection ended while the host was stopping."
            else
                "the caller went away before the answer was ready. The operator waits 5 s by default."

        Log.abandoned.Invoke(loggerOf ctx, name, reason, null)
        Task.CompletedTask

    /// What cannot be answered otherwise: nothing may escape to the server, which would close the connection in silence.
    let fail (ctx: HttpContext) (error: exn) : Task =
        match error with
        | :? BadHttpRequestException as error when not ctx.Response.HasStarted ->
            // The rest of the body may still be on its way, so the connection cannot be used again.
            ctx.Response.Headers.Connection <- "close"
            refuse ctx error.StatusCode error.Message
        | :? OutOfMemoryException when not ctx.Response.HasStarted ->
            ctx.Response.Headers.Connection <- "close"
            refuseForNow ctx 503 $"There is not enough memory to serve {name}. {Admission.AdviceOnMemory}"
        | :? IOException -> abandon ctx
        | _ when ctx.RequestAborted.IsCancellationRequested -> abandon ctx
        | _ ->
            let message =
                $"The SDK failed while serving {name}: {error.GetType().Name}: {error.Message} This is a defect of Kta.Functional, please report it with the log."

            Log.failed.Invoke(loggerOf ctx, name, 500, message, error)

            if ctx.Response.HasStarted then
                Task.CompletedTask
            else
                Replies.refuse ctx 500 message

    /// Gives back what the call has taken before the caller takes its time to receive the answer.
    let answer (ctx: HttpContext) (admitted: IDisposable) (bytes: RequestBytes) (reply: StepReply) (started: int64) =
        bytes.End reply.RequestIsFree
        admitted.Dispose()
        report ctx reply started
        Replies.send ctx reply.StatusCode reply.Body

    /// For a request whose own thread is held up by the step, so that the server cannot finish it.
    let answerLate
        (ctx: HttpContext)
        (admitted: IDisposable)
        (bytes: RequestBytes)
        (started: int64)
        (late: Task<StepReply>)
        : Task = task {
        try
            admitted.Dispose()
            let! reply = late
            ctx.Response.Headers.Connection <- "close"
            let! _ = answer ctx admitted bytes reply started
            do! ctx.Response.CompleteAsync()
        with error ->
            do! fail ctx error
    }

    let admit (ctx: HttpContext) : ValueTask<Turn> =
        let size = reader.Declared ctx

        match admission.TryEnter size with
        | null -> ValueTask<Turn>(admission.Enter(size, ctx.RequestAborted))
        | admitted -> ValueTask<Turn>(Granted admitted)

    let serve (ctx: HttpContext) : Task = task {
        try
            match! admit ctx with
            | Refused(status, reason) -> do! refuseForNow ctx status reason
            | Granted entered ->
                use admitted = entered

                let started =
                    if (loggerOf ctx).IsEnabled LogLevel.Debug then
                        Stopwatch.GetTimestamp()
                    else
                        0L

                use! bytes = reader.Read(ctx, admitted)

                let! reply =
                    runner.RunInPlaceAsync(
                        step,
                        bytes.Memory,
                        (fun late -> answerLate ctx admitted bytes started late),
                        ctx.RequestAborted
                    )

                match reply with
                | null -> ()
                | reply ->
                    let! _ = answer ctx admitted bytes reply started
                    ()
        with error ->
            do! fail ctx error
    }

    /// A refusal that cannot be sent is dealt with as all else is.
    let guarded (ctx: HttpContext) (reply: Task) : Task =
        if reply.IsCompletedSuccessfully then
            reply
        else
            task {
                try
                    do! reply
                with error ->
                    do! fail ctx error
            }

    let refuseOrServe (ctx: HttpContext) : Task =
        if not (HttpMethods.IsPost ctx.Request.Method) then
            ctx.Response.Headers.Allow <- HttpMethods.Post

            refuse ctx 405 $"{ctx.Request.Method} is not possible here. Call {Replies.pathOf ctx} with POST."
            |> guarded ctx
        elif not (isJson ctx) then
            refuse
                ctx
                415
                $"The content type '{ctx.Request.ContentType}' is not supported by {Replies.pathOf ctx}. Send JSON as application/json."
            |> guarded ctx
        else
            match givenUp.Refusal with
            | null -> serve ctx
            | reason -> refuseForNow ctx 503 reason |> guarded ctx

    member _.Invoke(ctx: HttpContext) : Task =
        try
            refuseOrServe ctx
        with error ->
            fail ctx error
