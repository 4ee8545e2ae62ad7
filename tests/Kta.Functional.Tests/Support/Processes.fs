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

/// With these environment variables.
let startProgram (program: string) (environment: (string * string) list) (arguments: string list) =
    let start =
        ProcessStartInfo(
            program,
            arguments,
            WorkingDirectory = Repository.root,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    for name, value in environment do
        start.Environment[name] <- value

    startedFrom start

let startWith = startProgram "dotnet"

let start = startWith []

/// Reads on until the line that names the address.
let addressOf (started: Process) =
    let seen = StringBuilder()
    let address = Regex(@"Serving .* at (http://\S+?)/api/v1alpha1")

    let rec next () : Task<Uri> = task {
        match! started.StandardOutput.ReadLineAsync() with
        | null ->
            let! errors = started.StandardError.ReadToEndAsync()
            return failtestf "it ended before it served:\n%O\n%s" seen errors
        | line ->
            seen.AppendLine line |> ignore

            match address.Match line with
            | found when found.Success -> return Uri found.Groups[1].Value
            | _ -> return! next ()
    }

    next ()

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
