module Kta.Functional.Tests.Model.TopologyNodeTests

open System
open System.Collections.Generic
open System.Text.Json
open Expecto
open Kta.Functional
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let private names =
    testList "is named" [
        test "by type, fields and key in the operator's notation" {
            Expect.equal orders.Type "scaleTargetRef" "type"
            Expect.equal orders.Fields "kind=Deployment|name=orders" "fields"
            Expect.equal orders.Key """{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}""" "key"
            Expect.equal (vertex "cbc357").Key """{"type":"flinkStreamingGraphNode","fields":"id=cbc357"}""" "Flink"
        }

        test "shortly in logs" {
            Expect.equal (string orders) "Deployment/orders" "a deployment"
            Expect.equal (string (vertex "cbc357")) "cbc357" "a vertex"
        }

        test "by its parts, once its kind is known" {
            match orders with
            | :? ScaleTargetRef as target ->
                Expect.equal (target.Kind, target.Name) ("Deployment", "orders") "kind and name"
            | other -> failtest $"a {other.GetType().Name}"

            Expect.equal (TopologyNode.Flink "cbc357").Id "cbc357" "id"
        }
    ]

let private equality =
    testList "compares by value" [
        test "so that two equal nodes are the same key of a dictionary" {
            let counts = Dictionary<TopologyNode, int>()
            counts[deployment "orders"] <- 4
            Expect.equal counts[ScaleTargetRef("Deployment", "orders")] 4 "found"
            Expect.isFalse (counts.ContainsKey(vertex "orders")) "another kind of node is another key"
        }

        test "case matters" { Expect.notEqual (deployment "orders") (deployment "Orders") "two nodes" }

        test "a kind is part of it" {
            Expect.notEqual (ScaleTargetRef("Deployment", "a")) (ScaleTargetRef("StatefulSet", "a")) "two nodes"
        }
    ]

let private half = string (char 0xD83D)

let private refusals =
    testList "is refused" [
        for what, make, expected in
            [
                "an empty name",
                (fun () -> deployment "" |> ignore),
                "The name of a topology node is empty; the operator refuses that. (Parameter 'name')"
                "an empty id",
                (fun () -> vertex "" |> ignore),
                "The id of a topology node is empty; the operator refuses that. (Parameter 'id')"
                "an empty kind",
                (fun () -> ScaleTargetRef("", "a") |> ignore),
                "The kind of a topology node is empty; the operator refuses that. (Parameter 'kind')"
                "a name with |",
                (fun () -> deployment "a|b" |> ignore),
                "The name of a topology node, 'a|b', holds '|' at position 1. The operator's notation name=value|name=value has no way to write that character. (Parameter 'name')"
                "an id with =",
                (fun () -> vertex "id=" |> ignore),
                "The id of a topology node, 'id=', holds '=' at position 2. The operator's notation name=value|name=value has no way to write that character. (Parameter 'id')"
                "a name with half a surrogate pair",
                (fun () -> deployment $"a{half}b" |> ignore),
                "The name of a topology node holds half a surrogate pair, which UTF-8 cannot carry. (Parameter 'name')"
                "a surrogate pair the wrong way round",
                (fun () -> vertex (string (char 0xDE80) + half) |> ignore),
                "The id of a topology node holds half a surrogate pair, which UTF-8 cannot carry. (Parameter 'id')"
            ] do
            test what { Expect.equal (thrownBy<ArgumentException> make) expected "the whole message" }
    ]

let private parsing =
    testList "parses" [
        test "its own key" { Expect.equal (TopologyNode.Parse orders.Key) orders "the same node" }

        for what, text in
            [
                "white space and another order of members",
                """ { "fields" : "kind=Deployment|name=orders" , "type" : "scaleTargetRef" } """
                "another order of fields", """{"type":"scaleTargetRef","fields":"name=orders|kind=Deployment"}"""
                "fields it does not know", """{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders|x=1"}"""
                "escapes", """{"type":"scaleTargetRef","fields":"kind=Deployment|name=\u006frders"}"""
                "a key that is encoded once more", JsonSerializer.Serialize orders.Key
            ] do
            test $"despite {what}" { Expect.equal (TopologyNode.Parse text) orders "the same node" }

        for what, text, reason in
            [
                "no JSON", "orders", "it is not JSON ('o' is an invalid start of a value)"
                "an empty text",
                "",
                "it is not JSON (The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true)"
                "a list", "[]", "it is a list"
                "no type", """{"fields":"id=a"}""", "\"type\" is missing or not text"
                "no fields", """{"type":"scaleTargetRef"}""", "\"fields\" is missing"
                "an unknown type",
                """{"type":"pod","fields":"name=a"}""",
                "the type 'pod' is unknown (known: flinkStreamingGraphNode, scaleTargetRef)"
                "no name",
                """{"type":"scaleTargetRef","fields":"kind=Deployment"}""",
                "a scaleTargetRef needs a kind and a name"
                "no id",
                """{"type":"flinkStreamingGraphNode","fields":"name=a"}""",
                "a flinkStreamingGraphNode needs an id"
                "a part without a value",
                """{"type":"scaleTargetRef","fields":"kind"}""",
                "\"fields\" is 'kind', whose part 'kind' is not name=value"
                "text that is not Unicode", half, "the text is not Unicode (half a surrogate pair)"
                "half a surrogate pair in the name of a member",
                """{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders","\ud83dxyz":1}""",
                "a text is not Unicode (half a surrogate pair)"
                "half a surrogate pair in a value",
                """{"type":"scaleTargetRef","fields":"kind=Deployment|name=\ud83d"}""",
                "a text is not Unicode (half a surrogate pair)"
            ] do
            test $"not from {what}, and says why" {
                let shown = text.Replace(half, "\uFFFD")

                Expect.equal
                    (thrownBy<FormatException>(fun () -> TopologyNode.Parse text |> ignore))
                    $$"""'{{shown}}' is not a topology node: {{reason}}. Expected JSON text such as {"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}."""
                    "the whole message"
            }

    ]

let private serialisation =
    let nodes = Nodes.Of(TopologyNode.Deployment "a\"b\\c", TopologyNode.Flink "ü\u0001🚀")

    let written =
        let target = """{"type":"scaleTargetRef","fields":"kind=Deployment|name=a\"b\\c"}"""
        let vertex = """{"type":"flinkStreamingGraphNode","fields":"id=ü\u0001🚀"}"""
        {| Target = target; Vertex = vertex |}

    let expectWritten (text: string) =
        let root = Kta.Functional.Tests.Json.parse text
        let same (a: JsonElement) b = Kta.Functional.Tests.Json.same a (Kta.Functional.Tests.Json.parse b)

        for place, expected in [ "any", written.Target; "target", written.Target; "vertex", written.Vertex ] do
            Expect.isTrue (same (root.GetProperty place) expected) $"{place} in {text}"

        Expect.isTrue (same (root.GetProperty "list") $"[{written.Vertex},{written.Target}]") text

        let keys (name: string) = [ for m in (root.GetProperty name).EnumerateObject() -> m.Name, m.Value.GetInt32() ]

        Expect.equal (keys "byAny") [ nodes.Target.Key, 1; nodes.Vertex.Key, 2 ] "keys of the base type"
        Expect.equal (keys "byTarget") [ nodes.Target.Key, 3 ] "keys of a derived type"
        Expect.equal (keys "byVertex") [ nodes.Vertex.Key, 4 ] "keys of the other derived type"

    let expectSame (read: Nodes) =
        Expect.equal (read.Any, read.Target, read.Vertex) (nodes.Any, nodes.Target, nodes.Vertex) "values"
        Expect.sequenceEqual read.List nodes.List "in a list"
        Expect.sequenceEqual read.ByAny nodes.ByAny "as keys"
        Expect.sequenceEqual read.ByTarget nodes.ByTarget "as keys of a derived type"
        Expect.sequenceEqual read.ByVertex nodes.ByVertex "as keys of the other derived type"

    let web = JsonSerializerOptions JsonSerializerDefaults.Web

    testList "is JSON as the operator writes it, as a value and as a key" [
        test "with reflection" {
            let text = JsonSerializer.Serialize(nodes, web)
            expectWritten text
            expectSame (JsonSerializer.Deserialize<Nodes>(text, web) |> Unchecked.nonNull)
        }

        test "with source-generated metadata" {
            let text = JsonSerializer.Serialize(nodes, ResultsContext.Default.Nodes)
            expectWritten text

            expectSame (
                JsonSerializer.Deserialize(text, ResultsContext.Default.Nodes)
                |> Unchecked.nonNull
            )
        }

        test "another kind of node than the member has is an error that says so" {
            Expect.equal
                (thrownBy<JsonException>(fun () ->
                    JsonSerializer.Deserialize<ScaleTargetRef>((vertex "a").Key) |> ignore))
                "The topology node is a flinkStreamingGraphNode, expected a ScaleTargetRef."
                "both kinds"

            Expect.equal
                (thrownBy<JsonException>(fun () ->
                    JsonSerializer.Deserialize<Dictionary<FlinkStreamingGraphNode, int>>(
                        JsonSerializer.Serialize(Dictionary(dict [ orders, 1 ]))
                    )
                    |> ignore))
                "The topology node is a scaleTargetRef, expected a FlinkStreamingGraphNode."
                "as a key"
        }
    ]

let tests =
    testSequenced (testList "A topology node" [ names; equality; refusals; parsing; serialisation ])
