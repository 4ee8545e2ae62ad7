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

type Monitoring = MonitorContext<Load, Demand>

let private monitored (answer: Monitoring -> float) : Algorithm =
    Algorithm.For<Load, Demand>().WithMonitor(Func<Monitoring, Load>(fun ctx -> Load(answer ctx)))

let mutable private moduleCount = 0
let private moduleCells = ResizeArray<float>()
let private moduleTable = Dictionary<string, int>()

let mutable private setByOthers = 1.0
let private countFromElsewhere () = setByOthers <- setByOthers + 1.0

type private ICounter =
    abstract Next: unit -> int

type private Holder() =
    let mutable calls = 0

    member _.Next() =
        calls <- calls + 1
        calls

    member val Total = 0 with get, set

[<Struct>]
type private Cell =
    val mutable Value: int

type private Remembered = { mutable Calls: int }

type private CountingClass() =
    inherit AutoscalingAlgorithmMonitorUdf<Load, Demand>()
    let mutable calls = 0

    override _.Monitor _ =
        calls <- calls + 1
        Load(float calls)

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

    "counts in an object expression",
    fun () ->
        let counter =
            let mutable calls = ref 0

            {
                new ICounter with
                    member _.Next() =
                        calls.Value <- calls.Value + 1
                        calls.Value
            }

        monitored (fun _ -> float (counter.Next()))

    "counts in an option of a dictionary",
    fun () ->
        let memory = Some(Dictionary<int, int>())

        monitored (fun _ ->
            memory |> Option.iter (fun known -> known[known.Count] <- 1)
            memory |> Option.map (fun known -> float known.Count) |> Option.defaultValue 0.0)

    "counts in a list of cells",
    fun () ->
        let cells = [ ref 0; ref 0 ]

        monitored (fun _ ->
            cells |> List.iter (fun cell -> cell.Value <- cell.Value + 1)
            float cells.Head.Value)

    "counts in a tuple of cells",
    fun () ->
        let first, second = ref 0, ref 10

        monitored (fun _ ->
            first.Value <- first.Value + 1
            second.Value <- second.Value - 1
            float (first.Value * second.Value))

    "reads a module value that others set",
    fun () ->
        let hidden: Service<Action> = Service.Of(Action countFromElsewhere)

        monitored (fun _ ->
            hidden.Value.Invoke()
            setByOthers)

    "rolls shared dice", (fun () -> monitored (fun _ -> float (Random.Shared.Next())))

    "rolls captured dice",
    fun () ->
        let dice = Random 7
        monitored (fun _ -> dice.NextDouble())

    "reads the clock", (fun () -> monitored (fun _ -> float DateTime.UtcNow.Ticks))

    "moves a captured enumerator",
    fun () ->
        let numbers = (Seq.initInfinite float).GetEnumerator()

        monitored (fun _ ->
            numbers.MoveNext() |> ignore
            numbers.Current)

    "counts in a sequence that is evaluated again",
    fun () ->
        let calls = ref 0.0

        let numbers = seq {
            calls.Value <- calls.Value + 1.0
            yield calls.Value
        }

        monitored (fun _ -> Seq.head numbers)

    "remembers in a mailbox",
    fun () ->
        let box =
            MailboxProcessor<AsyncReplyChannel<int>>.Start(fun inbox ->
                let rec loop n = async {
                    let! reply = inbox.Receive()
                    reply.Reply n
                    return! loop (n + 1)
                }

                loop 0)

        monitored (fun _ -> float (box.PostAndReply id))

    "remembers in a partially applied function",
    fun () ->
        let add (memory: ResizeArray<float>) (value: float) =
            memory.Add value
            Seq.sum memory

        let next = add (ResizeArray())
        monitored (fun ctx -> next (float ctx.Topology.Count))

    "smooths with the last value",
    fun () ->
        let last = ref 0.0

        monitored (fun ctx ->
            last.Value <- 0.5 * last.Value + 0.5 * float ctx.Topology.Count
            last.Value)

    "flips",
    fun () ->
        let isOdd = ref false

        monitored (fun _ ->
            isOdd.Value <- not isOdd.Value
            if isOdd.Value then 1.0 else 2.0)

    "warms up at its first call",
    fun () ->
        let warm = ref false

        monitored (fun _ ->
            if warm.Value then
                2.0
            else
                warm.Value <- true
                1.0)

    "counts in a struct of a captured array",
    fun () ->
        let cells = Array.zeroCreate<Cell> 1

        monitored (fun _ ->
            cells[0].Value <- cells[0].Value + 1
            float cells[0].Value)

    "counts in an algorithm expression",
    fun () ->
        let calls = ref 0

        algorithmFor<Load, Demand> {
            monitor (fun _ ->
                calls.Value <- calls.Value + 1
                Load(float calls.Value))
        }

    "keeps a thread's own value",
    fun () ->
        let own = new ThreadLocal<int>(fun () -> 0)

        monitored (fun _ ->
            own.Value <- own.Value + 1
            float own.Value)
]
