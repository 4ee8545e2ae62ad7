/// What is refused when an algorithm is made, and what its message says.
module Kta.Functional.Tests.Statelessness.CreationTests

open System
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.CSharp.Programs

let private refused (make: unit -> Algorithm) =
    try
        make () |> ignore
        failtest "the algorithm was made"
    with :? StatefulUdfException as error ->
        error

let private csharp name = refused (fun () -> ProgramList.Stateful[name].Invoke())

let private fsharp name =
    refused (
        snd (
            FSharpStateful.programs
            @ FSharpStatefulDetours.programs
            @ FSharpDetours.programs
            |> List.find (fst >> (=) name)
        )
    )

let private messages =
    testList "The message names" [
        test "step, variable, what writes it and where, and what to do" {
            Expect.equal
                (csharp "adds to a list").Message
                "The monitor step is not stateless: it changes the captured variable 'seen' by List<Double>.Add (in Make). The operator calls steps several times at once, tries them again, and moves them between processes, so what one call writes another may or may not see. Put what has to be remembered into the step's result and read it from ctx.History; make what is needed for one call only within the step."
                "the whole message"
        }

        for program, finding in
            [
                "assigns a captured variable", "it assigns the captured variable 'calls' (in Make)"
                "assigns in an async lambda", "it assigns the captured variable 'calls' (in Make)"
                "assigns in a local function", "it assigns the captured variable 'calls' (in Next)"
                "counts with interlocked",
                "it hands the captured variable 'calls' to Interlocked.Increment by reference (in Make)"
                "sets an element of an array", "it sets an element of the captured variable 'last' (in Make)"
                "sets a property of a captured object",
                "it assigns 'Memory.Calls' of the captured variable 'memory' (in Memory.set_Calls)"
                "is a class with a field", "it assigns the field 'Steps2._calls' (in Steps2.Monitor)"
                "adds to a static list", "it changes the static 'AddsToAStaticList.Seen' by List<Double>.Add (in Make)"
                "walks an iterator", "it changes the captured variable 'numbers' by IEnumerator.MoveNext (in Make)"
                "counts in a constructor", "it assigns the static 'Numbered.s_made' (in new Numbered)"
            ] do
            test $"what a program does that {program}" {
                Expect.equal (List.ofSeq (csharp program).Findings) [ finding ] "the finding"
            }

        test "the variables of F#" {
            Expect.stringContains
                (fsharp "counts in an object with let mutable").Message
                "it assigns 'Holder.calls' of the captured variable 'holder'"
                "a captured object"

            Expect.stringContains
                (fsharp "counts in a mutable module value").Message
                "it assigns the static 'moduleCount'"
                "a module value"
        }

        test "no way around: nobody has to declare a service" {
            for program in [ "adds to a list"; "calls a method that counts" ] do
                Expect.isFalse ((csharp program).Message.Contains "Service") program
        }
    ]

let private first = ReadOnlyMemory(Encoding.UTF8.GetBytes Requests.first)

let private changed (action: unit -> unit) =
    try
        action ()
        ""
    with :? IllegalAccessException as error ->
        error.Message

let private guard =
    testList "A captured variable that is changed" [
        test "after the step was made is found before serving, with what it was and what it is" {
            let algorithm = ProgramList.Stateful["has a captured variable that is changed from outside"].Invoke()

            Expect.equal
                (changed (fun () -> StepRunner algorithm |> ignore))
                "The captured variable 'factor' has changed from '1' to '2'. Steps are stateless: the same context has to give the same result. Put what has to be remembered into the result and read it from ctx.History."
                "the whole message"
        }

        testCaseTask "while it is served is found at the next call"
        <| fun () -> task {
            let changing = ChangingRate()
            let runner = StepRunner(changing.Algorithm)
            let! before = runner.RunAsync(Step.Monitor, first)
            Expect.equal before.StatusCode 200 "as it was"
            changing.Change.Invoke()
            let! after = runner.RunAsync(Step.Monitor, first)
            Expect.equal after.StatusCode 500 "changed"

            Expect.stringStarts
                (Json.text (Json.parse (Encoding.UTF8.GetString after.Body.Span)) "message")
                "The captured variable 'rate' has changed from '1' to '2'."
                "the message"
        }

        testCaseTask "is nobody's business if the step does not read it, or if it was null and is set before serving"
        <| fun () -> task {
            let changing = ChangingRate()
            let runner = StepRunner(changing.Beside)
            changing.Count.Invoke()
            let! after = runner.RunAsync(Step.Monitor, first)
            Expect.equal after.StatusCode 200 "set late, and counted beside it"
        }
    ]

let private large =
    testList "Data is not walked through" [
        test "a captured list of 50,000 records costs nothing" {
            let make = ProgramList.Ordinary["captures a long linked list of records"]
            Expect.equal (make.Invoke().Steps.Count) 1 "made, without running out of stack"
        }
    ]

let tests =
    testList "Statelessness" [ testList "What a step writes is refused when it is made" [ messages; large ]; guard ]
