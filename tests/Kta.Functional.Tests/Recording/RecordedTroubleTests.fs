module Kta.Functional.Tests.Recording.RecordedTroubleTests

open System
open System.IO
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.Logging

let private three =
    Topology.Of(TopologyNode.Deployment "orders", TopologyNode.Deployment "payments", TopologyNode.Deployment "mails")

let private loopOptions () =
    LocalOperatorOptions(Clock = VirtualClock(), NewId = IterationIds.Numbered(), AskTwice = [||])

let tests =
    testSequenced
    <| testList "A recording over HTTP holds" [
        testCaseTask "requests that were refused, and steps that failed or took too long or were left alone"
        <| fun () -> task {
            use folder = new Folder()
            let gate = Service.Of(new ManualResetEventSlim(false))
            let started = Service.Of(TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))

            let algorithm (waits: bool) =
                plain
                    .WithMonitor(fun (_: MonitorCtx) -> raise (DivideByZeroException "no records yet"))
                    .WithAnalyze(fun (ctx: AnalyzeContext<JsonObject, JsonObject>) (token: CancellationToken) -> task {
                        if waits && ctx.Id = "leave" then
                            started.Value.SetResult()
                            do! Task.Delay(Timeout.Infinite, token)

                        return ok ()
                    })
                    .WithPlan(fun ctx ->
                        if waits then
                            gate.Value.Wait()

                        Plan.ForEach(ctx.Topology, (fun _ -> 1)))

            let options (options: HttpBackendOptions) =
                options.RecordPath <- folder.Calls
                options.StepTimeLimit <- TimeSpan.FromMilliseconds 300.0

            do!
                serveWith options (algorithm true) (fun server -> task {
                    for step, body in
                        [ "monitor", "{\n"; "monitor", "{}"; "monitor", Requests.first; "plan", Requests.first ] do
                        let! _ = server.Call(step, body)
                        ()

                    gate.Value.Set()
                })

            let unlimited (options: HttpBackendOptions) = options.RecordPath <- folder.Calls
            let! server = Server.startWith unlimited (algorithm true)
            use leaving = new CancellationTokenSource()

            use request =
                new Net.Http.HttpRequestMessage(
                    Net.Http.HttpMethod.Post,
                    Uri("/api/v1alpha1/analyze", UriKind.Relative)
                )

            request.Content <-
                new Net.Http.StringContent(
                    Requests.first.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", "leave"),
                    Text.Encoding.UTF8,
                    "application/json"
                )

            let call = server.SendWith(request, leaving.Token)
            do! started.Value.Task
            do! leaving.CancelAsync()
            let! _ = Task.WhenAny call
            do! (server :> IAsyncDisposable).DisposeAsync()

            Expect.equal
                [
                    for call in callsOf folder.Calls ->
                        call.Step,
                        Option.ofNullable call.Status,
                        (match call.Error with
                         | null -> ""
                         | error -> error.Type)
                ]
                [
                    Step.Monitor, Some 422, "InvalidRequestException"
                    Step.Monitor, Some 422, "InvalidRequestException"
                    Step.Monitor, Some 500, "DivideByZeroException"
                    Step.Plan, Some 500, "UdfTimeoutException"
                    Step.Analyze, None, "OperationCanceledException"
                ]
                "every one"

            Expect.equal (textOf (callsOf folder.Calls).[0].Request) "{\n" "the exact bytes"
            let! report = Replay.RunAsync(algorithm false, folder.Calls)
            Expect.equal (report.Compared, report.IsSame, report.NotComparable.Count) (3, true, 2) (report.ToText())
        }

        testCaseTask "nothing if the disk fails: calls are answered, and the log says so"
        <| fun () -> task {
            use folder = new Folder()
            Directory.CreateDirectory folder.Calls |> ignore
            use recorder = new CallRecorder(folder.Calls, patient)

            do!
                serveWith (fun options -> options.Record <- recorder) (DummyAutoscaler.Create()) (fun server -> task {
                    for _ in 1..20 do
                        let! reply = server.Call("monitor", Requests.first)
                        Expect.equal reply.Status 200 reply.Text

                    Expect.equal
                        (logged server "RecordingProblem")
                        [
                            $"The recording {folder.Calls} cannot be written, so calls are missing from it: Access to the path '{folder.Calls}' is denied. Calls dropped so far: 0"
                        ]
                        "once, not for every call"

                    Directory.Delete folder.Calls
                    let! _ = server.Call("monitor", Requests.first)

                    Expect.equal
                        (List.last (logged server "RecordingProblem"))
                        $"The recording {folder.Calls} goes on; 20 calls are missing from it. Calls dropped so far: 20"
                        "well again"
                })
        }

        testCaseTask "calls of handlers inside of another application, too, by a recorder of its own"
        <| fun () -> task {
            use folder = new Folder()

            let! recorder =
                record folder.Calls (CallRecorderOptions()) (fun recorder -> task {
                    let builder = WebApplication.CreateSlimBuilder()
                    builder.WebHost.UseSetting("urls", "http://127.0.0.1:0") |> ignore
                    builder.Logging.ClearProviders() |> ignore
                    let app = builder.Build()
                    use _ = app :> IAsyncDisposable
                    app.MapKta(DummyAutoscaler.Create(), KtaOptions(Record = recorder)) |> ignore
                    do! app.StartAsync()
                    let! _ = LocalOperator.RunAsync(StepEndpoints.At(Seq.head app.Urls), three, 2, loopOptions ())
                    do! app.StopAsync()
                })

            Expect.equal (recorder.Written, recorder.Dropped) (6L, 0L) "two iterations"
        }
    ]
