/// Ordinary programs: what F# steps make for one call, and what they call.
module Kta.Functional.Tests.Statelessness.FSharpHelpers

open System
open System.Collections.Generic
open System.Text
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests.CSharp

type private Ctx = MonitorContext<Load, Demand>

let private step (decide: Ctx -> float) : Algorithm = algorithmFor<Load, Demand> {
    monitor (fun ctx -> Load(decide ctx))
}

let private weights = dict [ "orders", 2.0; "payments", 3.0 ]
let private twice x = 2.0 * x

type private IStrategy =
    abstract Decide: float -> float

type private Threshold(rate: float, names: string list) =
    inherit AutoscalingAlgorithmUdfs<Load, Demand>()
    let limits = [| rate; 2.0 * rate |]
    let byName = names |> List.mapi (fun i name -> name, i) |> Map.ofList

    override _.Monitor ctx = Load(limits[1] + float byName.Count + float ctx.Topology.Count)

    override _.Analyze ctx = Demand(int (ctx.MonitorResult.RecordsPerSecond / limits[0]))

    override _.Plan ctx = ctx.Topology |> Plan.forEach (fun _ -> names.Length)

type private Optional() =
    member _.Bind(value: 'a option, next: 'a -> 'b option) = Option.bind next value
    member _.Return value = Some value

let private optional = Optional()

let rec private depth n = if n = 0 then 0.0 else 1.0 + depth (n - 1)

let private fill (into: Dictionary<string, int>) (topology: Topology) =
    for node in topology do
        into[node.Key] <- node.Key.Length

let programs: (string * (unit -> Algorithm)) list = [
    "captures functions in a list",
    fun () ->
        let rules = [ twice; (fun x -> x + 1.0); max 3.0 ]
        step (fun ctx -> rules |> List.fold (fun value rule -> rule value) (float ctx.Topology.Count))
    "applies functions partially",
    fun () ->
        let scale factor offset value = factor * value + offset
        let scaled = scale 2.0 1.0
        let whole = scaled >> ceil >> (fun x -> x + 1.0)
        step (fun ctx -> whole (float ctx.Topology.Count))
    "captures plain values",
    fun () ->
        let every, since, name, until = TimeSpan.FromSeconds 3.0, DateTime.UnixEpoch, "orders", Nullable 3
        step (fun _ -> every.TotalSeconds + float since.Year + float name.Length + float until.Value)
    "fills collections of its own",
    fun () ->
        step (fun ctx ->
            let seen = Dictionary<string, int>()
            fill seen ctx.Topology
            let list = ResizeArray<int>(seen.Values)
            list.Add 3
            list.Sort()
            let text = StringBuilder().Append(ctx.Id).Append('x')
            let array = Array.create 3 1.0
            array[1] <- 5.0
            Array.sortInPlace array
            float (Seq.sum list) + float text.Length + array[2])
    "looks up with out parameters",
    fun () ->
        step (fun ctx ->
            match Double.TryParse "1.5", weights.TryGetValue ctx.Id with
            | (true, number), (false, _) -> number
            | (_, number), (_, weight) -> number + weight)
    "sums in a task with a loop",
    fun () ->
        let times = 3

        algorithmFor<Load, Demand> {
            monitor (fun ctx -> task {
                let mutable sum = 0

                for i in 1..times do
                    do! Task.Yield()
                    sum <- sum + i

                return Load(float (sum + ctx.Topology.Count))
            })
        }
    "measures in parallel",
    fun () ->
        let weight = 2.0

        algorithmFor<Load, Demand> {
            monitor (fun ctx -> task {
                let! rates =
                    ctx.Topology
                    |> Seq.map (fun node -> task {
                        do! Task.Yield()
                        return weight * float node.Key.Length
                    })
                    |> Task.WhenAll

                return Load(Array.sum rates)
            })
        }
    "is an async with retries",
    fun () ->
        let attempts = 2

        algorithmFor<Load, Demand> {
            monitor (fun ctx -> async {
                let rec attempt n = async {
                    try
                        return
                            if n < attempts then
                                failwith "once"
                            else
                                float ctx.Topology.Count
                    with _ when n < attempts ->
                        return! attempt (n + 1)
                }

                let! rate = attempt 1
                return Load rate
            })
        }
    "uses a computation expression",
    fun () ->
        let given = Some 2.0

        step (fun ctx ->
            optional {
                let! rate = given
                let! first = ctx.Topology |> Seq.tryHead
                return rate + float first.Key.Length
            }
            |> Option.defaultValue 0.0)
    "enumerates a captured sequence",
    fun () ->
        let numbers = seq { for i in 1..3 -> float i }
        let mapped = numbers |> Seq.map twice

        step (fun _ ->
            let mutable sum = 0.0

            for number in numbers do
                sum <- sum + number

            sum + Seq.sum mapped)
    "forces a lazy table",
    fun () ->
        let squares = lazy (Array.init 10 (fun n -> float (n * n)))
        step (fun ctx -> squares.Value[ctx.Topology.Count] + squares.Force()[1])
    "sorts with a comparer of its own",
    fun () ->
        let sign = -1

        let comparer = {
            new IComparer<string> with
                member _.Compare(a, b) = sign * String.CompareOrdinal(a, b)
        }

        step (fun ctx ->
            let keys = ctx.Topology |> Seq.map _.Key |> Array.ofSeq
            Array.Sort(keys, comparer)
            float keys[0].Length)
    "formats text",
    fun () ->
        let unit = "records"

        step (fun ctx ->
            float (sprintf "%d %s" ctx.Topology.Count unit).Length
            + float $"{ctx.Id}: {unit}".Length)
    "is generic and inlined",
    fun () ->
        let inline weighted (factor: ^a) (value: ^a) = factor * value
        let pick (items: 'a list) fallback = items |> List.tryHead |> Option.defaultValue fallback
        step (fun ctx -> weighted 2.0 (float ctx.Topology.Count) + pick [ 1.0 ] 2.0 + float (pick [] 3))
    "has three steps that share settings",
    fun () ->
        let rate, most = 5_000.0, 8

        algorithm {
            monitor (fun _ -> Load 12_000.0)
            analyze (fun ctx -> Demand(int (ceil (ctx.MonitorResult.RecordsPerSecond / rate))))
            plan (fun ctx -> ctx.Topology |> Plan.forEach (fun _ -> min most ctx.AnalyzeResult.Instances))
        }
    "uses spans on the stack",
    fun () ->
        let offset = 1

        step (fun ctx ->
            let counts = Span<int>(Array.zeroCreate 4)
            counts[offset] <- ctx.Topology.Count
            float counts[1])
    "binds what looking up gives",
    fun () ->
        let found, weight = weights.TryGetValue "orders"
        step (fun ctx -> ctx.Topology |> Seq.sumBy (fun _ -> if found then weight else 0.0))
]
