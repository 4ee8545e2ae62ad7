module Kta.Functional.Tests.Testing.ContextRefusalTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Testing
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.TestingSnippets.Autoscaler

let private load rate = { RecordsPerSecond = rate }
let private given = Contexts.For careful

let tests =
    testList "Contexts for tests that no operator makes" [
        test "settings that make no sense are refused" {
            Expect.stringContains
                (thrownBy<ArgumentOutOfRangeException>(fun () -> given.With(historyLength = 0) |> ignore))
                "historyLength"
                "length"

            Expect.stringContains
                (thrownBy<ArgumentOutOfRangeException>(fun () -> given.With(interval = seconds -1) |> ignore))
                "interval"
                "interval"

            Expect.equal
                (thrownBy<ArgumentException>(fun () -> given.With(id = "") |> ignore))
                "The id of an iteration cannot be empty. Leave it out, and iterations are counted. (Parameter 'id')"
                "id"
        }

        test "no iteration comes after the end of the calendar" {
            let last = given.With(startedAt = DateTimeOffset.MaxValue)
            let east = given.With(startedAt = DateTimeOffset(9999, 12, 31, 23, 59, 45, TimeSpan.FromHours 2.0))

            let after (text: string) =
                $"No iteration can start 30 s after 9999-12-31 {text} UTC: that is the end of the calendar. Begin earlier, With(startedAt: …), or with a shorter interval."

            for attempt, expected in
                [
                    (fun () -> last.After(load 1.0, 1) |> ignore), after "23:59:59"
                    (fun () -> last.RunAsync([ load 1.0 ]) |> ignore), after "23:59:59"
                    (fun () -> east.After(load 1.0, 1) |> ignore), after "21:59:45"
                ] do
                Expect.equal (thrownBy<InvalidOperationException> attempt) expected "how to go on"
        }

        test "what was applied is about the nodes of the plan" {
            let both = Plan.ofSeq [ orders, 9; payments, 2 ]

            let refused (applied: Plan) =
                thrownBy<ArgumentException>(fun () ->
                    given
                        .With(topology = Topology.Of(orders, payments))
                        .After(load 1.0, { Instances = 9 }, both, applied = applied)
                    |> ignore)

            Expect.equal
                (refused (Plan.ofSeq [ orders, 4 ]))
                "What was applied is not about the nodes of the plan. Missing: Deployment/payments. The operator changes numbers of a plan, no nodes. (Parameter 'applied')"
                "missing"

            Expect.equal
                (refused (Plan.ofSeq [ orders, 4; audit, 1 ]))
                "What was applied is not about the nodes of the plan. Missing: Deployment/payments. Not in the plan: Deployment/audit. The operator changes numbers of a plan, no nodes. (Parameter 'applied')"
                "foreign"
        }

        testTask "a run without results, or with no time between them, is refused" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () -> given.RunAsync([]) |> ignore))
                "A run needs a result of monitor for each of its iterations, none was given. (Parameter 'monitorResults')"
                "results"

            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    given.With(interval = TimeSpan.Zero).RunAsync([ load 1.0 ]) |> ignore))
                "Iterations of a run are told apart by their start: give the contexts an interval above 0."
                "interval"
        }
    ]
