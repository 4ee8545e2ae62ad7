namespace Kta.Functional.Http

open System
open System.Globalization
open System.Threading
open Kta.Functional.Recording
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.Logging

/// Tells the log what goes wrong with a recording, once per server.
type internal RecordingLog(recorder: CallRecorder | null) =
    let mutable attached = 0

    member _.Recorder = recorder

    member _.Attach(logger: ILogger) =
        match recorder with
        | null -> ()
        | recorder ->
            if Interlocked.Exchange(&attached, 1) = 0 then
                recorder.add_Problem (fun _ problem ->
                    Log.recordingProblem.Invoke(logger, problem.Message, problem.Dropped, problem.Error))

/// A recorder as the options or the configuration want it.
module internal RecordingSettings =
    [<Literal>]
    let private Section = "Kta:Record"

    let private number (configuration: IConfiguration) (name: string) : int64 option =
        match configuration[$"{Section}:{name}"] with
        | null
        | "" -> None
        | text ->
            match Int64.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
            | true, value -> Some value
            | _ -> raise (ArgumentException $"The setting {Section}:{name} has to be a whole number; it is '{text}'.")

    let private time (configuration: IConfiguration) (name: string) : TimeSpan option =
        match configuration[$"{Section}:{name}"] with
        | null
        | "" -> None
        | text ->
            match TimeSpan.TryParse(text, CultureInfo.InvariantCulture) with
            | true, value -> Some value
            | _ ->
                raise (
                    ArgumentException
                        $"The setting {Section}:{name} has to be a time such as 00:00:00.050; it is '{text}'."
                )

    let private limits (configuration: IConfiguration) =
        let defaults = CallRecorderOptions()
        let files = number configuration "MaxFiles" |> Option.defaultValue (int64 defaults.MaxFiles)

        CallRecorderOptions(
            MaxFileBytes = (number configuration "MaxFileBytes" |> Option.defaultValue defaults.MaxFileBytes),
            MaxFiles = int (min files (int64 Int32.MaxValue)),
            Patience = (time configuration "Patience" |> Option.defaultValue defaults.Patience)
        )

    /// A recorder to dispose of with the server, or null.
    let create (options: HttpBackendOptions) (configuration: IConfiguration) : CallRecorder | null =
        let path =
            match options.RecordPath with
            | null -> configuration[$"{Section}:Path"]
            | chosen -> chosen

        match options.Record, path with
        | null, NonNull path when path <> "" -> new CallRecorder(path, limits configuration)
        | _ -> null
