/// Every local run ends with asking steps again.
module Kta.Functional.Tests.Simulation.AskTwiceInLoopTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Statelessness.Planners

/// A loop of always the same load, with a planner that has state.
let private loopOf (state: unit -> Planner) =
    let decide = Service.Of(state ())

    Algorithm
        .For<Load, Demand>()
        .WithMonitor(fun _ -> Load 12_000.0)
        .WithAnalyze(fun ctx -> Demand(int (ceil (ctx.MonitorResult.RecordsPerSecond / 5_000.0))))
        .WithPlan(fun ctx ->
            let parallelism = decide.Value ctx
            Plan.ForEach(ctx.Topology, (fun _ -> parallelism)))

let private both = Topology.Of(TopologyNode.Deployment "orders", TopologyNode.Deployment "payments")

let private options () = LocalOperatorOptions(NewId = IterationIds.Numbered())

let private run (algorithm: Algorithm) iterations (options: LocalOperatorOptions) : Task =
    LocalOperator.RunAsync(algorithm, both, iterations, options)

/// What does not show in twenty iterations and the calls after them, or ends the run itself.
let private notAtTheEnd =
    set [
        "differs once, after fifty calls"
        "goes up after three busy calls in a row"
        "empties a queue, and fails then"
    ]

let tests =
    testList "Asking twice in a local run" [
        for way, state in kinds do
            if not (notAtTheEnd.Contains way) then
                testCaseTask $"ends with finding a step that {way}"
                <| fun () -> task {
                    let! error = run (loopOf state) 20 (options ()) |> failure<ChangedDecisionException>
                    Expect.equal error.Step Step.Plan "the step"
                }

        for way, state in harmless do
            testCaseTask $"has nothing to say of a step that {way}"
            <| fun () -> task { do! run (loopOf state) 20 (options ()) }

        testCaseTask "names the iteration"
        <| fun () -> task {
            let! error =
                run (loopOf (fun () -> snd (counting ()))) 5 (options ())
                |> failure<ChangedDecisionException>

            Expect.equal error.ContextId "00000000-0000-4000-8000-000000000001" "its id"

            Expect.stringStarts
                error.Message
                "plan is not stateless: asked twice about iteration 00000000-0000-4000-8000-000000000001, it answered differently. At $['Deployment/orders'].parallelism it said 1 at first, and 8 when"
                "what was found"
        }

        testCaseTask "asks no more than a few calls again, however long it is"
        <| fun () -> task {
            let calls, plan = counting ()
            let algorithm = loopOf (fun () ctx -> min 1 (plan ctx))
            do! run algorithm 300 (options ())
            Expect.isLessThanOrEqual calls.Value 330 "calls of plan"
            Expect.isGreaterThan calls.Value 320 "calls of plan"
        }

        testCaseTask "asks no step twice if none is named"
        <| fun () -> task {
            let calls, plan = counting ()
            do! run (loopOf (fun () -> plan)) 20 (LocalOperatorOptions(AskTwice = [||]))
            Expect.equal calls.Value 20 "calls of plan"
        }

        testCaseTask "asks monitor only if it is named, and uses no service"
        <| fun () -> task {
            let calls = ref 0
            let counting = Service.Of calls

            let looking =
                (loopOf (fun () -> needed)).WithMonitor(fun _ -> Load(float (Interlocked.Increment counting.Value)))

            let all = LocalOperatorOptions(AskTwice = [ Step.Monitor; Step.Analyze; Step.Plan ])
            do! run looking 20 all
            Expect.equal calls.Value 20 "a service is used: it looks at the world"

            let rolling = (loopOf (fun () -> needed)).WithMonitor(fun _ -> Load(Random.Shared.NextDouble()))
            do! run rolling 20 (options ())
            let! error = run rolling 20 all |> failure<ChangedDecisionException>
            Expect.equal error.Step Step.Monitor "asked because it is named"
            Expect.stringContains error.Message "Service.Of" "what to do"
        }

        testCaseTask "does not ask what ships with us, but does what is put in its place"
        <| fun () -> task {
            let calls = Service.Of(ref 0)
            let dummy = DummyAutoscaler.Create()

            let counted =
                dummy.WithPlan(fun ctx ->
                    Interlocked.Increment calls.Value |> ignore
                    Plan.ForEach(ctx.Topology, (fun _ -> 1)))

            do! run dummy 5 (options ())
            do! run counted 5 (options ())
            Expect.isGreaterThan calls.Value.Value 5 "the step of the user is asked again"
        }

        testCaseTask "asks over HTTP too"
        <| fun () -> task {
            let! server = Server.start (loopOf (fun () -> snd (counting ())))
            use _ = server :> IAsyncDisposable

            let asking: Task =
                LocalOperator.RunAsync(StepEndpoints.At(string server.Backend.BaseAddress), both, 5, options ())

            let! error = asking |> failure<ChangedDecisionException>
            Expect.equal (error.Step, error.Path) (Step.Plan, "$['Deployment/orders'].parallelism") "where"
        }

        testCaseTask "records only the run"
        <| fun () -> task {
            use folder = new Folder()
            let path = folder.File "calls.jsonl"

            do! task {
                use recorder = new CallRecorder(path)
                do! run (loopOf (fun () -> needed)) 20 (LocalOperatorOptions(Record = recorder))
            }

            Expect.hasLength (List.ofSeq (CallRecording.Read path)) 60 "three calls in each iteration"
        }

        testCaseTask "of a test is a line, which asks monitor too"
        <| fun () -> task {
            let stateless = loopOf (fun () -> needed)
            let! _ = LocalOperator.AskTwiceAsync(stateless, both)
            let rolling = stateless.WithMonitor(fun _ -> Load(Random.Shared.NextDouble()))
            let asking: Task = LocalOperator.AskTwiceAsync(rolling, both)
            let! error = asking |> failure<ChangedDecisionException>
            Expect.equal error.Step Step.Monitor "the step"
            let late = loopOf (snd (kinds |> List.find (fun (way, _) -> way = "differs once, after fifty calls")))
            let asking: Task = LocalOperator.AskTwiceAsync(late, both)
            let! error = asking |> failure<ChangedDecisionException>
            Expect.equal error.Step Step.Plan "and what shows late"
        }
    ]
