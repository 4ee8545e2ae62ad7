/// Policies of all kinds, and files that were damaged.
module Kta.Functional.Operator.Tests.Policies.Generators

open System
open System.Collections.Generic
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator.Tests.Policies.Manifests

let private objectName =
    Gen.elements [ "orders"; "a"; "pay-ments.v2"; "123"; "1e5"; "yes"; "0x1f"; "null"; "x0" ]

let private maybe (gen: Gen<'T>) : Gen<'T option> = Gen.optionOf gen

let private address =
    Gen.elements [ "http://kta:8096/plan"; "https://kta.shop.svc/a?b=c&d=%20"; "http://[::1]:8096/"; "http://ünï/x" ]

let private uri (text: string option) : Uri | null =
    match text with
    | Some found -> Uri found
    | None -> null

let private settings: Gen<KeyValuePair<string, string | null> list> = gen {
    let! names = Gen.subListOf [ "catchUp"; "scalingFactor"; "num.replicas"; "x-y_z" ]

    let! values =
        Gen.listOfLength names.Length (Gen.elements [ "5min"; "0.2"; "4,2"; "a b"; "yes"; "#1"; "x:y"; "\"q\""; "a=b" ])

    return [ for name, value in Seq.zip names values -> KeyValuePair(name, value) ]
}

let private kubernetesTarget = gen {
    let! count = Gen.choose (1, 4)
    let! names = Gen.listOfLength count objectName

    let! kinds =
        Gen.listOfLength
            count
            (Gen.elements [
                "Deployment", "apps/v1"
                "StatefulSet", "apps/v1"
                "Deployment", "example.com/v1beta1"
                "Rollout", "v2"
            ])

    let objects =
        List.zip names kinds
        |> List.map (fun (name, (kind, version)) -> ScaledObject(ScaleTargetRef(kind, name), version, kind, name))
        |> List.distinctBy _.Node

    return Topology [ for one in objects -> one.Node ], KubernetesTarget(List.toArray objects) :> ScaleTarget
}

let private flinkTarget = gen {
    let! ids =
        Gen.nonEmptyListOf (
            Gen.elements [
                "bc764cd8ddf7a0cff126f51c16239658"
                "1e5"
                "source"
                "off"
                "12"
                "a b"
                "Ünï🦊"
                "x/y"
                "- x"
                "#"
            ]
        )

    let! address = Gen.elements [ "http://jobmanager:8081"; "https://flink/base/" ]

    let! job =
        Gen.elements [ "d4f5a3b2c1d0e9f8a7b6c5d4e3f2a1b0"; "my job"; "12345678901234567890123456789012" ]

    let! managers =
        maybe (
            Gen.map2
                (fun name slots -> TaskManagerDeployment(name, slots))
                objectName
                (Gen.elements [ SlotUse.SharedTaskSlots; SlotUse.StreamingGraphNodePerTaskSlot ])
        )

    return
        Topology [ for id in List.distinct ids -> TopologyNode.Flink id :> TopologyNode ],
        FlinkTarget(Uri address, job, Option.toObj managers) :> ScaleTarget
}

let policies = gen {
    let! name = objectName
    let! space = Gen.elements [ "default"; "shop"; "1" ]
    let! seconds = Gen.elements [ 1; 30; 86_400; Int32.MaxValue ]
    let! least = Gen.choose (1, 5)
    let! most = Gen.elements [ least; 64; Int32.MaxValue ]
    let! history = maybe (Gen.elements [ 1; 100; Int32.MaxValue ])
    let! algorithm = maybe (Gen.elements [ "ds2"; "static-peak"; "no" ])
    let! own = settings
    let! monitors = Gen.subListOf [ "flink:http://a:8081#my job"; "kafka:lag.yaml"; "prometheus:a b.yaml" ]
    let! monitor = address
    let! analyze = maybe address
    let! plan = address
    let! topology, target = Gen.oneof [ kubernetesTarget; flinkTarget ]

    return
        KtaPolicy(
            Name = name,
            Namespace = space,
            Interval = TimeSpan.FromSeconds(float seconds),
            MinParallelism = least,
            MaxParallelism = most,
            HistoryLength = Option.toNullable history,
            Algorithm = Option.toObj algorithm,
            Settings = (if algorithm.IsSome then List.toArray own else [||]),
            Monitors = List.toArray monitors,
            MonitorEndpoint = Uri monitor,
            AnalyzeEndpoint = uri analyze,
            PlanEndpoint = Uri plan,
            Topology = topology,
            Target = target
        )
}

let some (gen: Gen<'T>) (holds: 'T -> unit) = Prop.forAll (Arb.fromGen gen) holds

/// Characters that mean something to YAML, and lines of a policy at the wrong places.
let damaged = gen {
    let! text =
        Gen.elements [
            flink
            kubernetes
            annotated [ "kta-functional/algorithm: ds2"; "kta-functional/settings: a=1,b=2" ]
        ]

    let! times = Gen.choose (1, 4)
    let mutable damaged = text

    for _ in 1..times do
        let! at = Gen.choose (0, damaged.Length)
        let! length = Gen.frequency [ 3, Gen.choose (0, 3); 1, Gen.choose (0, damaged.Length - at) ]

        let! piece =
            Gen.frequency [
                2,
                Gen.elements [
                    ""
                    ":"
                    "- "
                    "["
                    "}"
                    "\""
                    "'"
                    "|"
                    ">"
                    "&a "
                    "*a"
                    "!!int "
                    "? "
                    "\t"
                    "\n"
                    "---\n"
                    "%"
                    "@"
                    "`"
                    "~"
                    "<<"
                    "\u0000"
                    "\u2028"
                    "\ud800"
                    "é"
                ]
                1,
                Gen.elements [
                    "0"
                    "-1"
                    "1e9"
                    "030"
                    "yes"
                    "null"
                    "{}"
                    "[]"
                    "99999999999999999999"
                    "\"\\x\""
                    "\\U99999999"
                ]
                1,
                Gen.map
                    (fun (from: int) -> text.Substring(from % text.Length, min 30 (text.Length - from % text.Length)))
                    (Gen.choose (0, 5_000))
            ]

        damaged <- damaged.Remove(at, min length (damaged.Length - at)).Insert(at, piece)

    return damaged
}
