/// What is true of every answer and every name.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusPropertyTests

open System
open System.Globalization
open System.Text.Json
open System.Text.RegularExpressions
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let private config = {
    FsCheckConfig.defaultConfig with
        maxTest = 100
}

/// As Prometheus writes numbers.
let private written (number: float) =
    if Double.IsNaN number then
        "NaN"
    elif Double.IsPositiveInfinity number then
        "+Inf"
    elif Double.IsNegativeInfinity number then
        "-Inf"
    else
        number.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e")

let private nodeNames =
    Gen.elements [
        'a'
        'Z'
        '0'
        '-'
        '.'
        '"'
        '\''
        '\\'
        '*'
        '('
        '['
        '{'
        '}'
        '^'
        '$'
        '+'
        '?'
        'ü'
        ' '
        '#'
        '/'
    ]
    |> Gen.nonEmptyListOf
    |> Gen.map (fun letters -> String(Array.ofList letters))
    |> Gen.filter (fun name -> name.Trim() = name && name <> "")

/// What Go reads of a string in double quotes without escapes of numbers.
let private unquoted (text: string) = Regex.Replace(text, @"\\(.)", "$1")

let private wait (work: System.Threading.Tasks.Task<'a>) = work.GetAwaiter().GetResult()

let tests =
    testList "Of everything that Prometheus may answer" [
        testPropertyWithConfig config "a number is what was written, and what is no lag is absent"
        <| fun (number: float) ->
            let read = readOne ageless (single (written number)) |> wait
            let lag = read.Measured[orders].Lag.Value

            if Double.IsFinite number && number >= 0. then
                Expect.equal lag (Nullable number) "the number"
            else
                Expect.equal (lag, read.Notes.Length) (Nullable(), 1) "absent, with a note"

        testPropertyWithConfig config "a range is the mean of its finite samples"
        <| fun (samples: float list) ->
            let samples =
                samples
                |> List.map abs
                |> List.map (fun one -> if Double.IsFinite one then one % 1e9 else one)

            let body = matrix [ "{}", samples |> List.mapi (fun i one -> float i, written one) ]
            let read = read [ ranged ageless ] (fun _ -> body) |> wait

            match List.filter Double.IsFinite samples with
            | [] -> Expect.equal read.Measured[orders].Lag.State ReadingState.Absent "nothing"
            | finite ->
                Expect.floatClose
                    Accuracy.high
                    read.Measured[orders].Lag.LastValue.Value
                    (List.average finite)
                    "the mean"

        testPropertyWithConfig config "every node has the number of its series, in whatever order, and no other"
        <| fun (numbers: Map<byte, uint16>) (others: Map<byte, uint16>) ->
            let name (number: byte) = $"n{number}"
            let nodes = [| for pair in numbers -> TopologyNode.Deployment(name pair.Key) :> TopologyNode |]

            if nodes.Length > 0 then
                let series = [
                    for pair in others do
                        $"""{{"topic":"x{pair.Key}"}}""", string pair.Value
                    for pair in numbers |> Seq.rev do
                        $"""{{"topic":{JsonSerializer.Serialize(name pair.Key)},"other":"x"}}""", string pair.Value
                ]

                let read =
                    readAs id (Topology.Of nodes) [ PrometheusQuery(Quantity.Lag, ageless, Label = "topic") ] (fun _ ->
                        ok (vector series))
                    |> wait

                Expect.equal
                    [ for node in nodes -> read.Measured[node].Lag.Value ]
                    [ for pair in numbers -> Nullable(float pair.Value) ]
                    "numbers"

        testPropertyWithConfig
            config
            "a name stands whole in a string, whatever it is, and as itself in a regular expression"
        <| Prop.forAll (Arb.fromGen nodeNames) (fun name ->
            let node: TopologyNode = TopologyNode.Deployment "x"

            let read =
                readAs
                    (fun options ->
                        PrometheusMonitorOptions(options.Server, options.Queries, Names = dict' [ node, name ]))
                    (Topology.Of node)
                    [ PrometheusQuery(Quantity.Lag, """a{b="{node}",c=~"{node}"}""") ]
                    (fun _ -> ok (vector []))
                |> wait

            let found =
                Regex.Match(
                    expressionOf (List.exactlyOne read.Asked),
                    """^a\{b="((?:[^"\\]|\\.)*)",c=~"((?:[^"\\]|\\.)*)"\}$"""
                )

            Expect.isTrue found.Success $"{expressionOf (List.exactlyOne read.Asked)}"
            Expect.equal (unquoted found.Groups[1].Value) name "in the string"
            Expect.isTrue (Regex.IsMatch(name, $"^(?:{unquoted found.Groups[2].Value})$")) "matches itself"
            Expect.isFalse (Regex.IsMatch(name + "x", $"^(?:{unquoted found.Groups[2].Value})$")) "and nothing else")
    ]
