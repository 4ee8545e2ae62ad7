/// The rescale after a request, and the task managers around it.
module Kta.Functional.Operator.Tests.Flink.FlinkRescaleTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Operator.Tests.Flink.FakeFlink

let private at (milliseconds: int64) (flink: Flink) = {
    flink with
        Job = {
            flink.Job with
                Now = orders.Now + milliseconds
        }
}

let private upAt (milliseconds: int64) (flink: Flink) = {
    flink with
        Job = {
            flink.Job with
                RunningSince = orders.Now + milliseconds
        }
}

/// A look at the job in this state: the driver's own, or that of the next decision.
let private looks (flink: Served) (driver: FlinkScaleDriver) (state: Flink) = task {
    flink.Becomes state
    let! _ = scaled driver [ "source", 2; "map", 5 ]
    return ()
}

/// Looked at only when a test asks for it, by decisions.
let private slow = FlinkScaleDriverOptions(WatchInterval = TimeSpan.FromDays 1.)

let private measured =
    testList "how long it takes" [
        testCaseTask "is from when Flink stopped it until all of its tasks run again, by Flink's clock"
        <| fun () -> task {
            use! flink = start running
            use driver = driverAt flink.Address null slow
            let! _ = scaled driver [ "source", 2; "map", 5 ]
            let after = observed "map" 5 flink.Now
            do! looks flink driver (at 1_000L flink.Now)
            Expect.isNull driver.LastRescale "it has not begun"

            do!
                looks
                    flink
                    driver
                    ({
                        at 4_000L after with
                            RestartingSince = orders.Now + 2_500L
                     }
                     |> inState "RESTARTING")

            do! looks flink driver (at 6_000L after |> inState "CREATED")

            let deploying =
                at 9_000L (upAt 8_000L after)
                |> fun flink -> {
                    flink with
                        Job =
                            flink.Job
                            |> change "map" (fun one -> {
                                one with
                                    Status = Some "INITIALIZING"
                            })
                }

            do! looks flink driver deploying
            Expect.isNull driver.LastRescale "its state is being restored"
            do! looks flink driver (at 12_500L (upAt 8_000L after))
            Expect.equal (nonNull driver.LastRescale).Took (TimeSpan.FromSeconds 10.) "from 2.5 s to 12.5 s"
        }

        testCaseTask "is that of the new execution where nobody saw it stop"
        <| fun () -> task {
            use! flink = start running
            use driver = driverAt flink.Address null slow
            let! _ = scaled driver [ "source", 2; "map", 5 ]
            do! looks flink driver (at 9_000L (upAt 3_000L (observed "map" 5 flink.Now)))
            Expect.isGreaterThanOrEqual (nonNull driver.LastRescale).Took TimeSpan.Zero "it is over"
        }

        testCaseTask "is watched without further decisions"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! _ = scaled driver [ "source", 2; "map", 5 ]
            let looked = flink.Asked.Length

            flink.Becomes(
                {
                    at 2_000L flink.Now with
                        RestartingSince = orders.Now + 1_000L
                }
                |> inState "RESTARTING"
            )

            while flink.Asked.Length < looked + 2 do
                do! Task.Yield()

            flink.Becomes(flink.Now |> at 8_000L |> upAt 7_000L |> observed "map" 5 |> inState "RUNNING")
            do! driver.Watching.WaitAsync(TimeSpan.FromSeconds 60.)
            Expect.equal (nonNull driver.LastRescale).Took (TimeSpan.FromSeconds 7.) "from 1 s to 8 s"
        }

        testCaseTask "is not known of one that never ends, and watching it ends with the driver"
        <| fun () -> task {
            use! flink = start running
            let driver = driverOf flink
            let! _ = scaled driver [ "source", 2; "map", 5 ]
            Expect.isFalse driver.Watching.IsCompleted "it is watched"
            do! driver.DisposeAsync()
            do! driver.DisposeAsync()
            Expect.isTrue driver.Watching.IsCompleted "and not any more"
            Expect.isNull driver.LastRescale "nothing was seen"
        }

        for state in [ "FINISHED"; "FAILED"; "CANCELED" ] do
            testCaseTask $"is not waited for when the job is {state}"
            <| fun () -> task {
                use! flink = start running
                use driver = driverOf flink
                let! _ = scaled driver [ "source", 2; "map", 5 ]
                flink.Becomes(inState state flink.Now)
                do! driver.Watching.WaitAsync(TimeSpan.FromSeconds 60.)
                Expect.isNull driver.LastRescale "it never ran again"
            }

        testCaseTask "is not waited for longer than said"
        <| fun () -> task {
            use! flink = start running

            use driver =
                driverAt
                    flink.Address
                    null
                    (FlinkScaleDriverOptions(
                        WatchInterval = TimeSpan.FromMilliseconds 5.,
                        WatchLimit = TimeSpan.FromMilliseconds 20.
                    ))

            let! _ = scaled driver [ "source", 2; "map", 5 ]
            do! driver.Watching.WaitAsync(TimeSpan.FromSeconds 60.)
            Expect.isNull driver.LastRescale "nothing was seen"
        }
    ]

/// Task managers of which a test says how many there are, and whether they can be scaled.
type private Replicas(count: int, refusal: string option) =
    let log = ResizeArray<int>()
    member val Count = count with get, set
    member _.Log = List.ofSeq log

    interface IReplicas with
        member _.Name = "Deployment taskmanager in namespace shop"
        member this.ReadAsync _ = Task.FromResult this.Count

        member this.ScaleAsync(replicas, _) =
            match refusal with
            | Some message -> raise (ScalingException message)
            | None ->
                this.Count <- replicas
                log.Add replicas
                Task.CompletedTask

let private withTaskManagers (slots: SlotUse) (replicas: Replicas) (flink: Served) =
    driverAt
        flink.Address
        (TaskManagerDeployment("taskmanager", slots))
        (FlinkScaleDriverOptions(WatchInterval = TimeSpan.FromDays 1., TaskManagers = replicas))

let private taskManagers =
    testList "task managers" [
        testCaseTask "come before Flink is asked for more: as many as the largest parallelism"
        <| fun () -> task {
            use! flink = start running
            let replicas = Replicas(3, None)
            use driver = withTaskManagers SlotUse.SharedTaskSlots replicas flink
            let! (result: ScalingResult) = scaled driver [ "source", 2; "map", 5 ]
            Expect.equal replicas.Log [ 5 ] "five"

            Expect.equal
                (List.ofSeq result.Notes)
                [ "Task managers, Deployment taskmanager in namespace shop: 3 → 5." ]
                "told"
        }

        testCaseTask "are as many as the sum where every task has a slot of its own"
        <| fun () -> task {
            use! flink = start running
            let replicas = Replicas(5, None)
            use driver = withTaskManagers SlotUse.StreamingGraphNodePerTaskSlot replicas flink
            let! _ = scaled driver [ "source", 2; "map", 5 ]
            Expect.equal replicas.Log [ 7 ] "two and five"
        }

        testCaseTask "go when Flink has rescaled, not before"
        <| fun () -> task {
            use! flink = start running
            let replicas = Replicas(3, None)
            use driver = withTaskManagers SlotUse.SharedTaskSlots replicas flink
            let! _ = scaled driver [ "source", 2; "map", 2 ]
            Expect.equal flink.Required.Length 1 "it is asked"
            let! _ = scaled driver [ "source", 2; "map", 2 ]
            Expect.isEmpty replicas.Log "the third is still in use"
            flink.Becomes(observed "map" 2 flink.Now)
            let! _ = scaled driver [ "source", 2; "map", 2 ]
            Expect.equal replicas.Log [ 2 ] "now it goes"
        }

        testCaseTask "stay for vertices that are not decided about"
        <| fun () -> task {
            use! flink = start running
            let replicas = Replicas(3, None)
            use driver = withTaskManagers SlotUse.SharedTaskSlots replicas flink
            let! _ = scaled driver [ "source", 2 ]
            let! _ = scaled driver [ "source", 2 ]
            Expect.isEmpty replicas.Log "map needs three"
        }

        testCaseTask "come while the job waits for them, and go in no other state than RUNNING"
        <| fun () -> task {
            for state, more in [ "CREATED", [ 9 ]; "RESTARTING", [ 9 ]; "FINISHED", []; "FAILING", [] ] do
                use! flink = start (inState state running)
                let replicas = Replicas(3, None)
                use driver = withTaskManagers SlotUse.SharedTaskSlots replicas flink
                let! _ = scaled driver [ "source", 2; "map", 9 ]
                let! _ = scaled driver [ "source", 1; "map", 1 ]
                Expect.equal replicas.Log more state
        }

        testCaseTask "that cannot be scaled are told, and keep nobody from asking Flink"
        <| fun () -> task {
            use! flink = start running
            use driver = withTaskManagers SlotUse.SharedTaskSlots (Replicas(3, Some "No right to scale.")) flink
            let! (result: ScalingResult) = scaled driver [ "source", 2; "map", 5 ]
            Expect.equal (List.ofSeq result.Notes) [ "No right to scale." ] "told"
            Expect.equal flink.Required.Length 1 "asked all the same"
        }

        testCaseTask "that nobody scales are told"
        <| fun () -> task {
            use! flink = start running
            use driver = driverAt flink.Address (TaskManagerDeployment("tm", SlotUse.SharedTaskSlots)) slow
            let! (result: ScalingResult) = scaled driver [ "source", 2; "map", 5 ]

            Expect.equal
                (List.ofSeq result.Notes)
                [ "The task managers of Deployment tm are not scaled: there is no connection to Kubernetes." ]
                "told"
        }
    ]

let tests = testList "rescales" [ measured; taskManagers ]
