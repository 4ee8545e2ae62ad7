namespace Kta.Functional.Http

open System
open System.Threading
open Kta.Functional.Recording
open Microsoft.Extensions.Logging

/// Tells the log what goes wrong with a recording, once per server.
type internal RecordingLog(recorder: CallRecorder | null) =
    let mutable attached = 0

    member _.Recorder = recorder
    member _.IsOn = not (isNull recorder)

    member _.Attach(logger: ILogger) =
        match recorder with
        | null -> ()
        | recorder ->
            if Interlocked.Exchange(&attached, 1) = 0 then
                recorder.add_Problem (fun _ problem ->
                    Log.recordingProblem.Invoke(logger, problem.Message, problem.Dropped, problem.Error))

/// A recorder as the options or the configuration want it.
module internal RecordingSettings =
    let private limits (settings: Settings) =
        let defaults = CallRecorderOptions()
        let maxFileBytes = settings.Bytes("MaxFileBytes", Nullable())
        let maxFiles = settings.Whole("MaxFiles", Nullable())
        let patience = settings.Time("Patience", Nullable())
        settings.Check()

        CallRecorderOptions(
            MaxFileBytes = maxFileBytes.GetValueOrDefault defaults.MaxFileBytes,
            MaxFiles = maxFiles.GetValueOrDefault defaults.MaxFiles,
            Patience = patience.GetValueOrDefault defaults.Patience
        )

    /// A recorder to dispose of with the server, or null.
    let create (options: HttpBackendOptions) (settings: Settings) : CallRecorder | null =
        let chosen =
            match options.Record, options.RecordPath with
            | null, path -> path
            | recorder, _ -> recorder.Path

        let path = settings.Text("Path", chosen)
        let limits = limits settings

        match options.Record, path with
        | null, NonNull path when path <> "" -> new CallRecorder(path, limits)
        | _ -> null
