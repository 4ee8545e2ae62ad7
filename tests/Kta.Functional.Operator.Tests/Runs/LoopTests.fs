/// The loop of a policy: what it stores and scales, and that nothing ends it.
module Kta.Functional.Operator.Tests.Runs.LoopTests

open System.Threading
open System.Threading.Channels
open Expecto
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Simulation
open Kta.Functional.Operator.Tests.Knowledge.Stored
open Kta.Functional.Operator.Tests.Runs.Looping

let tests =
    testList "The loop of a policy" [
        testCaseTask "lets a plan for lack of data call back no rescale"
        <| fun () -> task {
            use folder = new Folder()
            use store = KnowledgeStore.Open folder.Store
            let driver = new Asked(unchanged)

            let decide (before: int) =
                if before = 0 then
                    plan 3
                else
                    (plan 8).ForLackOfData(node, "no numbers")

            do! task {
                use loop = new OperatorLoop(store)
                loop.Start(operated driver decide)
                let! first = driver.Next()
                let! second = driver.Next()
                let! third = driver.Next()
                Expect.equal [ for one in [ first; second; third ] -> wanted one ] [ 3; 3; 3 ] "what was decided stands"
            }

            let stored = store.Read policy.FullName |> Seq.item 1
            Expect.equal (stored.PlanResult[node], stored.Parallelism[node]) (8, 3) "both are stored"
        }

        testCaseTask "applies a plan for lack of data where nothing was decided before"
        <| fun () -> task {
            use folder = new Folder()
            use store = KnowledgeStore.Open folder.Store
            let driver = new Asked(unchanged)
            use loop = new OperatorLoop(store)
            loop.Start(operated driver (fun _ -> (plan 8).ForLackOfData(node, "no numbers")))
            let! first = driver.Next()
            Expect.equal (wanted first) 8 "what is there"
        }

        testCaseTask "goes on after an error of a driver, and stores each iteration once"
        <| fun () -> task {
            use folder = new Folder()
            use store = KnowledgeStore.Open folder.Store
            let failures = Channel.CreateUnbounded<IterationFailed>()
            let mutable calls = 0

            let driver =
                new Asked(fun decision ->
                    if Interlocked.Increment &calls = 1 then
                        invalidOp "a slip"

                    unchanged decision)

            do! task {
                let listen (what: RunEvent) =
                    match what with
                    | :? IterationFailed as failed -> failures.Writer.TryWrite failed |> ignore
                    | _ -> ()

                use loop = new OperatorLoop(store, OperatorLoopOptions(OnEvent = listen))
                loop.Start(operated driver (fun before -> plan (before + 1)))
                let! _ = driver.Next()
                let! failed = failures.Reader.ReadAsync()
                let! second = driver.Next()
                Expect.equal failed.Where "loop" "whose error it is"
                Expect.stringContains failed.Problem "a slip" "what it is"
                Expect.equal (wanted second) 2 "the next iteration, not the same again"
            }

            let ids = [ for one in store.Read policy.FullName -> one.Id ]
            Expect.equal ids (List.distinct ids) "each once"
        }

        testCaseTask "starts with what was stored last, within the bounds of today"
        <| fun () -> task {
            use folder = new Folder()
            use store = KnowledgeStore.Open folder.Store
            let first = new Asked(unchanged)

            do! task {
                use loop = new OperatorLoop(store)
                loop.Start(operated first (fun _ -> plan 9))
                let! _ = first.Next()
                return ()
            }

            let again = new Asked(unchanged)
            let bounded = operated again (fun _ -> plan 4)

            use loop = new OperatorLoop(store)

            loop.Start(
                OperatedPolicy(
                    Policy =
                        KtaPolicy(
                            Name = "orders",
                            Topology = policy.Topology,
                            Target = policy.Target,
                            Interval = policy.Interval,
                            MaxParallelism = 5
                        ),
                    Driver = again,
                    Steps = bounded.Steps
                )
            )

            let! resumed = again.Next()
            let! next = again.Next()
            Expect.equal [ wanted resumed; wanted next ] [ 5; 4 ] "the stored plan, then the next one"
        }
    ]
