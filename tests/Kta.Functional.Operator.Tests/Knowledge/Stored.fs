/// Stores in folders of their own, and what is put into them.
module Kta.Functional.Operator.Tests.Knowledge.Stored

open System
open System.Collections.Generic
open System.IO
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Operator
open Kta.Functional.Simulation

/// A folder that is gone after the test.
type Folder() =
    let path = Directory.CreateTempSubdirectory("kta-store-").FullName
    member _.Path = path
    member _.File(name: string) = Path.Combine(path, name)
    member this.Store = this.File "knowledge.db"

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)

let utf8 (text: string) = ReadOnlyMemory(Encoding.UTF8.GetBytes text)
let textOf (bytes: ReadOnlyMemory<byte>) = Encoding.UTF8.GetString bytes.Span

let orders: TopologyNode = TopologyNode.Deployment "orders"
let map: TopologyNode = TopologyNode.Flink "0a448493b4782967b150582570326227"

let counts (pairs: (TopologyNode * int) list) : IReadOnlyDictionary<TopologyNode, int> = Dictionary(dict pairs)

/// The second of a time all tests share.
let second (n: int) = DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(float n)

let withResults (monitor: string) (analyze: string) (n: int) =
    FinishedIteration(
        Id = $"it-{n}",
        UdfStartTimestampMillis = (second n).ToUnixTimeMilliseconds() - 250L,
        UdfEndTimestampMillis = (second n).ToUnixTimeMilliseconds(),
        MonitorResult = utf8 monitor,
        AnalyzeResult = utf8 analyze,
        PlanResult = counts [ orders, n; map, -n ],
        Parallelism = counts [ orders, n; map, 1 ]
    )

let iteration (n: int) = withResults $$"""{"n":{{n}},"é":"日"}""" "{}" n

let text (finished: FinishedIteration) = textOf (finished.ToUtf8())

let ids (found: IReadOnlyList<FinishedIteration>) = [ for one in found -> one.Id ]

let open' (file: string) = KnowledgeStore.Open file

let openWith (entries: int) (file: string) =
    KnowledgeStore.Open(file, KnowledgeStoreOptions(EntriesPerPolicy = entries, Patience = TimeSpan.FromSeconds 1.0))

/// What opening says when it refuses.
let refusal (opening: unit -> KnowledgeStore) =
    let mutable said = ""

    try
        use _ = opening ()
        ()
    with :? KnowledgeStoreException as error ->
        said <- error.Message

    Expect.isNotEmpty said "it is refused"
    said

/// An iteration of a local run as the store takes it.
let finished (one: Iteration) =
    FinishedIteration(
        Id = one.Id,
        UdfStartTimestampMillis = one.StartedAt.ToUnixTimeMilliseconds(),
        UdfEndTimestampMillis = one.EndedAt.ToUnixTimeMilliseconds(),
        MonitorResult = utf8 one.MonitorResult,
        AnalyzeResult = utf8 one.AnalyzeResult,
        PlanResult = one.Plan,
        Parallelism = one.Parallelism
    )
