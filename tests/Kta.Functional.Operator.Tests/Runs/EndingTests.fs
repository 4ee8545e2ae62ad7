/// How the loop of a policy ends, and what it learns while it runs.
module Kta.Functional.Operator.Tests.Runs.EndingTests

open System
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Simulation
open Kta.Functional.Operator.Tests.Knowledge.Stored
open Kta.Functional.Operator.Tests.Runs.Looping

let tests =
    testList "The loop of a policy" [
        testCaseTask "lets the step under way end when it is to stop, and scales what it decided"
        <| fun () -> task {
            use folder = new Folder()
            use store = KnowledgeStore.Open folder.Store
            let driver = new Asked(unchanged)
            let isAsked, mayAnswer = TaskCompletionSource(), TaskCompletionSource()

            let decide _ =
                isAsked.TrySetResult() |> ignore
                mayAnswer.Task.Wait()
                plan 7

            let loop = new OperatorLoop(store)
            loop.Start(operated driver decide)
            do! isAsked.Task
            let stopping = loop.DisposeAsync().AsTask()
            mayAnswer.SetResult()
            do! stopping
            let! decided = driver.Next()
            Expect.equal (wanted decided) 7 "it was scaled"
            Expect.equal (Seq.length (store.Read policy.FullName)) 1 "once, and no other step was called"
        }

        testCaseTask "breaks off a step that does not end in time, and stores nothing of it"
        <| fun () -> task {
            use folder = new Folder()
            use store = KnowledgeStore.Open folder.Store
            let driver = new Asked(unchanged)
            let isAsked = TaskCompletionSource()

            let ask (step: Step) (_: ReadOnlyMemory<byte>) (token: CancellationToken) : Task<Calls.StepReply> = task {
                isAsked.TrySetResult() |> ignore
                do! Task.Delay(Timeout.Infinite, token)
                return failwith $"{step} never answers"
            }

            let silent =
                OperatedPolicy(
                    Policy = policy,
                    Driver = driver,
                    Steps =
                        fun _ ->
                            LocalPolicy.Of(
                                policy.FullName,
                                Calls.StepHandler ask,
                                false,
                                policy.Topology,
                                OperatedPolicy.OptionsOf policy
                            )
                )

            let loop = new OperatorLoop(store, OperatorLoopOptions(Grace = TimeSpan.FromMilliseconds 50.0))
            loop.Start silent
            do! isAsked.Task
            do! loop.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds 30.0)
            Expect.isEmpty (store.Read policy.FullName) "nothing was decided"
        }

        testCaseTask "tells whoever decides how long rescales take here, once one was watched"
        <| fun () -> task {
            use folder = new Folder()
            use store = KnowledgeStore.Open folder.Store
            let told = Channel.CreateUnbounded<TimeSpan option>()
            let rescale = Rescale(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds 41.8)

            let driver = {
                new ScaleDriver() with
                    member _.Target = "a test"
                    member _.LastRescale = rescale
                    member _.ScaleAsync(decision, _) = Task.FromResult(unchanged decision)
            }

            let known = operated driver (fun _ -> plan 3)

            let steps downtime =
                told.Writer.TryWrite(Option.ofNullable downtime) |> ignore
                known.Steps.Invoke downtime

            let read () = told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds 30.0)

            do! task {
                use loop = new OperatorLoop(store)
                loop.Start(OperatedPolicy(Policy = policy, Driver = driver, Steps = steps))
                let! first = read ()
                let! second = read ()
                Expect.equal [ first; second ] [ None; Some(TimeSpan.FromSeconds 42.0) ] "in whole seconds"
            }

            use again = new OperatorLoop(store)
            again.Start(OperatedPolicy(Policy = policy, Driver = new Asked(unchanged), Steps = steps))
            let! remembered = read ()
            Expect.equal remembered (Some(TimeSpan.FromSeconds 42.0)) "it is stored"
        }
    ]
