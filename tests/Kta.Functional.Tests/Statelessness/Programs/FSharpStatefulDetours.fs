/// Further programs that keep state, in less direct ways.
module Kta.Functional.Tests.Statelessness.FSharpStatefulDetours

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
