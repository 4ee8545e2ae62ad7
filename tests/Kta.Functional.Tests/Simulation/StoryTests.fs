/// docs/notebook-to-cluster.md: the idea it begins with.
module Kta.Functional.Tests.Simulation.StoryTests

open Expecto
open Kta.Functional.Simulation
open Kta.Functional.Tests

let private orders = Repository.path "samples/Simulation/orders.yaml"

let tests =
    testList "From notebook to cluster" [
        for name, inCSharp, inFSharp in
            [
                "idea",
                (fun () -> CSharp.StorySnippets.TryAsync(CSharp.StorySnippets.Idea(), orders)),
                (fun () -> FSharp.StorySnippets.tryIt orders)
                "calm idea",
                (fun () -> CSharp.StorySnippets.TryCalmAsync(CSharp.StorySnippets.Idea(), orders)),
                (fun () -> FSharp.StorySnippets.tryCalm orders)
            ] do
            testCaseTask $"the {name} is as good as the page says, and the same in both languages"
            <| fun () -> task {
                let! (run: SimulatedRun) = inCSharp ()
                let! (again: SimulatedRun) = inFSharp ()
                Expect.equal (string again.Figures) (string run.Figures) "the same figures"
                let page = Repository.read "docs/notebook-to-cluster.md"

                for line in Seq.truncate 3 ((string run.Figures).Split '\n') do
                    Expect.stringContains page (line.TrimEnd()) "what the page shows"
            }
    ]
