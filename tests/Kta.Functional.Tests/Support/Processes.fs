/// Programs of this repository as processes of their own.
module Kta.Functional.Tests.Processes

open System
open System.Diagnostics
open System.Text
open System.Text.RegularExpressions
open System.Threading.Tasks
open Expecto

let private startedFrom (start: ProcessStartInfo) =
    match Process.Start start with
    | null -> failwith $"{start.FileName} did not start"
    | started -> started

/// In a folder, with these environment variables.
let startIn (folder: string) (program: string) (environment: (string * string) list) (arguments: string list) =
    let start =
        ProcessStartInfo(
            program,
            arguments,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    for name, value in environment do
        start.Environment[name] <- value

    startedFrom start

/// With these environment variables.
let startProgram = startIn Repository.root

let startWith = startProgram "dotnet"

let start = startWith []

/// Reads on until a line that matches.
let private awaitLine (pattern: string) (started: Process) =
    let seen = StringBuilder()
    let pattern = Regex pattern

    let rec next () : Task<Match> = task {
        match! started.StandardOutput.ReadLineAsync() with
        | null ->
            let! errors = started.StandardError.ReadToEndAsync()
            return failtestf "it ended before it said %O:\n%O\n%s" pattern seen errors
        | line ->
            seen.AppendLine line |> ignore

            match pattern.Match line with
            | found when found.Success -> return found
            | _ -> return! next ()
    }

    next ()

/// Reads on until the line that names the address.
let addressOf (started: Process) = task {
    let! found = awaitLine @"Serving .* at (http://\S+?)/api/v1alpha1" started
    return Uri found.Groups[1].Value
}

/// The same for an application with endpoints of its own, which says itself where it listens and, later, that it has started.
let addressOfApplication (started: Process) = task {
    let! found = awaitLine @"Now listening on: (http://\S+)" started
    let! _ = awaitLine "Application started" started
    return Uri found.Groups[1].Value
}

/// Reads what it goes on to say: a process that nobody listens to stops when its pipe is full.
let readOn (started: Process) =
    started.StandardOutput.ReadToEndAsync() |> ignore
    started.StandardError.ReadToEndAsync() |> ignore

/// Sends SIGTERM.
let askToStop (started: Process) : Task = task {
    use signal = startedFrom (ProcessStartInfo("kill", [ "-TERM"; string started.Id ]))
    do! signal.WaitForExitAsync()
}

let terminate (started: Process) = task {
    do! askToStop started
    do! started.WaitForExitAsync()
    return started.ExitCode
}
