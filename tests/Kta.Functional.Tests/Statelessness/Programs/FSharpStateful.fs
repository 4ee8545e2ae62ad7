/// Programs that keep state, as F# users write them.
module Kta.Functional.Tests.Statelessness.FSharpStateful

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Statelessness.FSharpStatefulParts

let programs: (string * (unit -> Algorithm)) list = [
    "counts in a ref cell",
    fun () ->
        let calls = ref 0

        monitored (fun _ ->
            calls.Value <- calls.Value + 1
            float calls.Value)

    "counts by incr",
    fun () ->
        let calls = ref 0

        monitored (fun _ ->
            Interlocked.Increment &calls.contents |> ignore
            float calls.Value)

    "counts in a mutable module value",
    fun () ->
        monitored (fun _ ->
            moduleCount <- moduleCount + 1
            float moduleCount)

    "adds to a list of the module",
    fun () ->
        monitored (fun _ ->
            moduleCells.Add 1.0
            float moduleCells.Count)

    "sets an item of a dictionary of the module",
    fun () ->
        monitored (fun ctx ->
            moduleTable[string (moduleTable.Count)] <- ctx.Topology.Count
            float moduleTable.Count)

    "assigns an item of an array",
    fun () ->
        let last = [| 0.0 |]

        monitored (fun _ ->
            last[0] <- last[0] + 1.0
            last[0])

    "adds to a captured list",
    fun () ->
        let seen = ResizeArray<float>()

        monitored (fun ctx ->
            seen.Add(float ctx.Topology.Count)
            float seen.Count)

    "adds to a captured set in a loop",
    fun () ->
        let seen = HashSet<int>()

        monitored (fun ctx ->
            for _ in ctx.Topology do
                seen.Add seen.Count |> ignore

            float seen.Count)

    "adds to a concurrent dictionary",
    fun () ->
        let seen = ConcurrentDictionary<int, int>()
        monitored (fun _ -> float (seen.AddOrUpdate(0, 1, (fun _ old -> old + 1))))

    "enqueues in a captured queue",
    fun () ->
        let window = Queue<float>([ 1.0 ])

        monitored (fun ctx ->
            window.Enqueue(float ctx.Topology.Count + 1.0)
            Seq.sum window)

    "counts in an object with let mutable",
    fun () ->
        let holder = Holder()
        monitored (fun _ -> float (holder.Next()))

    "sets a property of a captured object",
    fun () ->
        let holder = Holder()

        monitored (fun _ ->
            holder.Total <- holder.Total + 1
            float holder.Total)

    "assigns a mutable field of a record",
    fun () ->
        let remembered = { Calls = 0 }

        monitored (fun _ ->
            remembered.Calls <- remembered.Calls + 1
            float remembered.Calls)

    "is a class that counts", (fun () -> Algorithm.FromClass(CountingClass()) :> Algorithm)

    "calls a function that counts",
    fun () ->
        let calls = ref 0

        let next () =
            calls.Value <- calls.Value + 1
            calls.Value

        monitored (fun _ -> float (next ()))

    "calls a function that counts, inside of a fold",
    fun () ->
        let mutable total = ref 0.0

        monitored (fun ctx ->
            ctx.Topology
            |> Seq.iter (fun node -> total.Value <- total.Value + float node.Key.Length)

            total.Value)

    "counts in a ref cell in a task",
    fun () ->
        let calls = ref 0

        Algorithm
            .For<Load, Demand>()
            .WithMonitor(fun (_: Monitoring) (_: CancellationToken) -> task {
                calls.Value <- calls.Value + 1
                do! Task.Yield()
                return Load(float calls.Value)
            })

    "counts in a ref cell after a wait",
    fun () ->
        let calls = ref 0

        Algorithm
            .For<Load, Demand>()
            .WithMonitor(fun (_: Monitoring) (_: CancellationToken) -> task {
                do! Task.Yield()
                calls.Value <- calls.Value + 1
                return Load(float calls.Value)
            })
]
