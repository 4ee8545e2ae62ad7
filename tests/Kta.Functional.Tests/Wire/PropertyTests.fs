module Kta.Functional.Tests.Wire.PropertyTests

open System
open System.Collections.Generic
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Generators

type Rich = {
    Rates: Dictionary<TopologyNode, float>
    ByNode: Map<TopologyNode, float>
    ByName: Map<string, string>
    Maybe: int option
    Text: string | null
    Nested: int list list
    Float: float
    Whole: int64
    Exact: decimal
    At: DateTimeOffset
    Node: TopologyNode
}

let private rich = gen {
    let! nodes = Gen.listOf node
    let! rates = Gen.listOfLength nodes.Length finite
    let! names = Gen.listOf text
    let! maybe = Gen.optionOf (Gen.choose (Int32.MinValue, Int32.MaxValue))
    let! text' = Gen.optionOf text
    let! nested = Gen.listOf (Gen.listOf (Gen.choose (-9, 9)))
    let! float = Gen.oneof [ finite; Gen.elements extremes ]
    let! whole = Gen.elements [ Int64.MinValue; Int64.MaxValue; 0L; 1L <<< 53; (1L <<< 53) + 1L ]
    let! exact = Gen.elements [ Decimal.MaxValue; Decimal.MinValue; 0.1m; 1.10m ]
    let! millis = Gen.choose (0, Int32.MaxValue)
    let! node = node
    let known = Dictionary()
    List.iter2 (fun node rate -> known[node] <- rate) nodes rates

    return {
        Rates = known
        ByNode = Map.ofList (List.zip nodes rates)
        ByName = Map.ofList [ for name in names -> name, name ]
        Maybe = maybe
        Text = Option.toObj text'
        Nested = nested
        Float = float
        Whole = whole
        Exact = exact
        At = DateTimeOffset.FromUnixTimeMilliseconds(int64 millis * 1000L)
        Node = node
    }
}

let private empty = Dictionary<TopologyNode, float>()

let private expectSame (expected: Rich) (actual: Rich) =
    Expect.equal { actual with Rates = empty } { expected with Rates = empty } "all but the map"
    Expect.sequenceEqual actual.Rates expected.Rates "the map with nodes as keys"

let private requestOf (id: string) (topology: Topology) (monitorResult: string) (history: string) =
    let nodes = String.concat "," [ for node in topology -> JsonSerializer.Serialize node ]

    $$"""{"id":{{quoted id}},"udfStartTimestampMillis":1,"topology":[{{nodes}}],"monitorResult":{{monitorResult}},"analyzeResult":{},"resultHistory":[{{history}}]}"""

let private orders' = Topology.Of orders

let private results =
    let echo: Untyped =
        Algorithm
            .For<JsonObject, JsonObject>()
            .WithMonitor(fun ctx -> ctx.History[0].MonitorResult)
            .WithAnalyze(fun ctx -> ctx.MonitorResult)

    testList "A result" [
        property "without a type survives, as monitor's result and in the history" 300 (jsonObject 4) (fun result ->
            let expected = Json.parse result
            let analyzed = answer echo Step.Analyze (requestOf "i" orders' result "")
            Expect.isTrue (Json.same (Json.parse analyzed) expected) analyzed
            let remembered = answer echo Step.Monitor (requestOf "i" orders' "{}" (Requests.entry result "{}"))
            Expect.isTrue (Json.same (Json.parse remembered) expected) remembered)

        property "of a record survives, as monitor's result and in the history" 300 rich (fun value ->
            let seen = Service.Of(ResizeArray<Rich>())
            let given = Service.Of value

            let algorithm: Algorithm<Rich, Demand> =
                Algorithm
                    .For<Rich, Demand>()
                    .WithMonitor(fun ctx ->
                        seen.Value.AddRange(ctx.History |> Seq.map _.MonitorResult)
                        given.Value)
                    .WithAnalyze(fun ctx ->
                        seen.Value.Add ctx.MonitorResult
                        Demand 1)

            let written = answer algorithm Step.Monitor Requests.first
            answer algorithm Step.Analyze (requestOf "i" orders' written "") |> ignore

            answer algorithm Step.Monitor (requestOf "i" orders' "{}" (Requests.entry written "{}"))
            |> ignore

            Expect.equal seen.Value.Count 2 "read twice"
            Seq.iter (expectSame value) seen.Value)
    ]

let private contexts =
    let describing: Untyped =
        Algorithm
            .For<JsonObject, JsonObject>()
            .WithMonitor(fun ctx ->
                Json.object [
                    "id", JsonValue.Create ctx.Id
                    "keys", JsonValue.Create(String.Join("\n\n", ctx.Topology |> Seq.map _.Key))
                ])

    testList "A request" [
        property
            "gives the step its id and its nodes, whatever is in their names"
            300
            (Gen.zip text topology)
            (fun (id, topology) ->
                let reply = Json.parse (answer describing Step.Monitor (requestOf id topology "{}" ""))
                Expect.equal (Json.text reply "id") id "the id"

                Expect.equal
                    ((Json.text reply "keys").Split "\n\n"
                     |> Array.map TopologyNode.Parse
                     |> Topology)
                    topology
                    "the nodes in order")
    ]

let private plans =
    testList "A plan" [
        property "survives the way to the operator and back in the history" 300 plan (fun (topology, planned) ->
            let seen = Service.Of(ResizeArray<Plan * Plan>())

            let algorithm: Untyped =
                Algorithm
                    .For<JsonObject, JsonObject>()
                    .WithPlan(fun ctx ->
                        for entry in ctx.History.About ctx.Topology do
                            seen.Value.Add(entry.Plan, Plan.Of entry.Parallelism)

                        planned)

            let reply = answer algorithm Step.Plan (requestOf "i" topology "{}" "")
            let applied = String.concat "," [ for KeyValue(node, count) in planned -> $"{quoted node.Key}:{count}" ]

            let entry =
                $$$"""{"id":"i","udfStartTimestampMillis":1,"udfEndTimestampMillis":2,"monitorResult":{},"analyzeResult":{},"planResult":{{{reply}}},"parallelism":{"""
                + applied
                + "}}"

            answer algorithm Step.Plan (requestOf "i" topology "{}" entry) |> ignore
            Expect.sequenceEqual seen.Value [ planned, planned ] "planned and applied")
    ]

let private nodes =
    let throughWeb (value: Nodes) =
        let options = JsonSerializerOptions JsonSerializerDefaults.Web
        JsonSerializer.Deserialize<Nodes>(JsonSerializer.Serialize(value, options), options)

    let throughGenerated (value: Nodes) =
        JsonSerializer.Deserialize(
            JsonSerializer.Serialize(value, ResultsContext.Default.Nodes),
            ResultsContext.Default.Nodes
        )

    let illegal = gen {
        let! before = text
        let! after = text
        let! wrong = Gen.elements [ "|"; "="; string (char 0xD83D); string (char 0xDE80) + "x" ]
        // A high half before and a low half after could make a whole pair.
        return "n" + before + wrong + "n" + after
    }

    testList "A topology node" [
        property "survives its key" 300 node (fun node ->
            Expect.equal (TopologyNode.Parse node.Key) node "parsed"
            Expect.equal (TopologyNode.Parse(quoted node.Key)) node "encoded once more")

        property "survives JSON in every place and type" 300 (Gen.zip target flinkVertex) (fun (target, vertex) ->
            let value = Nodes.Of(target, vertex)

            for read in [ throughWeb value; throughGenerated value ] do
                let read = Unchecked.nonNull read
                Expect.equal (read.Any, read.Target, read.Vertex) (value.Any, value.Target, value.Vertex) "values"
                Expect.sequenceEqual read.List value.List "list"
                Expect.sequenceEqual read.ByAny value.ByAny "keys"
                Expect.sequenceEqual read.ByTarget value.ByTarget "keys of one derived type"
                Expect.sequenceEqual read.ByVertex value.ByVertex "keys of the other")

        property "with a part the notation cannot carry is refused with a reason" 300 illegal (fun name ->
            for make in [ (fun () -> deployment name |> ignore); (fun () -> vertex name |> ignore) ] do
                let message = thrownBy<ArgumentException> make

                Expect.isTrue
                    (message.Contains "has no way to write that character"
                     || message.Contains "half a surrogate pair")
                    message)

        property
            "is never made of text that is not one, and the reason is given"
            300
            (Gen.oneof [ text; jsonObject 2; illegal ])
            (fun text ->
                Expect.stringContains
                    (thrownBy<FormatException>(fun () -> TopologyNode.Parse text |> ignore))
                    "is not a topology node: "
                    "says why")
    ]

let tests = testSequenced (testList "For all" [ results; contexts; plans; nodes ])
