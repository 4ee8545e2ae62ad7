/// What is found when an algorithm is made.
module Kta.Functional.Tests.Statelessness.CreationTests

open System
open System.Text
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Hosting
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp

type Ctx = MonitorContext<JsonObject, JsonObject>

let private refusalOf (make: unit -> obj | null) =
    try
        make () |> ignore
        None
    with :? StatefulUdfException as error ->
        Some error

/// Nothing of it can be seen when the step is made: the guard finds it at the first call.
let private foundAtTheCall = set [ "changes a captured variable from outside" ]

let private csharp =
    testList "C#" [
        for way in Stateful.Ways do
            test $"a step that {way.Key}" {
                match refusalOf (fun () -> box (way.Value.Invoke())) with
                | Some error -> Expect.isNonEmpty error.Findings "says what was found"
                | None -> Expect.isTrue (foundAtTheCall.Contains way.Key) "not refused, so the guard has to find it"
            }
    ]

let private step (udf: Ctx -> JsonObject) : Algorithm =
    Algorithm.For<JsonObject, JsonObject>().WithMonitor(Func<Ctx, JsonObject> udf)

let mutable private moduleCount = 0
let private moduleCells = ResizeArray<int>()

type private Holder() =
    let mutable calls = 0

    member _.Next() =
        calls <- calls + 1
        calls

type private Settings = { Rate: float; Names: string list }
type private MutableSettings = { mutable Calls: int }

type private CountingClass() =
    inherit AutoscalingAlgorithmMonitorUdf<JsonObject, JsonObject>()
    let mutable calls = 0

    override _.Monitor _ =
        calls <- calls + 1
        Json.object [ "calls", JsonValue.Create calls ]

let private answer (n: int) = Json.object [ "n", JsonValue.Create n ]

let private fsharpWays: (string * (unit -> Algorithm)) list = [
    "a ref cell",
    fun () ->
        let calls = ref 0

        step (fun _ ->
            calls.Value <- calls.Value + 1
            answer calls.Value)
    "a mutable module value",
    fun () ->
        step (fun _ ->
            moduleCount <- moduleCount + 1
            answer moduleCount)
    "a list of the module that grows",
    fun () ->
        step (fun _ ->
            moduleCells.Add 1
            answer moduleCells.Count)
    "an array",
    fun () ->
        let last = [| 0 |]

        step (fun _ ->
            last[0] <- last[0] + 1
            answer last[0])
    "a ResizeArray",
    fun () ->
        let seen = ResizeArray<int>()
        step (fun _ -> answer seen.Count)
    "a dictionary",
    fun () ->
        let seen = Collections.Generic.Dictionary<string, int>()
        step (fun ctx -> answer (if seen.ContainsKey ctx.Id then 1 else 0))
    "an object with let mutable",
    fun () ->
        let holder = Holder()
        step (fun _ -> answer (holder.Next()))
    "a record with a mutable field",
    fun () ->
        let settings = { Calls = 0 }

        step (fun _ ->
            settings.Calls <- settings.Calls + 1
            answer settings.Calls)
    "a class with let mutable", (fun () -> Algorithm.FromClass(CountingClass()))
    "a function that counts",
    fun () ->
        let calls = ref 0

        let next () =
            calls.Value <- calls.Value + 1
            calls.Value

        step (fun _ -> answer (next ()))
    "a ref cell in a task",
    fun () ->
        let calls = ref 0

        Algorithm
            .For<JsonObject, JsonObject>()
            .WithMonitor(fun _ _ -> task {
                calls.Value <- calls.Value + 1
                return answer calls.Value
            })
]

let private fsharp =
    testList "F#" [
        for name, make in fsharpWays do
            test $"a step that captures {name}" { Expect.isSome (refusalOf (fun () -> box (make ()))) "refused" }
    ]

let private messages =
    testList "The message" [
        test "names the captured variable, its type, and what to write instead" {
            let error = refusalOf (fun () -> box (Stateful.Ways["captures a list"].Invoke()))

            Expect.equal
                (error |> Option.map _.Message)
                (Some
                    "A step is not stateless: the captured variable 'seen' is a List<Double>: items can be added; capture an ImmutableArray, a FrozenSet or, in F#, a list. The operator calls steps several times at once, tries them again, and moves them between processes. Put what has to be remembered into the step's result and read it from ctx.History; wrap clients and other services into Service.Of(…).")
                "the whole message"
        }

        test "names the variable that is assigned" {
            let error = refusalOf (fun () -> box (Stateful.Ways["assigns a captured variable"].Invoke()))

            Expect.equal
                (error |> Option.map (_.Findings >> List.ofSeq))
                (Some [ "it assigns the captured variable 'calls'" ])
                "the finding"
        }
    ]

let private legitimate =
    testList "Programs that keep no state pass" [
        for program in Stateless.Programs do
            testCaseTask $"C#: {program.Key}"
            <| fun () -> task {
                let runner = StepRunner(Stateful.Serve(program.Value.Invoke()))
                let request = ReadOnlyMemory(Encoding.UTF8.GetBytes Requests.first)

                for _ in 1..3 do
                    let! reply = runner.RunAsync(Step.Monitor, request)
                    Expect.equal reply.StatusCode 200 (Encoding.UTF8.GetString reply.Body.Span)
            }

        let settings = { Rate = 5.0; Names = [ "a"; "b" ] }
        let weights = Map.ofList [ "orders", 2 ]
        let twice x = 2 * x
        let client = Service.Of(new Net.Http.HttpClient())

        for name, make in
            [
                "an F# record, list and map", fun () -> step (fun _ -> answer (settings.Names.Length + weights.Count))
                "an F# function", fun () -> step (fun _ -> answer (twice 2))
                "a service", fun () -> step (fun _ -> answer (int client.Value.Timeout.TotalSeconds))
                "its own mutable variables",
                fun () ->
                    step (fun ctx ->
                        let mutable sum = 0

                        for node in ctx.Topology do
                            sum <- sum + node.Key.Length

                        answer sum)
                "a task with a loop",
                fun () ->
                    Algorithm
                        .For<JsonObject, JsonObject>()
                        .WithMonitor(fun _ _ -> task {
                            let mutable sum = 0

                            for i in 1..3 do
                                do! Threading.Tasks.Task.Yield()
                                sum <- sum + i

                            return answer sum
                        })
            ] do
            test $"F#: {name}" { Expect.isNone (refusalOf (fun () -> box (make ()))) "passes" }
    ]

let private calls =
    testList "A captured variable that changes" [
        testCaseTask "from outside is found at the next call: 500 that says from what to what"
        <| fun () -> task {
            let step = Stateful.Ways["changes a captured variable from outside"].Invoke()
            let served = Stateful.Serve step

            let! reply =
                StepRunner(served).RunAsync(Step.Monitor, ReadOnlyMemory(Encoding.UTF8.GetBytes Requests.first))

            Expect.equal reply.StatusCode 500 "refused"

            Expect.equal
                (Json.text (Json.parse (Encoding.UTF8.GetString reply.Body.Span)) "message")
                "The captured variable 'factor' has changed from '1' to '2'. Steps are stateless: the same context has to give the same result. Put what has to be remembered into the result and read it from ctx.History."
                "the whole message"
        }
    ]

let tests =
    testSequenced (
        testList "Statelessness" [
            testList "is required when a step is made" [ csharp; fsharp; messages ]
            legitimate
            calls
        ]
    )
