/// What a page calls right is not only silent: it is compiled as users compile it, makes an algorithm, and answers.
module Kta.Functional.Tests.Analyzers.RightProgramsTests

open System
open System.IO
open System.Reflection
open System.Text
open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp.Syntax
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Analyzers.Compiled

/// Takes the algorithm that a program makes and drops.
let private taker =
    """public static class Taken
{
    public static Algorithm? Algorithm;
    public static void Take(Algorithm made) => Algorithm = made;
    public static void Take<T>(MonitoredAlgorithm<T> made) where T : class => Take(made.Plan(ctx => ctx.ForEachNode(node => 1)));
    public static void Take<T>(IUdfs<T, Demand> made) where T : class => Take(Kta.Functional.Algorithm.FromClass(made));
}"""

/// `Algorithm.Create(…);` becomes `Taken.Take(Algorithm.Create(…));`, and so does what `Bootstrap.Run(…)` gets.
let private taking (program: string) =
    let statements =
        (parse "program.cs" program).GetRoot().DescendantNodes()
        |> Seq.choose (fun node ->
            match node with
            | :? GlobalStatementSyntax as statement ->
                match statement.Statement with
                | :? ExpressionStatementSyntax as one -> Some one.Expression
                | _ -> None
            | _ -> None)
        |> List.ofSeq

    match statements with
    | [ :? InvocationExpressionSyntax as made ] ->
        let taken =
            match string made.Expression with
            | "Bootstrap.Run" -> made.ArgumentList.Arguments[0].Span
            | _ -> made.Span

        program
            .Remove(made.SpanStart, made.Span.Length)
            .Insert(made.SpanStart, $"Taken.Take({program.Substring(taken.Start, taken.Length)})")
    | other -> failtest $"one statement makes the algorithm, not {other.Length}"

let private run (level: OptimizationLevel) (program: string) =
    let compilation = programOf (taking program)
    let compilation = compilation.AddSyntaxTrees(parse "taker.cs" taker)
    let compilation = compilation.WithOptions(compilation.Options.WithOptimizationLevel level)
    use code = new MemoryStream()
    let emitted = compilation.Emit code
    Expect.isTrue emitted.Success $"%A{List.ofSeq emitted.Diagnostics}"
    let assembly = Assembly.Load(code.ToArray())

    match assembly.EntryPoint with
    | null -> failtest "the program has no entry point"
    | entry -> entry.Invoke(null, [| Array.empty<string> |]) |> ignore

    match assembly.GetType "Taken" with
    | null -> failtest "the taker is not there"
    | taken ->
        match (taken.GetField "Algorithm" |> Unchecked.nonNull).GetValue null with
        | :? Algorithm as made -> made
        | _ -> failtest "the program makes no algorithm"

let private answers (program: string) (algorithm: Algorithm) = task {
    let load = """{"recordsPerSecond":12000}"""
    let entry = Requests.entry load "{}"
    let runner = StepRunner algorithm

    for step in algorithm.Steps do
        for history in [ "[]"; $"[{entry}]" ] do
            let request = Requests.ofNodes [ "orders" ] load "{}" history
            let! reply = runner.RunAsync(step, ReadOnlyMemory(Encoding.UTF8.GetBytes request))
            let text = Encoding.UTF8.GetString reply.Body.Span

            // A program that asks a server has to fail for want of it, and for nothing else.
            if step = Step.Monitor && program.Contains "http://localhost:9090" then
                Expect.stringContains text "localhost:9090" "only the server is missing"
            else
                Expect.equal reply.StatusCode 200 text
}

let private pages =
    Directory.GetFiles(Repository.path "docs/diagnostics", "KTA*.md")
    |> Array.map Path.GetFileNameWithoutExtension
    |> Array.sort

let tests =
    testList "What a page calls right" [
        for page in pages do
            for number, program in List.indexed (DescriptorTests.programs (string page) "Right") do
                for level in [ OptimizationLevel.Debug; OptimizationLevel.Release ] do
                    testCaseTask $"{page}, program {number + 1}, in {level}, makes an algorithm and answers"
                    <| fun () -> task { do! run level program |> answers program }
    ]
