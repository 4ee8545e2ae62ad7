/// Ordinary and stateful programs as users write them, and which net finds which. The table is the documentation of the nets.
module Kta.Functional.Tests.Statelessness.ProgramTests

open System
open System.Text
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Hosting
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.CSharp.Programs

/// What finds a stateful program while it runs; the analyzers, which find C# state before, are proven by tests of their own.
type private Net =
    /// A proven write, when the step is made.
    | Creation
    /// A captured variable with another value than before.
    | Guard
    /// Another answer to the same context.
    | Asking
    | Nothing

/// All that are not found when the step is made.
let private later =
    Map [
        "C# has a captured variable that is changed from outside", Guard
        // Raised by code that is not read, as all that follow.
        "C# is a class with an event", Asking
        "C# captures randomness", Asking
        "C# counts in a service", Asking
        "C# rolls shared dice", Asking
        "C# makes guids", Asking
        "C# reads the clock", Asking
        "C# reads a stopwatch", Asking
        "C# reads a static that others count", Asking
        "C# writes and reads a file", Asking
        "C# writes and reads the environment", Asking
        "C# moves a stream", Asking
        "C# writes to a channel", Asking
        "C# counts permits", Asking
        "C# counts through reflection", Asking
        "C# counts in a compiled expression", Asking
        "C# sets items through a span", Asking
        // Settles at its first call, which was over before anybody asked twice.
        "C# cancels a source", Nothing
        "F# reads a module value that others set", Asking
        "F# rolls shared dice", Asking
        "F# rolls captured dice", Asking
        "F# reads the clock", Asking
        "F# counts in a sequence that is evaluated again", Asking
        "F# remembers in a mailbox", Asking
    ]

let private node = TopologyNode.Deployment "orders"
let private topology = Topology.Of(node, TopologyNode.Deployment "payments")

let private entry rate n =
    HistoryEntry<Load, Demand>(Load rate, Demand n, Plan.ForEach(topology, (fun _ -> n)))

let private histories = [ []; [ entry 5.0 1 ]; [ entry 9.0 3; entry 5.0 1; entry 7.0 2 ] ]

let private contexts: StepContext list = [
    for i, history in List.indexed histories do
        MonitorContext<Load, Demand>(topology, history, $"m{i}", 1_000L * int64 i)
        AnalyzeContext<Load, Demand>(topology, Load(5.0 + float i), history, $"a{i}", 1_000L * int64 i)
        PlanContext<Load, Demand>(topology, Load(5.0 + float i), Demand(1 + i), history, $"p{i}", 1_000L * int64 i)
]

let private without: StepContext list = [
    for i in 0..2 do
        MonitorContext<Load, JsonObject>(topology, [], $"m{i}", 1_000L * int64 i)
        PlanContext<Load, JsonObject>(topology, Load(5.0 + float i), id = $"p{i}")
]

let private contextsOf (algorithm: Algorithm) = [
    for context in (if algorithm :? Algorithm<Load, Demand> then contexts else without) do
        let step =
            match context.GetType().Name with
            | "MonitorContext`2" -> Step.Monitor
            | "AnalyzeContext`2" -> Step.Analyze
            | _ -> Step.Plan

        if Seq.contains step algorithm.Steps then
            context
]

let private request = ReadOnlyMemory(Encoding.UTF8.GetBytes(Requests.first.Replace("\"monitorResult\":{}", "\"monitorResult\":{\"recordsPerSecond\":5}")))

let private served (algorithm: Algorithm) = task {
    let runner = StepRunner algorithm
    let mutable complaint = ""

    for step in algorithm.Steps do
        for _ in 1..3 do
            let! reply = runner.RunAsync(step, request)

            match reply.Error with
            | :? IllegalAccessException as error -> complaint <- error.Message
            | _ -> ()

    return complaint
}

let private finds (make: unit -> Algorithm) = task {
    try
        let algorithm = make ()
        let! complaint = served algorithm

        if complaint <> "" then
            return Guard, complaint
        else
            try
                do! algorithm.AskTwiceAsync(contextsOf algorithm)
                return Nothing, ""
            with :? ChangedDecisionException as error ->
                return Asking, error.Message
    with :? StatefulUdfException as error ->
        return Creation, String.Join("; ", error.Findings)
}

let private stateful: (string * (unit -> Algorithm)) list = [
    for program in ProgramList.Stateful do
        $"C# {program.Key}", program.Value.Invoke
    for name, make in FSharpStateful.programs do
        $"F# {name}", make
]

let private ordinary: (string * (unit -> Algorithm)) list = [
    for program in ProgramList.Ordinary do
        $"C# {program.Key}", program.Value.Invoke
    for name, make in FSharpOrdinary.programs do
        $"F# {name}", make
]

let tests =
    testSequenced
    <| testList "Programs" [
        testList "that keep state are found:" [
            for name, make in stateful do
                testCaseTask name
                <| fun () -> task {
                    let! net, how = finds make
                    let expected = later |> Map.tryFind name |> Option.defaultValue Creation
                    Expect.equal net expected $"the first net that finds it: {how}"
                }
        ]
        testList "that keep none are left alone:" [
            for name, make in ordinary do
                testCaseTask name
                <| fun () -> task {
                    let! net, how = finds make
                    Expect.equal (net, how) (Nothing, "") "no net has anything to say"
                }
        ]
        test "are enough to stand for their kinds" {
            Expect.isGreaterThanOrEqual stateful.Length 60 "stateful"
            Expect.isGreaterThanOrEqual ordinary.Length 60 "ordinary"
        }
    ]
