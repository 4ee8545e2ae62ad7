/// Ways to keep state in a planner that no look at captured variables can see, and ways that do no harm.
module Kta.Functional.Tests.Statelessness.Planners

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Tests.CSharp

type Planner = PlanContext<Load, Demand> -> int

let rate (ctx: PlanContext<Load, Demand>) = ctx.MonitorResult.RecordsPerSecond
let needed (ctx: PlanContext<Load, Demand>) = int (ceil (rate ctx / 5_000.0))

let private every (n: int) : unit -> Planner =
    fun () ->
        let calls = ref 0

        fun ctx ->
            if Interlocked.Increment calls % n = 0 then
                1 + needed ctx
            else
                needed ctx

let kinds: (string * (unit -> Planner)) list = [
    "counts its calls",
    fun () ->
        let calls = ref 0
        fun _ -> Interlocked.Increment calls
    "flips with every call", every 2
    "differs at every third call", every 3
    "differs at every fourth call", every 4
    "differs at every tenth call", every 10
    "differs once, after fifty calls",
    fun () ->
        let calls = ref 0

        fun ctx ->
            if Interlocked.Increment calls = 50 then
                1 + needed ctx
            else
                needed ctx
    "does something special at its first call",
    fun () ->
        let isFirst = ref true

        fun ctx ->
            let extra = if isFirst.Value then 7 else 0
            isFirst.Value <- false
            extra + needed ctx
    "smooths",
    fun () ->
        let smooth = ref nan

        fun ctx ->
            smooth.Value <-
                if Double.IsNaN smooth.Value then
                    rate ctx
                else
                    0.5 * (smooth.Value + rate ctx)

            int (ceil (smooth.Value / 5_000.0))
    "keeps the largest value so far",
    fun () ->
        let most = ref 0

        fun ctx ->
            most.Value <- max most.Value (needed ctx)
            most.Value
    "reacts to a change since the last call",
    fun () ->
        let last = ref 0

        fun ctx ->
            let before = last.Value
            last.Value <- needed ctx
            max last.Value before
    "goes up after three busy calls in a row",
    fun () ->
        let busy = ref 0

        fun ctx ->
            busy.Value <- if rate ctx > 7_000.0 then busy.Value + 1 else 0
            if busy.Value >= 3 then 9 else 1
    "counts the contexts it has seen",
    fun () ->
        let seen = HashSet<string>()

        fun ctx ->
            seen.Add ctx.Id |> ignore
            seen.Count
    "knows a context it has seen",
    fun () ->
        let seen = HashSet<string>()
        fun ctx -> if seen.Add ctx.Id then 2 else 1
    "adds per node",
    fun () ->
        let perNode = ConcurrentDictionary<TopologyNode, int>()
        fun ctx -> perNode.AddOrUpdate(ctx.Topology[0], 1, (fun _ n -> n + 1))
    "walks along an iterator",
    fun () ->
        let numbers = (Seq.initInfinite (fun i -> i + 1)).GetEnumerator()

        fun _ ->
            numbers.MoveNext() |> ignore
            numbers.Current
    "empties a queue, and fails then",
    fun () ->
        let left = Queue [ for _ in 1..6 -> 3 ]
        fun _ -> left.Dequeue()
    "rolls a die", fun () -> fun _ -> Random.Shared.Next(1, 7)
    "decides rarely at random",
    fun () ->
        fun ctx ->
            if Random.Shared.NextDouble() < 0.2 then
                1 + needed ctx
            else
                needed ctx
]

let harmless: (string * (unit -> Planner)) list = [
    "decides by its context alone", (fun () -> needed)
    "remembers what it has computed",
    fun () ->
        let known = ConcurrentDictionary<float, int>()
        fun ctx -> known.GetOrAdd(rate ctx, (fun rate -> int (ceil (rate / 5_000.0))))
    "makes its table at the first call",
    fun () ->
        let table = lazy (dict [ for n in 1..10 -> n, n * n ])
        fun ctx -> table.Value[needed ctx]
    "counts its calls for a metric",
    fun () ->
        let calls = ref 0

        fun ctx ->
            Interlocked.Increment calls |> ignore
            needed ctx
    "sorts a copy in place",
    fun () ->
        fun ctx ->
            let rates = [| rate ctx; 5_000.0; 1.0 |]
            Array.Sort rates
            1 + Array.IndexOf(rates, rate ctx)
    "draws from a seed that is its context's", (fun () -> fun ctx -> Random(int ctx.Id[1]).Next(1, 9))
]

/// A planner that counts its calls, and the count.
let counting () =
    let calls = ref 0
    calls, (fun (_: PlanContext<Load, Demand>) -> Interlocked.Increment calls)

/// What asking twice is expected to end with.
let failure<'error when 'error :> exn> (asking: Task) : Task<'error> = task {
    let! error = asking.ContinueWith(fun (ended: Task) -> ended.Exception)

    return
        match error with
        | null -> failtest "every context got the same answer again"
        | error ->
            match error.InnerException with
            | :? 'error as expected -> expected
            | other -> failtest $"{other}"
}
