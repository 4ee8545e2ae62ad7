/// Programs that keep state on a detour, as F# users write them.
module Kta.Functional.Tests.Statelessness.FSharpDetours

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Text
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests.CSharp

type private Ctx = MonitorContext<Load, Demand>

let private step (decide: Ctx -> float) : Algorithm = algorithmFor<Load, Demand> {
    monitor (fun ctx -> Load(decide ctx))
}

let mutable private moduleCalls = 0
let private moduleArray = Array.zeroCreate<int> 2

let private moduleNext =
    let calls = ref 0

    fun () ->
        calls.Value <- calls.Value + 1
        calls.Value

type IStore =
    abstract Next: unit -> int

type private FieldStore() =
    let mutable calls = 0

    interface IStore with
        member _.Next() =
            calls <- calls + 1
            calls

type private Holder() =
    static let mutable total = 0

    static member NextOfAll() =
        total <- total + 1
        total

type private Weights = { ByNode: float array }

type private CountingClass() =
    inherit AutoscalingAlgorithmMonitorUdf<Load, Demand>()
    let mutable calls = 0

    override _.Monitor _ =
        calls <- calls + 1
        Load(float calls)

type private CachingClass() =
    inherit AutoscalingAlgorithmMonitorUdf<Load, Demand>()
    let seen = HashSet<string>()

    override _.Monitor ctx =
        seen.Add ctx.Id |> ignore
        Load(float seen.Count)

type private Retrying() =
    member _.Bind(value: 'a, next: 'a -> 'b) = next value
    member _.Return value = value
    member _.Zero() = ()

let private retrying = Retrying()

let programs: (string * (unit -> Algorithm)) list = [
    "increments a module value with Interlocked", fun () -> step (fun _ -> float (Interlocked.Increment &moduleCalls))
    "sets an element of an array of the module",
    fun () ->
        step (fun _ ->
            moduleArray[0] <- moduleArray[0] + 1
            float moduleArray[0])
    "calls a function of the module that counts", (fun () -> step (fun _ -> float (moduleNext ())))
    "sorts a captured array in place",
    fun () ->
        let rates = [| 3.0; 1.0; 2.0 |]

        step (fun _ ->
            let first = rates[0]
            Array.sortInPlace rates
            first)
    "adds to a list in a map",
    fun () ->
        let byNode = Map.ofList [ "orders", ResizeArray<int>() ]

        step (fun _ ->
            byNode["orders"].Add 1
            float byNode["orders"].Count)
    "appends text",
    fun () ->
        let log = StringBuilder()
        step (fun ctx -> float (log.Append(ctx.Id).Length))
    "calls a static member that counts", (fun () -> step (fun _ -> float (Holder.NextOfAll())))
    "sets an element in a record",
    fun () ->
        let weights = { ByNode = [| 0.0 |] }

        step (fun _ ->
            weights.ByNode[0] <- weights.ByNode[0] + 1.0
            weights.ByNode[0])
    "calls a store behind an interface",
    fun () ->
        let store = FieldStore() :> IStore
        step (fun _ -> float (store.Next()))
    "is a class with a growing set", (fun () -> Algorithm.FromClass(CachingClass()))
    "counts in a function of two arguments",
    fun () ->
        let sum = ref 0.0

        let add weight value =
            sum.Value <- sum.Value + weight * value
            sum.Value

        let twice = add 2.0
        step (fun ctx -> twice (float ctx.Topology.Count) + add 1.0 1.0)
    "counts in a composed function",
    fun () ->
        let calls = ref 0

        let count x =
            calls.Value <- calls.Value + 1
            x + calls.Value

        let whole = count >> float
        step (fun ctx -> whole ctx.Topology.Count)
    "counts in an async",
    fun () ->
        let calls = ref 0

        algorithmFor<Load, Demand> {
            monitor (fun _ -> async {
                do! Async.Sleep 0
                calls.Value <- calls.Value + 1
                return Load(float calls.Value)
            })
        }
    "counts in a computation expression",
    fun () ->
        let calls = ref 0

        step (fun ctx -> retrying {
            let! count = ctx.Topology.Count
            calls.Value <- calls.Value + count
            return float calls.Value
        })
    "remembers by memoizing without its argument",
    fun () ->
        let known = Dictionary<int, float>()

        let memoized key (compute: unit -> float) =
            match known.TryGetValue key with
            | true, value -> value
            | _ ->
                let value = compute ()
                known[key] <- value
                value

        step (fun ctx -> memoized 0 (fun () -> float ctx.Topology.Count))
    "counts in another project",
    fun () ->
        let store = Elsewhere()
        step (fun _ -> float (store.Next()))
    "counts in another project behind a module function",
    fun () ->
        let next = Elsewhere().Next
        step (fun _ -> float (next ()))
    "counts in a static of another project", (fun () -> step (fun _ -> float (Elsewhere.NextOfAll())))
    "raises an event that somebody counts",
    fun () ->
        let called = Event<int>()
        let total = ref 0
        called.Publish.Add(fun n -> total.Value <- total.Value + n)

        step (fun ctx ->
            called.Trigger ctx.Topology.Count
            float total.Value)
    "forces a lazy value that remembers the first call",
    fun () ->
        let current = AsyncLocal<Ctx>()
        let first = lazy (float current.Value.Topology.Count)

        step (fun ctx ->
            current.Value <- ctx
            first.Value)
]
