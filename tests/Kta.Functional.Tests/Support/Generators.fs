/// What properties are tried with: unusual text, nodes, and JSON of any shape.
module Kta.Functional.Tests.Generators

open System
open System.Text
open System.Text.Json
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional

let private config count = {
    FsCheckConfig.defaultConfig with
        maxTest = count
}

/// A property of everything a generator gives. On failure FsCheck prints the case and the seed.
let property (name: string) (count: int) (generator: Gen<'T>) (holds: 'T -> unit) : Test =
    testPropertyWithConfig (config count) name (Prop.forAll (Arb.fromGen generator) holds)

let private unusual =
    [
        "\""
        "\\"
        "/"
        "\u0000"
        "\u001f"
        "\u007f"
        "\t"
        "\n"
        "\r"
        "\u2028"
        "\ufeff"
        "\uffff"
        "{"
        "}"
        ":"
        ","
    ]
    @ [ " "; "<"; "'"; "é"; "日"; "\u0301"; "🚀"; "𝄞"; "👩‍👧"; "\\u0041"; "{\"type\":\"scaleTargetRef\"}" ]

let private codePoint = gen {
    let! n = Gen.choose (0, 0x10FFFF - 0x800)
    return Rune(if n >= 0xD800 then n + 0x800 else n).ToString()
}

let text: Gen<string> = gen {
    let! length = Gen.choose (0, 8)

    let piece =
        Gen.frequency [ 2, Gen.elements [ "a"; "b"; "Z"; "7" ]; 2, Gen.elements unusual; 1, codePoint ]

    let! pieces = Gen.listOfLength length piece
    return String.concat "" pieces
}

let private nodeName = text |> Gen.map (fun t -> "n" + t.Replace("|", "").Replace("=", ""))

let target: Gen<ScaleTargetRef> =
    Gen.map2 (fun kind name -> ScaleTargetRef(kind, name)) nodeName nodeName

let flinkVertex: Gen<FlinkStreamingGraphNode> = Gen.map FlinkStreamingGraphNode nodeName

let node: Gen<TopologyNode> =
    Gen.oneof [ Gen.map (fun n -> n :> TopologyNode) target; Gen.map (fun n -> n :> TopologyNode) flinkVertex ]

let topology: Gen<Topology> = gen {
    let! length = Gen.choose (1, 8)
    let! nodes = Gen.listOfLength length node
    return Topology(List.distinct nodes)
}

let parallelism = Gen.oneof [ Gen.choose (1, 100); Gen.elements [ 1; Int32.MaxValue - 1 ] ]

let plan: Gen<Topology * Plan> = gen {
    let! topology = topology
    let! counts = Gen.listOfLength topology.Count parallelism
    return topology, Plan.Of(Seq.map2 (fun n count -> struct (n, count)) topology counts |> Array.ofSeq)
}

let finite = ArbMap.defaults |> ArbMap.generate<NormalFloat> |> Gen.map float
let extremes = [ Double.MaxValue; Double.MinValue; Double.Epsilon; -0.0; 1e16; 1e-7; 0.1 + 0.2 ]

let number: Gen<string> =
    Gen.oneof [
        Gen.elements [
            "0"
            "-0.0"
            "1.0E7"
            "1e-7"
            "12345678901234567890"
            "0.1234567890123456789012"
            "1E308"
            "-9223372036854775808"
        ]
        Gen.choose (Int32.MinValue, Int32.MaxValue) |> Gen.map string
        finite |> Gen.map JsonSerializer.Serialize
    ]

let quoted (value: string) = JsonSerializer.Serialize value

/// The text of a JSON object with members of any kind, nested up to the given depth. Every name once.
let rec jsonObject (depth: int) : Gen<string> = gen {
    let! count = Gen.choose (0, 4)
    let name = Gen.oneof [ text; node |> Gen.map _.Key ]
    let! names = Gen.listOfLength count name
    let names = List.distinct names
    let! values = Gen.listOfLength names.Length (json depth)

    return
        "{"
        + String.concat "," (List.map2 (fun n value -> quoted n + ":" + value) names values)
        + "}"
}

and private json (depth: int) : Gen<string> =
    let leaf =
        Gen.oneof [ number; text |> Gen.map quoted; Gen.elements [ "true"; "false"; "null"; "{}"; "[]" ] ]

    if depth = 0 then
        leaf
    else
        Gen.frequency [
            2, leaf
            1, jsonObject (depth - 1)
            1,
            gen {
                let! length = Gen.choose (0, 4)
                let! items = Gen.listOfLength length (json (depth - 1))
                return "[" + String.concat "," items + "]"
            }
        ]
