/// Applications as files, written and read again.
module Kta.Functional.Tests.Files.ApplicationWriterTests

open System
open System.Collections.Generic
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Simulation.Applications

/// What YAML would take for something else, and what it could not bear without quotes.
let private words = [
    "orders"
    "true"
    "No"
    "null"
    "~"
    "123"
    "1e5"
    "0x1f"
    ".inf"
    "a b"
    "x#y"
    "- x"
    "ünï"
    "🦊"
    "*a"
    "&b"
    "!t"
    "@at"
    "%p"
    "it's"
]

/// Names have what ids cannot have, too.
let private names =
    words
    @ [ "a: b # c"; "\"quoted\" \\ twice"; "two\nlines\tand\u0085more"; "{x}, [y]"; " padded " ]

let private seconds (least: int) (most: int) = Gen.choose (least, most) |> Gen.map after

let private maybe (gen: Gen<'T>) : Gen<Nullable<'T>> = Gen.oneof [ Gen.constant (Nullable()); gen |> Gen.map Nullable ]

let private number = Gen.elements [ 1.0; 0.1; 1.0 / 3.0; 12_345.678; 1e-7; 2e11; 0.97 ]

let private operator (node: TopologyNode) = gen {
    let! rate = number
    let! exponent = Gen.elements [ 1.0; 0.97; 1.0 / 3.0; 2.0 ]
    let! selectivity = Gen.oneof [ Gen.constant 0.0; number ]
    let! max = maybe (Gen.choose (64, 900))
    let! partitions = maybe (Gen.choose (1, 900))

    let! weights =
        Gen.oneof [
            Gen.constant null
            Gen.nonEmptyListOf number
            |> Gen.map (fun all -> List<float> all :> IReadOnlyList<float> | null)
        ]

    let! skew =
        if isNull weights then
            Gen.elements [ 0.0; 0.5; 1.0 / 3.0 ]
        else
            Gen.constant 0.0

    return
        StreamOperator(
            node,
            rate,
            Exponent = exponent,
            Selectivity = selectivity,
            MaxParallelism = max,
            Partitions = partitions,
            InstanceWeights = weights,
            Skew = skew
        )
}

let private described = gen {
    let! shape = application
    let! ids = Gen.shuffle words

    let name (old: TopologyNode) : TopologyNode =
        let place = int ((string old).Substring 1)

        if place = 3 then
            ScaleTargetRef("Deployment", "orders")
        else
            node ids[place]

    let! operators =
        shape.Operators
        |> Seq.map (fun one -> operator (name one.Node))
        |> List.ofSeq
        |> Gen.sequenceToList

    let! title = Gen.elements names
    let! downtime, warmUp, interval = Gen.zip3 (seconds 0 500) (seconds 0 500) (seconds 1 5_000)
    let! lag, latency = Gen.zip (seconds 1 100) (maybe (seconds 1 100))
    let! duration = maybe (seconds 1 86_400)
    let! seed = Gen.elements [ 1L; -7L; Int64.MaxValue ]
    let! noise = Gen.elements [ 0.0; 0.05; 1.0 / 3.0 ]
    let! cooldown, startUp = Gen.zip (seconds 0 90) (seconds 0 90)
    let! slots, machine = Gen.zip (Gen.choose (0, 90)) (seconds 0 90)

    let! every, replay, waits =
        Gen.zip3 (seconds 1 90) (Gen.elements [ true; false ]) (Gen.elements [ true; false ])

    let! hasCluster, hasCheckpoints, hasParallelism =
        Gen.zip3 (Gen.elements [ true; false ]) (Gen.elements [ true; false ]) (Gen.elements [ true; false ])

    let! outages = Gen.listOf (Gen.zip (seconds 0 9_000) (seconds 1 900))

    return
        Application(
            Name = title,
            Operators = List<StreamOperator> operators,
            Edges = [| for edge in nonNull shape.Edges -> TopologyEdge(name edge.From, name edge.To) |],
            Sources = Dictionary [ for KeyValue(old, trace) in shape.Sources -> KeyValuePair(name old, trace) ],
            Parallelism =
                (if hasParallelism then
                     Dictionary [
                         for KeyValue(old, count) in nonNull shape.Parallelism -> KeyValuePair(name old, count)
                     ]
                     :> IReadOnlyDictionary<TopologyNode, int> | null
                 else
                     null),
            BufferSeconds = shape.BufferSeconds,
            Downtime = downtime,
            WarmUp = warmUp,
            Interval = interval,
            Objective = ServiceObjective(lag, latency),
            Limits = ParallelismLimits(1, 64),
            Duration = duration,
            Noise = noise,
            Seed = seed,
            Checkpoints =
                (if hasCheckpoints then
                     Checkpoints(every, Replay = replay, RescaleWaits = waits)
                 else
                     null),
            Cluster = (if hasCluster then Cluster(slots, machine) else null),
            RescaleCooldown = cooldown,
            StartUp = startUp,
            Outages = [| for at, length in outages -> MonitoringOutage(at, length) |]
        )
}

/// A day of every node an application may have.
let private record (path: string) = task {
    let nodes: TopologyNode list =
        (ScaleTargetRef("Deployment", "orders") :> TopologyNode) :: List.map node words

    let everything =
        Application(
            Operators = [| for one in nodes -> StreamOperator(one, 1_000.0) |],
            Edges = [||],
            Sources = Dictionary [ for one in nodes -> KeyValuePair(one, Trace.Constant 10.0) ],
            Interval = TimeSpan.FromDays 1.0,
            Duration = Nullable(TimeSpan.FromDays 2.0)
        )

    use recorder = new CallRecorder(path)

    let! _ =
        Simulator.RunAsync(
            everything,
            Plan.ForEach(everything.Topology, fun _ -> 1),
            LocalOperatorOptions(Record = recorder)
        )

    return ()
}

/// Every member but the traces, exactly.
let private facts (one: Application) : string list = [
    one.Name
    for one in one.Operators do
        $"{one.Node.Key} {one.RatePerInstance:R} {one.Exponent:R} {one.Selectivity:R} {one.MaxParallelism} {one.Partitions} {one.Skew:R}"

        match one.InstanceWeights with
        | null -> "no weights"
        | weights -> String.Join(" ", [ for weight in weights -> $"{weight:R}" ])
    match one.Edges with
    | null -> "a chain"
    | edges -> String.Join(" ", [ for edge in edges -> $"{edge.From.Key}>{edge.To.Key}" ])
    String.Join(" ", [ for node in one.Sources.Keys -> node.Key ] |> List.sort)
    match one.Parallelism with
    | null -> "the smallest"
    | counts -> String.Join(" ", [ for KeyValue(node, count) in counts -> $"{node.Key}={count}" ] |> List.sort)
    $"{one.BufferSeconds:R} {one.Downtime} {one.WarmUp} {one.Interval} {one.Objective} {one.Limits} {one.Duration} {one.Noise:R} {one.Seed}"
    $"{one.Checkpoints} {one.RescaleCooldown} {one.StartUp} {one.Cluster}"
    String.Join(" ", [ for outage in one.Outages -> string outage ])
]

let tests =
    testList "An application that is written as a file" [
        testCaseTask "is read again as the same, whatever its names"
        <| fun () -> task {
            use folder = new Folder()
            do! record (folder.File "all.jsonl")
            let recorded = folder.File "all.jsonl"

            let isSame (application: Application) =
                ApplicationFile.Write(application, folder.File "written.yaml", recorded)
                let again = (ApplicationFile.Read(folder.File "written.yaml")).Application
                Expect.equal (facts again) (facts application) "the same members"

            Check.One(Config.QuickThrowOnFailure.WithMaxTest 60, Prop.forAll (Arb.fromGen described) isSame)
        }

        testCaseTask "names the recording as it is found from the file"
        <| fun () -> task {
            use folder = new Folder()
            do! record (folder.File "all.jsonl")
            IO.Directory.CreateDirectory(folder.File "apps") |> ignore
            let path = IO.Path.Combine(folder.File "apps", "app.yaml")

            let application =
                Application(
                    Operators = [| StreamOperator("orders", 5.0) |],
                    Sources = traces [ "orders", Trace.Constant 1.0 ]
                )

            ApplicationFile.Write(application, path, folder.File "all.jsonl")
            Expect.stringContains (IO.File.ReadAllText path) "path: \"../all.jsonl\"" "relative"
            let again = ApplicationFile.Read path
            Expect.equal (again.Application.Sources[node "orders"].RateAt(after 60)) 10.0 "what was recorded"
        }
    ]
