/// Recordings in folders of their own.
module Kta.Functional.Tests.Recording.Recordings

open System
open System.IO
open System.Text
open System.Text.RegularExpressions
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Server

/// A folder that is gone after the test.
type Folder() =
    let path = Directory.CreateTempSubdirectory("kta-recording-").FullName
    member _.File(name: string) = Path.Combine(path, name)
    member this.Calls = this.File "calls.jsonl"

    /// With x for the digits of the recording's name.
    member _.Names =
        Directory.GetFileSystemEntries path
        |> Seq.map (fun entry -> Regex.Replace(string (Path.GetFileName entry), "-[0-9a-f]{8}", "-x"))
        |> Seq.sort
        |> List.ofSeq

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)

let utf8 (text: string) = ReadOnlyMemory(Encoding.UTF8.GetBytes text)
let textOf (bytes: ReadOnlyMemory<byte>) = Encoding.UTF8.GetString bytes.Span

let at = DateTimeOffset(2025, 1, 1, 0, 0, 30, 500, TimeSpan.Zero)

/// A call of monitor that was answered.
let callOf (request: string) (reply: string) =
    CallRecord(
        At = at,
        Algorithm = "dummy",
        Step = Step.Monitor,
        Request = utf8 request,
        Status = Nullable 200,
        Reply = utf8 reply,
        Duration = TimeSpan.FromTicks 12345L
    )

let call = callOf Requests.first """{"numInvocations":1}"""

/// The calls of a recording in which every line is one.
let callsOf (path: string) = [
    for line in CallRecording.Read path do
        match line.Call with
        | null -> failtest $"line {line.Number} is no call: {line}"
        | call -> call
]

/// However busy the machine is, a recorded call is in the file.
let patient = CallRecorderOptions(Patience = TimeSpan.FromMinutes 1.0)

let record (path: string) (options: CallRecorderOptions) (work: CallRecorder -> Task) : Task<CallRecorder> = task {
    let recorder = new CallRecorder(path, options)
    do! work recorder
    do! recorder.DisposeAsync()
    return recorder
}

/// A call that can be told from others.
let numbered (n: int) = callOf $$"""{"id":"{{n}}"}""" "{}"

/// Every call gets a file of its own.
let small files =
    CallRecorderOptions(MaxFileBytes = 1L, MaxFiles = files, Patience = patient.Patience)

let recordAll (options: CallRecorderOptions) (path: string) (numbers: int list) : Task = task {
    let! _ =
        record path options (fun recorder -> task {
            for n in numbers do
                do! recorder.RecordAsync(numbered n)
        })

    ()
}

let idsOf (path: string) = [ for call in callsOf path -> Json.text (Json.parse (textOf call.Request)) "id" ]

/// A line as versions before this one wrote it: without a mark of its file.
let earlierLine (n: int) =
    $$$"""{"v":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"dummy","step":"monitor","ms":0,"status":200,"reply":{},"request":{"id":"{{{n}}}"}}"""
    + "\n"

let recordingTo (path: string) (options: HttpBackendOptions) = options.RecordPath <- path

/// What the server has logged under the name of an event.
let logged (server: RunningServer) (name: string) = [
    for line in server.Log.Lines do
        if line.Id.Name = name then
            line.Text
]

/// The first block in a language that a page of the documentation shows.
let firstBlock (page: string) (language: string) =
    let block = Regex.Match(Repository.read page, $"```{language}\n(.*?)```", RegexOptions.Singleline)
    block.Groups[1].Value
