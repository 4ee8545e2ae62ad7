/// Every log message of the package, with its stable event id.
module internal Kta.Functional.Http.Log

open Kta.Functional
open Microsoft.Extensions.Logging

[<Literal>]
let Category = "Kta.Functional"

/// The algorithm is being served: algorithm, addresses.
let serving =
    LoggerMessage.Define<string, string>(
        LogLevel.Information,
        EventId(1, "Serving"),
        "Serving {Algorithm} at {Addresses}"
    )

/// A call was answered: step, status, milliseconds.
let answered =
    LoggerMessage.Define<string, int, double>(
        LogLevel.Debug,
        EventId(2, "Answered"),
        "{Step} answered {Status} after {ElapsedMilliseconds:0.0} ms"
    )

/// A request was refused before or while a step ran: step, status, message.
let refused =
    LoggerMessage.Define<string, int, string>(
        LogLevel.Warning,
        EventId(3, "Refused"),
        "{Step} refused a request with {Status}: {Reason}"
    )

/// A step failed: step, status, message; the exception has the stack.
let failed =
    LoggerMessage.Define<string, int, string>(
        LogLevel.Error,
        EventId(4, "Failed"),
        "{Step} failed with {Status}: {Reason}"
    )

/// The same of a call whose iteration is known.
let private refusedIn =
    LoggerMessage.Define<string, int, string, string>(
        LogLevel.Warning,
        EventId(3, "Refused"),
        "{Step} refused a request with {Status}: {Reason} (iteration {Iteration})"
    )

let private failedIn =
    LoggerMessage.Define<string, int, string, string>(
        LogLevel.Error,
        EventId(4, "Failed"),
        "{Step} failed with {Status}: {Reason} (iteration {Iteration})"
    )

let refusedCall (logger: ILogger) (step: string) (status: int) (reason: string) (iteration: string | null) =
    match iteration with
    | null -> refused.Invoke(logger, step, status, reason, null)
    | iteration -> refusedIn.Invoke(logger, step, status, reason, iteration, null)

let failedCall (logger: ILogger) (step: string) (status: int) (reason: string) (iteration: string | null) (error: exn) =
    match iteration with
    | null -> failed.Invoke(logger, step, status, reason, error)
    | iteration -> failedIn.Invoke(logger, step, status, reason, iteration, error)

/// A plan changes a node, or holds it back: the iteration, what and why.
let private decided =
    LoggerMessage.Define<string, string>(
        LogLevel.Information,
        EventId(11, "Decided"),
        "plan of iteration {Iteration}: {Decision}"
    )

/// A plan changes nothing: the iteration, how many nodes stay as they are.
let private decidedNothing =
    LoggerMessage.Define<string, int>(
        LogLevel.Debug,
        EventId(11, "Decided"),
        "plan of iteration {Iteration}: {Unchanged} unchanged"
    )

/// More lines than this say less.
let private mostDecisions = 20

let planned (logger: ILogger) (iteration: string | null) (why: Explanation) =
    let told = why.Nodes |> Seq.filter _.IsDecision |> Array.ofSeq

    for node in Array.truncate mostDecisions told do
        decided.Invoke(logger, string iteration, node.LogLine(), null)

    if told.Length > mostDecisions then
        decided.Invoke(logger, string iteration, $"{told.Length - mostDecisions} nodes more", null)
    elif told.Length = 0 then
        decidedNothing.Invoke(logger, string iteration, why.Nodes.Count, null)

/// The policy sends less history than the algorithm looks at: what it looks at, how many entries there were, the iteration.
let shortHistory =
    LoggerMessage.Define<string, int, string>(
        LogLevel.Warning,
        EventId(17, "ShortHistory"),
        "{Who}, but the history has {Count} entries and no longer grows with every call. Until it does, nothing is scaled down that needs it. Set resultHistoryLength of the policy to more (iteration {Iteration})"
    )

/// History entries did not fit the algorithm's types: step, how many, the first reason, the iteration.
let skippedHistory =
    LoggerMessage.Define<string, int, string, string>(
        LogLevel.Warning,
        EventId(5, "SkippedHistory"),
        "{Step} left out {Count} history entries that do not fit the algorithm's types. The first: {Reason} (iteration {Iteration})"
    )

/// Nobody waits for the answer any more: step, why.
let abandoned =
    LoggerMessage.Define<string, string>(LogLevel.Warning, EventId(6, "Abandoned"), "{Step} was given up: {Reason}")

/// Every call is being recorded: file.
let recording =
    LoggerMessage.Define<string>(LogLevel.Information, EventId(8, "Recording"), "Recording every call in {Path}")

/// Calls are missing from the recording, or it goes on: what happened, calls dropped so far.
let recordingProblem =
    LoggerMessage.Define<string, int64>(
        LogLevel.Warning,
        EventId(9, "RecordingProblem"),
        "{Reason} Calls dropped so far: {Dropped}"
    )

/// A step that was given up has ended after all: step, seconds since it began, how.
let completedLate =
    LoggerMessage.Define<string, double, string>(
        LogLevel.Warning,
        EventId(10, "EndedLate"),
        "{Step} was given up, and ended after {Seconds:0.0} s {How}"
    )

/// A context has got two answers: all of it.
let changedDecision =
    LoggerMessage.Define<string>(LogLevel.Error, EventId(15, "ChangedDecision"), "{Reason}")

/// No step is asked twice any more: why.
let askingEnded =
    LoggerMessage.Define<string>(
        LogLevel.Warning,
        EventId(16, "AskingEnded"),
        "Steps are not asked twice any more, for one could not be: {Reason}"
    )

/// Somebody has looked for something that does not exist.
let notThere =
    LoggerMessage.Define<int, string>(
        LogLevel.Debug,
        EventId(7, "NotServed"),
        "A request was answered {Status}: {Reason}"
    )

/// A call of something that does not exist: status, message.
let notServed =
    LoggerMessage.Define<int, string>(
        LogLevel.Warning,
        EventId(7, "NotServed"),
        "A request was answered {Status}: {Reason}"
    )

/// A setting that nobody knows: its name, the section, the settings there are.
let unknownSetting =
    LoggerMessage.Define<string, string, string>(
        LogLevel.Warning,
        EventId(12, "UnknownSetting"),
        "The setting {Setting} is unknown and has no effect. Known below {Section}: are {Known}"
    )

/// A setting that the program has set itself: its name, the option.
let overruledSetting =
    LoggerMessage.Define<string, string>(
        LogLevel.Warning,
        EventId(13, "OverruledSetting"),
        "The setting {Setting} has no effect: the program sets {Option} itself, which has the last word"
    )

/// The container image names a port that nobody has chosen.
let portNotFollowed =
    LoggerMessage.Define(
        LogLevel.Information,
        EventId(14, "PortNotFollowed"),
        "HTTP_PORTS=8080 comes with .NET's container images and is not followed. To listen there, set Kta__Port=8080 or ASPNETCORE_URLS=http://*:8080"
    )
