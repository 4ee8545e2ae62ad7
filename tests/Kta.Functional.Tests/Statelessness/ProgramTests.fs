/// Ordinary and stateful programs as users write them, and which net finds which: the table in `Nets.txt` is the documentation
/// of the nets. RECORD_NETS=1 writes it anew.
module Kta.Functional.Tests.Statelessness.ProgramTests

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Json.Nodes
open Expecto
open Microsoft.CodeAnalysis
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Analyzers.Compiled
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.CSharp.Programs

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
    for context in
        (if algorithm :? Algorithm<Load, Demand> then
             contexts
         else
             without) do
        let step =
            match context.GetType().Name with
            | "MonitorContext`2" -> Step.Monitor
            | "AnalyzeContext`2" -> Step.Analyze
            | _ -> Step.Plan

        if Seq.contains step algorithm.Steps then
            context
]

let private request =
    ReadOnlyMemory(
        Encoding.UTF8.GetBytes(
            Requests.first.Replace("\"monitorResult\":{}", "\"monitorResult\":{\"recordsPerSecond\":5}")
        )
    )

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

/// What has something to say about a program while it runs, the first net, and how it finds it.
let private complaint (make: unit -> Algorithm) = task {
    try
        let algorithm = make ()
        do! algorithm.AskTwiceAsync(contextsOf algorithm)
        let! complaint = served algorithm
        return (if complaint = "" then "nothing" else $"guard: {complaint}")
    with
    | :? StatefulUdfException as error -> return "creation: " + String.Join("; ", error.Findings)
    | :? IllegalAccessException as error -> return "guard: " + error.Message.Split(". ")[0]
    | :? ChangedDecisionException as error ->
        match error.InnerException with
        | :? IllegalAccessException as inner -> return "guard: " + inner.Message.Split(". ")[0]
        | _ -> return $"asking twice: another answer at {error.Path}"
}

/// The diagnostics of the analyzers on the sources, their suppression taken away, by the program they stand in.
let private byCompiler =
    lazy
        (let files = [
            for file in Directory.GetFiles(Repository.path "tests/Kta.Functional.Tests.CSharp/Programs", "Stateful*.cs") do
                nonNull (Path.GetFileName file),
                File.ReadAllLines file
                |> Array.filter (fun line -> not (line.StartsWith "#pragma"))
         ]

         let usings =
             [ ""; ".Collections.Generic"; ".IO"; ".Linq"; ".Threading"; ".Threading.Tasks" ]
             |> List.map (fun space -> $"global using System{space};")
             |> String.concat "\n"

         let program =
             compilation [
                 parse "usings.cs" usings
                 for name, lines in files do
                     parse name (String.Join("\n", lines))
                 parse "main.cs" "return;"
             ]

         Expect.equal (errors program) [] "the files compile"

         let programAt (place: FileLinePositionSpan) =
             let lines = files |> List.find (fun (name, _) -> name = place.Path) |> snd

             lines[.. place.StartLinePosition.Line]
             |> Array.tryFindBack (fun text -> text.StartsWith "    internal static class ")
             |> Option.map (fun text -> ProgramList.NameOf(text.Trim().Split(' ')[3]))

         analyze program
         |> List.choose (fun found ->
             programAt (found.Location.GetLineSpan())
             |> Option.map (fun name -> name, found.Id))
         |> List.groupBy fst
         |> List.map (fun (name, ids) -> name, ids |> List.map snd |> List.distinct |> List.sort |> String.concat " ")
         |> Map.ofList)

let private programs
    (csharp: IReadOnlyDictionary<string, Func<Algorithm>>)
    fsharp
    : (string * (unit -> Algorithm)) list = [
    for program in csharp do
        $"C# {program.Key}", program.Value.Invoke
    for name, make in fsharp do
        $"F# {name}", make
]

let private stateful =
    programs
        ProgramList.Stateful
        (FSharpStateful.programs
         @ FSharpStatefulDetours.programs
         @ FSharpDetours.programs)

let private ordinary = programs ProgramList.Ordinary (FSharpOrdinary.programs @ FSharpHelpers.programs)

let private table = "tests/Kta.Functional.Tests/Statelessness/Nets.txt"

let private row (name: string) (make: unit -> Algorithm) = task {
    let! found = complaint make

    let analyzer =
        if name.StartsWith "C# " then
            byCompiler.Value |> Map.tryFind (name.Substring 3)
        else
            None

    return $"""{name} | {defaultArg analyzer "-"} | {found}"""
}

let tests =
    testSequenced
    <| testList "Programs" [
        testCaseTask "that keep state are found as the table says"
        <| fun () -> task {
            let rows = ResizeArray [ "program | analyzer | the first net at run time, and how" ]

            for name, make in stateful do
                let! row = row name make
                rows.Add row

            if Environment.GetEnvironmentVariable "RECORD_NETS" = "1" then
                File.WriteAllLines(Repository.path table, rows)

            Expect.equal
                (List.ofSeq rows)
                (List.ofArray (File.ReadAllLines(Repository.path table)))
                $"{table}; if the change is meant, RECORD_NETS=1 writes it anew"
        }
        testList "that keep none are left alone:" [
            for name, make in ordinary do
                testCaseTask name
                <| fun () -> task {
                    let! found = complaint make
                    Expect.equal found "nothing" "no net has anything to say"
                }
        ]
        test "are enough to stand for their kinds" {
            Expect.isGreaterThanOrEqual stateful.Length 60 "stateful"
            Expect.isGreaterThanOrEqual ordinary.Length 60 "ordinary"
        }
    ]
