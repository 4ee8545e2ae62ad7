module Kta.Functional.Tests.Wire.OperatorTests

open System
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Wire
open Kta.Functional.Simulation

let private utf8 (text: string) = ReadOnlySpan<byte>(Encoding.UTF8.GetBytes text)
let private roundTrip (text: string) = Encoding.UTF8.GetString((JavaJson.RoundTrip(utf8 text)).Span)

let private java =
    testList "A value on its way through the operator" [
        for sent, back in
            [
                "1.10", "1.1"
                "1e3", "1000.0"
                "10000000.0", "1.0E7"
                "9999999.0", "9999999.0"
                "0.001", "0.001"
                "1e-7", "1.0E-7"
                "0.00099", "9.9E-4"
                "0.1234567890123456789012", "0.12345678901234568"
                "12345678901234567890", "12345678901234567890"
                "-0", "0"
                "-0.0", "-0.0"
                "1.5E300", "1.5E300"
                "5e-324", "4.9E-324"
                "1e-323", "1.0E-323"
                "4.611686018427388e18", "4.6116860184273879E18"
                "1.152921504606847e18", "1.15292150460684698E18"
                "9.999999999999999e22", "9.999999999999999E22"
                "1e-400", "0.0"
                "1E400", "\"Infinity\""
                "-1E400", "\"-Infinity\""
                "123456.789", "123456.789"
                "\"\\u00e9\"", "\"é\""
                "\"b\\/c\"", "\"b/c\""
                "null", "null"
                "[1,[2.0]]", "[1,[2.0]]"
            ] ->
            test $"{sent} comes back as {back}" {
                Expect.equal
                    (roundTrip $"{{\"x\":{sent}}}")
                    $"{{\"x\":{back}}}"
                    "as measured with the operator's library"
            }

        yield test "of a name that occurs twice the last value counts" {
            Expect.equal (roundTrip """{"a":1,"b":2,"a":3}""") """{"a":3,"b":2}""" "at the first one's place"
        }

        yield test "any double keeps its value" {
            let random = Random 7

            for _ in 1..2000 do
                let number = BitConverter.Int64BitsToDouble(random.NextInt64())

                if Double.IsFinite number then
                    let text = number.ToString("R", Globalization.CultureInfo.InvariantCulture)

                    let text =
                        if text.Contains '.' || text.Contains 'E' then
                            text
                        else
                            text + ".0"

                    let back = (Json.parse (roundTrip $"{{\"x\":{text}}}")).GetProperty "x"
                    Expect.equal (back.GetDouble()) number text
        }
    ]

let private requests = test "A request has the operator's members in the operator's order, keys as compact JSON" {
    let node = TopologyNode.Deployment "größe"
    let parallelism = dict [ node :> TopologyNode, 3 ] |> Collections.ObjectModel.ReadOnlyDictionary

    let entry =
        FinishedIteration(
            Id = "old",
            UdfStartTimestampMillis = 1L,
            UdfEndTimestampMillis = 2L,
            MonitorResult = Encoding.UTF8.GetBytes """{"a":1}""",
            AnalyzeResult = OperatorRequest.Nothing,
            PlanResult = parallelism,
            Parallelism = parallelism
        )

    let request =
        OperatorRequest(
            Id = "new",
            UdfStartTimestampMillis = 3L,
            Topology = Topology.Of(node, TopologyNode.Deployment "b"),
            MonitorResult = Encoding.UTF8.GetBytes """{"m":1.0E7}""",
            History = [| entry |]
        )

    Expect.equal
        (Encoding.UTF8.GetString(request.ToUtf8().Span))
        ("""{"id":"new","udfStartTimestampMillis":3,"topology":[{"type":"scaleTargetRef","fields":"kind=Deployment|name=größe"},{"type":"scaleTargetRef","fields":"kind=Deployment|name=b"}],"monitorResult":{"m":1.0E7},"analyzeResult":{},"""
         + """"resultHistory":[{"id":"old","udfStartTimestampMillis":1,"udfEndTimestampMillis":2,"monitorResult":{"a":1},"analyzeResult":{},"planResult":{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=größe\"}":{"parallelism":3}},"parallelism":{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=größe\"}":3}}]}""")
        "the whole body"
}

let private orders = Topology.Of(TopologyNode.Deployment "orders")
let private two = Topology.Of(TopologyNode.Deployment "orders", TopologyNode.Deployment "payments")

let private map (value: string) =
    let key = """{\"fields\":\"name=orders|kind=Deployment\",\"type\":\"scaleTargetRef\"}"""
    $"{{\"{key}\":{value}}}"

/// A plan of 7 for a key that is written like this.
let private key (text: string) =
    (Json.object [ text, System.Text.Json.Nodes.JsonValue.Create 7 ]).ToJsonString()

let private planOf (text: string) (topology: Topology) =
    OperatorReply.ReadPlan(utf8 text, topology) |> Seq.map _.Value |> List.ofSeq

let private refusalOf (text: string) (topology: Topology) =
    try
        failtestf "it was read as %A" (planOf text topology)
    with :? FormatException as error ->
        error.Message

let private plans =
    testList "A plan reply" [
        for text, expected in
            [
                """{"parallelism":3}""", 3
                """{"parallelism":2.7}""", 2
                """{"parallelism":"3"}""", 3
                "5", 5
                "\"5\"", 5
                map """{"parallelism":3}""", 3
                map """{"parallelism":1e1}""", 10
                map """{"parallelism":null}""", 0
                map """{"parallelism":0}""", 0
                map """{"parallelism":-5}""", -5
                map "{}", 0
                map "7", 7
                key """{"type":"scaleTargetRef","fields":"name=orders=b|kind=Deployment|x=1|"}""", 7
                """{"parallelism":2147483647.0}""", Int32.MaxValue
            ] ->
            test $"{text} is accepted" {
                Expect.equal (planOf text orders) [ expected ] "as measured with the operator's library"
            }

        for text, reason in
            [
                "", "The body is empty"
                "null", "The parallelism of the plan is null"
                "[]", "The parallelism of the plan is []"
                "2.7", "The parallelism of the plan is 2.7"
                "{}", "The plan asks for 0; a single result has to be at least 1."
                """{"parallelism":0}""", "The plan asks for 0"
                """{"parallelism":2147483648}""", "The parallelism of the plan is 2147483648"
                """{"parallelism":"3.0"}""", "The parallelism of the plan is \"3.0\""
                """{"parallelism":3,"reason":"x"}""", "has the member 'reason'"
                map """{"parallelism":3,"reason":"x"}""", "The result of Deployment/orders has the member 'reason'"
                map """{"parallelism":true}""", "The parallelism of Deployment/orders is true"
                """{"parallelism":"\ud800"}""", "half a surrogate pair"
                """{"orders":{"parallelism":3}}""", "The key 'orders' of the plan is no topology node"
                key """{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders","x":1}""",
                "the member 'x' is unknown to the operator"
                key """{"fields":"kind=Deployment|name=orders"}""", "it needs the members"
                key """{"type":"scaleTargetRef","fields":["a"]}""", "\"fields\" is a list, not text"
                key """{"type":"scaleTargetRef","fields":"kind=Deployment|name="}""",
                "the part 'name=' of its fields has no value"
                key """{"type":"scaleTargetRef","fields":"kind=deployment|name=orders"}""",
                "knows only the kind 'Deployment'"
                key """{"type":"ScaleTargetRef","fields":"kind=Deployment|name=orders"}""",
                "the type 'ScaleTargetRef' is unknown"
                key "\"{\\\"type\\\":\\\"x\\\"}\"", "it is text, not an object"
            ] -> test $"{text} is refused" { Expect.stringContains (refusalOf text orders) reason "says why" }

        yield test "that misses a node is refused with its name" {
            Expect.equal
                (refusalOf (map """{"parallelism":3}""") two)
                "The plan does not fit the topology. Missing: Deployment/payments."
                "the whole message"
        }

        yield test "that is a single result for two nodes is refused" {
            Expect.equal
                (refusalOf """{"parallelism":3}""" two)
                "The plan is a single result, but the topology has 2 nodes: Deployment/orders, Deployment/payments."
                "the whole message"
        }
    ]

let tests = testSequenced (testList "The operator's side of the wire" [ java; requests; plans ])
