namespace Kta.Functional.Http

open System
open System.Diagnostics
open System.IO
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Calls
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// One step as an HTTP endpoint.
type internal StepEndpoint
    (
        steps: StepHandler,
        runner: StepRunner,
        step: Step,
        twice: AskingTwice,
        admission: Admission,
        reader: BodyReader,
        abandonment: AbandonmentLimit,
        recording: RecordingLog,
        instruments: CallInstruments
    ) =
    let name = step.Name()
    let mutable knownLogger: ILogger | null = null
    let mutable stopping = CancellationToken.None
    let history = ShortHistoryLog()

    let loggerOf (ctx: HttpContext) : ILogger =
        match knownLogger with
        | null ->
            let logger = ctx.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger Log.Category
            recording.Attach logger
            abandonment.Attach logger
            twice.Attach logger

            match ctx.RequestServices.GetService<IHostApplicationLifetime>() with
            | null -> ()
            | lifetime -> stopping <- lifetime.ApplicationStopping

            knownLogger <- logger
            logger
        | logger -> logger

    let refuse (ctx: HttpContext) errorType status message : Task =
        instruments.Refused(step, errorType)
        Log.refused.Invoke(loggerOf ctx, name, status, message, null)
        Replies.refuse ctx status message

    let refuseForNow (ctx: HttpContext) errorType status message =
        ctx.Response.Headers.RetryAfter <- "1"
        refuse ctx errorType status message

    /// The call has reached no step, or its answer cannot be sent.
    let failWith (ctx: HttpContext) errorType (message: string) (error: exn) : Task =
        instruments.Refused(step, errorType)
        Log.failed.Invoke(loggerOf ctx, name, 500, message, error)

        if ctx.Response.HasStarted then
            Task.CompletedTask
        else
            Replies.refuse ctx 500 message

    let refuseCharset (ctx: HttpContext) (charset: string) =
        refuse
            ctx
            Refusal.Charset
            415
            $"The body is written in the charset '{SafeExcerpt.Of charset}' of its Content-Type, which {Replies.pathOf ctx} does not read. Send JSON in UTF-8, as application/json."

    let refusePacked (ctx: HttpContext) (packing: string) =
        ctx.Response.Headers.AcceptEncoding <- "identity"

        refuse
            ctx
            Refusal.ContentEncoding
            415
            $"The body is packed, as its Content-Encoding '{SafeExcerpt.Of packing}' says, which {Replies.pathOf ctx} does not undo. Send the JSON as it is, without that header, or put app.UseRequestDecompression() in front."

    let report (ctx: HttpContext) (reply: StepReply) (started: int64) =
        let logger = loggerOf ctx

        match reply.Error with
        | null -> ()
        | :? InvalidRequestException as error ->
            Log.refusedCall logger name reply.StatusCode error.Message reply.Iteration
        | error -> Log.failedCall logger name reply.StatusCode error.Message reply.Iteration error

        if reply.SkippedHistory.Count > 0 then
            Log.skippedHistory.Invoke(
                logger,
                name,
                reply.SkippedHistory.Count,
                string reply.SkippedHistory[0],
                string reply.Iteration,
                null
            )

        history.Note(logger, reply)

        match reply.Explanation with
        | null -> ()
        | why -> Log.planned logger reply.Iteration why

        if started > 0L then
            Log.answered.Invoke(
                logger,
                name,
                reply.StatusCode,
                (Stopwatch.GetElapsedTime started).TotalMilliseconds,
                null
            )

    let abandon (ctx: HttpContext) =
        let reason =
            if stopping.IsCancellationRequested then
                "the connection ended while the host was stopping."
            else
                "the caller went away before the answer was ready. The operator waits 5 s by default."

        instruments.Abandoned step
        Log.abandoned.Invoke(loggerOf ctx, name, reason, null)
        Task.CompletedTask

    /// What cannot be answered otherwise: nothing may escape to the server, which would close the connection in silence.
    let fail (ctx: HttpContext) (error: exn) : Task =
        match error with
        | :? BadHttpRequestException as error when not ctx.Response.HasStarted ->
            // The rest of the body may still be on its way, so the connection cannot be used again.
            ctx.Response.Headers.Connection <- "close"

            let errorType =
                if error.StatusCode = StatusCodes.Status413PayloadTooLarge then
                    Refusal.TooLarge
                else
                    Refusal.Unreadable

            refuse ctx errorType error.StatusCode error.Message
        | :? OutOfMemoryException when not ctx.Response.HasStarted ->
            ctx.Response.Headers.Connection <- "close"
            refuseForNow ctx Refusal.Memory 503 (StepErrors.NoMemory step)
        | :? IOException -> abandon ctx
        | _ when ctx.RequestAborted.IsCancellationRequested -> abandon ctx
        | _ -> failWith ctx Refusal.InternalError (StepErrors.Unexpected(step, error).Message) error

    /// Gives back what the call has taken before the caller takes its time to receive the answer.
    let answer (ctx: HttpContext) (lease: CallLease) (bytes: RequestBytes) (reply: StepReply) (started: int64) : Task =
        bytes.End reply.RequestIsFree

        if reply.CallerHasGone then
            abandon ctx
        else
            (lease :> IDisposable).Dispose()

            if stopping.IsCancellationRequested then
                ctx.Response.Headers.Connection <- "close"

            report ctx reply started
            Replies.send ctx reply.StatusCode reply.Body |> Replies.asTask

    let serveAdmitted (ctx: HttpContext) (granted: CallLease) : Task = task {
        try
            use lease = granted
            let logger = loggerOf ctx
            runner.Explains <- recording.IsOn || logger.IsEnabled LogLevel.Information

            let started =
                if logger.IsEnabled LogLevel.Debug then
                    Stopwatch.GetTimestamp()
                else
                    0L

            use! bytes = reader.Read(ctx, lease)

            match Content.foreignCharset ctx bytes.Memory with
            | null ->
                let! reply = steps.Invoke(step, bytes.Memory, ctx.RequestAborted)
                do! answer ctx lease bytes reply started
            | charset -> do! refuseCharset ctx charset
        with error ->
            do! fail ctx error
    }

    let serveInTurn (ctx: HttpContext) (size: int64) : Task = task {
        try
            match! admission.Enter(size, ctx.RequestAborted) with
            | Refused(status, errorType, reason) -> do! refuseForNow ctx errorType status reason
            | Granted lease -> do! serveAdmitted ctx lease
        with error ->
            do! fail ctx error
    }

    let serve (ctx: HttpContext) : Task =
        let size = reader.Declared ctx

        match admission.TryEnter size with
        | null -> serveInTurn ctx size
        | lease -> serveAdmitted ctx lease

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

    let refuseForNowOrServe (ctx: HttpContext) : Task =
        match Content.packing ctx with
        | null ->
            match abandonment.Refusal with
            | null ->
                match twice.Refusal step with
                | null -> serve ctx
                | error -> failWith ctx Refusal.ChangedDecision error.Message error |> guarded ctx
            | reason -> refuseForNow ctx Refusal.AbandonedSteps 503 reason |> guarded ctx
        | packing -> refusePacked ctx packing |> guarded ctx

    let refuseOrServe (ctx: HttpContext) : Task =
        if not (HttpMethods.IsPost ctx.Request.Method) then
            ctx.Response.Headers.Allow <- HttpMethods.Post

            refuse ctx Refusal.Method 405 (Replies.wrongMethod ctx HttpMethods.Post)
            |> guarded ctx
        else
            match Content.foreignType ctx with
            | null -> refuseForNowOrServe ctx
            | contentType ->
                refuse
                    ctx
                    Refusal.ContentType
                    415
                    $"The content type '{SafeExcerpt.Of contentType}' is not supported by {Replies.pathOf ctx}. Send JSON as application/json."
                |> guarded ctx

    member _.Invoke(ctx: HttpContext) : Task =
        try
            instruments.ShowOnce()
            refuseOrServe ctx
        with error ->
            fail ctx error
