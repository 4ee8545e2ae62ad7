/// The tool as processes of their own, which can be killed.
module Kta.Cli.Tests.Children

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text.Json.Nodes
open System.Threading.Channels
open System.Threading.Tasks

let private dll = Path.Combine(AppContext.BaseDirectory, "kta.dll")
let private patience = TimeSpan.FromSeconds 60.0

/// A process of kta. What it prints is read while it runs; whatever happens, it is gone after the test.
type Child(arguments: string list) =
    let lines = Channel.CreateUnbounded<string>()
    let notes = List<string>()

    let started =
        let info =
            ProcessStartInfo("dotnet", dll :: arguments, RedirectStandardOutput = true, RedirectStandardError = true)

        let child = new Process(StartInfo = info)

        child.OutputDataReceived.Add(fun line ->
            match line.Data with
            | null -> lines.Writer.TryComplete() |> ignore
            | text -> lines.Writer.TryWrite text |> ignore)

        child.ErrorDataReceived.Add(fun line ->
            match line.Data with
            | null -> ()
            | text -> lock notes (fun () -> notes.Add text))

        child.Start() |> ignore
        child.BeginOutputReadLine()
        child.BeginErrorReadLine()
        child

    member _.Id = started.Id
    member _.Notes = lock notes (fun () -> String.concat "\n" notes)

    member this.Next(isMeant: JsonNode -> bool) : Task<JsonNode> =
        Runs.nextLine lines.Reader (fun () -> this.Notes) isMeant

    /// What it has printed until it ended.
    member _.Rest() : Task<string list> = task {
        let rest = List<string>()
        let mutable isOpen = true

        while isOpen do
            let! more = lines.Reader.WaitToReadAsync()
            isOpen <- more
            let mutable line = ""

            while more && lines.Reader.TryRead &line do
                rest.Add line

        return List.ofSeq rest
    }

    member _.Kill() : Task = task {
        started.Kill()
        do! started.WaitForExitAsync()
    }

    /// Asks it to end as a system does that stops, and waits for it.
    member _.Terminate() : Task<int> = task {
        use kill = Process.Start("kill", [ "-TERM"; string started.Id ])
        do! kill.WaitForExitAsync()
        do! started.WaitForExitAsync().WaitAsync patience
        return started.ExitCode
    }

    interface IDisposable with
        member _.Dispose() =
            if not started.HasExited then
                started.Kill()

            started.Dispose()
