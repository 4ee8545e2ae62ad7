module Kta.Functional.Tests.Hosting.PaceTests

open System
open System.Text.Json.Nodes
open System.Threading
open Expecto
open Kta.Functional
open Kta.Functional.Hosting
open Kta.Functional.Tests
open Kta.Functional.Tests.Hosting.InPlaceTests

/// A runner of a step that is slow when it is asked to be, and whether a call of it ran on the caller's thread.
let private paced () =
    let slowness = Service.Of(ref 0)

    let runner =
        StepRunner(
            monitoring (fun _ ->
                Thread.Sleep slowness.Value.Value
                Json.object [ "thread", JsonValue.Create Environment.CurrentManagedThreadId ])
        )

    let inPlace (isSlow: bool) =
        slowness.Value.Value <- if isSlow then 30 else 0
        let here = Environment.CurrentManagedThreadId
        // Blocks, so that the step cannot get this thread in another way.
        let reply = (run runner unexpected CancellationToken.None).AsTask().Result
        bodyOf (nonNull reply) = $"""{{"thread":{here}}}"""

    runner, inPlace

let tests =
    testSequenced
    <| testList "A step that has been quick" [
        testTask "slow once among quick calls, as on a busy machine: those behind it run in place" {
            let runner, inPlace = paced ()
            do! warmUp runner

            let here =
                List.sum [
                    for _ in 1..5 do
                        inPlace true |> ignore

                        for _ in 1..20 do
                            if inPlace false then 1 else 0
                ]

            // Another slow one may be the machine's.
            Expect.isGreaterThan here 50 "most of the hundred"
        }

        testTask "slow more than once: runs beside the caller" {
            let runner, inPlace = paced ()
            do! warmUp runner

            for _ in 1..3 do
                inPlace true |> ignore

            Expect.allEqual [ for _ in 1..5 -> inPlace false ] false "on another thread"
        }
    ]
