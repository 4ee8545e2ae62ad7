/// Programs that keep no state and have to pass, as F# users write them.
module Kta.Functional.Tests.Statelessness.FSharpOrdinary

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Statelessness.FSharpOrdinaryParts

let programs: (string * (unit -> Algorithm)) list = [
    "captures a record, a list and a map",
    fun () ->
        let settings = { Rate = 5.0; Names = [ "a"; "b" ] }
        let weights = Map.ofList [ "orders", 2.0 ]
        monitored (fun _ -> settings.Rate + float settings.Names.Length + weights["orders"])

    "takes apart a tuple from a match",
    fun () ->
        let text = "7"

        let low, high =
            match text with
            | "7" -> 1.0, 2.0
            | _ -> 3.0, 4.0

        monitored (fun _ -> low + high)

    "tries to parse outside",
    fun () ->
        let ok, n = Int32.TryParse "7"
        monitored (fun _ -> if ok then float n else 0.0)

    "tries to parse inside",
    fun () ->
        let text = "7"

        monitored (fun _ ->
            match Int32.TryParse text with
            | true, n -> float n
            | _ -> 0.0)

    "takes apart a triple from an if",
    fun () ->
        let a, b, c =
            if moduleTable.Length > 1 then
                1.0, "x", [ 1 ]
            else
                2.0, "y", []

        monitored (fun ctx -> a + float b.Length + float (c.Length + ctx.Topology.Count))

    "takes apart a tuple with a nested lambda",
    fun () ->
        let low, high = if moduleTable.Length > 1 then 1.0, 2.0 else 2.0, 3.0

        monitored (fun ctx ->
            ctx.Topology
            |> Seq.sumBy (fun node -> max low (min high (float node.Key.Length))))

    "looks up in an array", (fun () -> let table = [| 1.0; 2.0 |] in monitored (fun _ -> table[1] + Array.sum table))

    "looks up in the module", (fun () -> monitored (fun _ -> moduleTable[0] + moduleMap["orders"]))

    "reads a mutable module value that is set once",
    fun () ->
        setOnce <- 4.0
        monitored (fun _ -> setOnce)

    "looks up in a dictionary filled once",
    fun () ->
        let table = Dictionary<string, float>()
        table["orders"] <- 2.0

        monitored (fun _ ->
            match table.TryGetValue "orders" with
            | true, value -> value
            | _ -> 0.0)

    "reads a dict and a set",
    (fun () -> let known, names = dict [ "a", 1.0 ], set [ "a" ] in monitored (fun _ -> known["a"] + float names.Count))

    "reads a ref cell that nobody writes", (fun () -> let limit = ref 4.0 in monitored (fun _ -> limit.Value))

    "reads an options class", (fun () -> let options = Options(Rate = 7.0) in monitored (fun _ -> options.Rate))

    "captures a function", (fun () -> let twice x = 2.0 * x in monitored (fun _ -> twice 2.0))

    "captures a partial application",
    (fun () ->
        let add a b = a + b in
        let next = add 2.0 in
        monitored (fun _ -> next 3.0))

    "composes functions", (fun () -> let f = (fun x -> x + 1.0) >> (fun x -> x * 2.0) in monitored (fun _ -> f 1.0))

    "calls a recursive function", (fun () -> monitored (fun _ -> float (factorial 5)))

    "calls a recursive closure",
    fun () ->
        let step = 2

        let rec sum n = if n <= 0 then 0 else n + sum (n - step)
        monitored (fun _ -> float (sum 9))

    "captures a union",
    (fun () ->
        let mode = Fast 2.0 in

        monitored (fun _ ->
            match mode with
            | Fast factor -> factor
            | Careful -> 1.0))

    "matches an active pattern",
    fun () ->
        monitored (fun ctx ->
            ctx.Topology
            |> Seq.sumBy (fun node ->
                match node.Key with
                | Long -> 2.0
                | Short -> 1.0))

    "calculates in units", (fun () -> let rate = 5.0<records> in monitored (fun _ -> float (rate / 1.0<records>)))

    "uses a mutable variable of the call",
    fun () ->
        monitored (fun ctx ->
            let mutable sum = 0

            for node in ctx.Topology do
                sum <- sum + node.Key.Length

            float sum)

    "uses a ref cell of the call",
    fun () ->
        monitored (fun ctx ->
            let sum = ref 0
            ctx.Topology |> Seq.iter (fun node -> sum.Value <- sum.Value + node.Key.Length)
            float sum.Value)

    "uses a while loop over a list of the call",
    fun () ->
        monitored (fun ctx ->
            let rest = Queue<TopologyNode> ctx.Topology
            let mutable sum = 0.0

            while rest.Count > 0 do
                sum <- sum + float (rest.Dequeue()).Key.Length

            sum)

    "fills an array of the call",
    fun () ->
        monitored (fun _ ->
            let window = Array.zeroCreate<float> 3

            for i in 0..2 do
                window[i] <- float i

            Array.sum window)

    "waits in a loop",
    fun () ->
        let attempts = 3

        Algorithm
            .For<Load, Demand>()
            .WithMonitor(fun (_: Monitoring) (token: CancellationToken) -> task {
                let mutable sum = 0

                for i in 1..attempts do
                    do! Task.Yield()
                    sum <- sum + i

                token.ThrowIfCancellationRequested()
                return Load(float sum)
            })

    "runs an async block",
    fun () ->
        let rate = 5.0
        let work = async { return rate }
        monitored (fun _ -> Async.RunSynchronously work)

    "evaluates a sequence expression",
    fun () ->
        let most = 3

        let numbers = seq {
            for i in 1..most do
                yield float i
        }

        monitored (fun _ -> Seq.sum numbers)

    "evaluates a lazy value", (fun () -> let limit = lazy (2.0 + 2.0) in monitored (fun _ -> limit.Value))

    "uses an object expression without state",
    fun () ->
        let weight = 2.0

        let smoother = {
            new ISmoother with
                member _.Smooth rates = weight * Seq.sum rates
        }

        monitored (fun ctx -> smoother.Smooth [ float ctx.Topology.Count ])

    "is a class with parameters", (fun () -> Algorithm.FromClass(Threshold(5.0, [| "a" |])) :> Algorithm)

    "captures a service",
    (fun () ->
        let client = Service.Of(new Net.Http.HttpClient()) in monitored (fun _ -> client.Value.Timeout.TotalSeconds))

    "captures a span of time",
    (fun () -> let since = TimeSpan.FromMinutes 1.0 in monitored (fun _ -> since.TotalSeconds))

    "formats and splits text",
    (fun () ->
        let names = "a,b".Split ',' in
        monitored (fun ctx -> float (sprintf "%s-%d" names[0] ctx.Topology.Count).Length))

    "prints by interpolation",
    (fun () -> let name = "a" in monitored (fun ctx -> float $"{name}: {ctx.Topology.Count}".Length))

    "remembers in its result alone",
    fun () ->
        monitored (fun ctx ->
            match History.tryLatest ctx.History with
            | Some entry -> entry.MonitorResult.RecordsPerSecond + 1.0
            | None -> 1.0)

    "is an algorithm expression with a plan",
    fun () ->
        let perInstance = 4.0

        algorithmFor<Load, Demand> {
            monitor (fun ctx -> Load(float ctx.Topology.Count))
            analyze (fun ctx -> Demand(int (ceil (ctx.MonitorResult.RecordsPerSecond / perInstance))))
            plan (fun ctx -> Plan.forEach (fun _ -> max 1 ctx.AnalyzeResult.Instances) ctx.Topology)
        }

    "folds over its history",
    fun () ->
        let weight = 0.5

        monitored (fun ctx ->
            ctx.History
            |> Seq.truncate 3
            |> Seq.fold
                (fun smooth entry -> weight * smooth + (1.0 - weight) * entry.MonitorResult.RecordsPerSecond)
                1.0)
]
