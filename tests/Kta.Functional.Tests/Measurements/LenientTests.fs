/// Measurements that others or other versions wrote.
module Kta.Functional.Tests.Measurements.LenientTests

open System
open System.Text.Json
open Expecto
open Kta.Functional
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Measurements.WireTests

let private names =
    testList "nodes as keys" [
        for what, node, expected in
            [
                "a Deployment", orders, "Deployment/orders"
                "a Flink vertex", vertex "bc76", "bc76"
                "a vertex with a slash would pass for a Deployment", vertex "a/b", (vertex "a/b").Key
                "a vertex like the operator's notation", vertex "{a", (vertex "{a").Key
            ] do
            test what {
                let value = Measurements.Of(struct (node, NodeMeasurements(Lag = 1)))
                use document = JsonDocument.Parse(write value)
                let key = (document.RootElement.GetProperty("nodes").EnumerateObject() |> Seq.head).Name
                Expect.equal key expected "the key"
                Expect.equal (read (write value)) value "and back"
            }

        test "the operator's own notation is read as well" {
            let key = JsonSerializer.Serialize orders.Key
            let lag = ("{\"nodes\":{" + key + ":{\"lag\":1}}}" |> numbersOf orders).Lag.Value
            Expect.equal lag (Nullable 1.) "its number"
        }
    ]

let private lenient =
    testList "is read leniently where others or later versions write" [
        test "unknown members, nodes, states and sources are left out" {
            let text =
                """{"version":2,"nodes":{"Deployment/orders":{"lag":1,"heat":[{}],"instances":[{"state":"frozen","usage":1},7],"memory":null},"{\"type\":\"x\"}":{"lag":2},"":{}},"sources":[{"nodes":{"bc76":{"lag":3}},"colour":"red"}],"edges":[["Deployment/orders","bc76"],["a|b","bc76"],["bc76"],[1,2]],"more":{}}"""

            let value = read text

            Expect.equal
                (value[orders].Lag.Value, value[vertex "bc76"].Lag.Value)
                (Nullable 1., Nullable 3.)
                "what is known"

            Expect.sequenceEqual value.Nodes.Keys [ orders; vertex "bc76" ] "two nodes"
            Expect.sequenceEqual value.Edges [ TopologyEdge(orders, vertex "bc76") ] "one edge"

            Expect.sequenceEqual
                value[orders].Instances
                [ InstanceMeasurements(InstanceState.Unready, Nullable 1.) ]
                "an instance of an unknown state"
        }

        test "words behind the ends of an edge are left out, but for what it is known to be" {
            let edges =
                read
                    """{"edges":[["a","b"],["b","c","keyed"],["c","d","broadcast","keyed"],["d","e","broadcast",{"keyed":true}],["e",1,"keyed"]]}"""
                |> _.Edges

            let edge (from: string) (into: string) isKeyed = TopologyEdge(vertex from, vertex into, IsKeyed = isKeyed)

            Expect.sequenceEqual
                edges
                [ edge "a" "b" false; edge "b" "c" true; edge "c" "d" true; edge "d" "e" false ]
                "keyed or not"
        }

        for what, text in
            [
                "null", "null"
                "a boolean", "true"
                "text", "\"fast\""
                "Java's infinity", "\"Infinity\""
                "NaN as text", "\"NaN\""
                "more than a double", "1E400"
                "a list", "[1,[2]]"
                "an object", "{\"value\":1}"
                "a negative number", "-3"
            ] do
            test $"{what} is no number" {
                let numbers =
                    "{\"nodes\":{\"bc76\":{\"lag\":" + text + ",\"busy\":0.5}}}"
                    |> numbersOf (vertex "bc76")

                Expect.equal (numbers.Lag, numbers.Busy.Value) (Reading.Absent, Nullable 0.5) "absent, the next one not"
            }

        test "a number as text is one" {
            let numbers = """{"nodes":{"bc76":{"lag":"1.5"}}}""" |> numbersOf (vertex "bc76")
            Expect.equal numbers.Lag.Value (Nullable 1.5) "1.5"
        }

        test "nothing at all is no measurements" { Expect.equal (read "{}") Measurements.Nothing "nothing" }

        test "the members of a source may come in any order" {
            let numbers =
                """{"sources":[{"nodes":{"bc76":{"lag":3}},"age":400,"name":"kafka"}]}"""
                |> numbersOf (vertex "bc76")

            Expect.equal (string numbers.Lag) "3 (400 s old, kafka)" "stale"
        }

        for text, expected in
            [
                """{"nodes":[]}""", "$.nodes: an object of nodes and their numbers is needed, not a list"
                """{"nodes":{"bc76":3}}""", "$.nodes['bc76']: an object of numbers is needed, not a number"
                """{"sources":{}}""", "$.sources: a list of sources is needed, not an object"
                """{"sources":[1]}""", "$.sources[0]: an object with name, age and nodes is needed, not a number"
                """{"edges":["a"]}""", "$.edges[0]: a pair of nodes is needed, not text"
            ] do
            test $"another shape is an error with its place: {text}" {
                Expect.equal (thrownBy<FormatException>(fun () -> read text |> ignore)) expected "the message"
            }
    ]

let tests = testList "Measurements of others" [ names; lenient ]
