/// What is refused when a step is made, in which words, and what is not.
module Kta.Functional.Tests.Statelessness.CreationTests

open System
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Hosting
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.CSharp.Programs

let private refusalOf (name: string) =
    try
        ProgramList.Stateful[name].Invoke() |> ignore
        failtest "the program was not refused"
    with :? StatefulUdfException as error ->
        error

let private messages =
    testList "The message" [
        test "names the step, the variable, who writes it, and what to write instead" {
            Expect.equal
                (refusalOf "assigns a captured variable").Message
                "The monitor step is not stateless: it assigns the captured variable 'calls' (in Make). The operator calls steps several times at once, tries them again, and moves them between processes, so what one call writes another may or may not see. Put what has to be remembered into the step's result and read it from ctx.History; make what is needed for one call only within the step."
                "the whole message"
        }
        test "names every finding" {
            Expect.equal (refusalOf "adds to a list").Findings.Count 1 "the findings"
        }
    ]

let private calls =
    testList "A captured variable that changes" [
        testCaseTask "from outside is found at the next call: 500 that says from what to what"
        <| fun () -> task {
            let served =
                ProgramList.Stateful["has a captured variable that is changed from outside"].Invoke()

            let! reply =
                StepRunner(served).RunAsync(Step.Monitor, ReadOnlyMemory(Encoding.UTF8.GetBytes Requests.first))

            Expect.equal reply.StatusCode 500 "refused"

            Expect.equal
                (Json.text (Json.parse (Encoding.UTF8.GetString reply.Body.Span)) "message")
                "The captured variable 'factor' has changed from '1' to '2'. Steps are stateless: the same context has to give the same result. Put what has to be remembered into the result and read it from ctx.History."
                "the whole message"
        }
    ]

let tests = testSequenced (testList "Statelessness" [ messages; calls ])
