/// Policy files and the traps of YAML.
module Kta.Functional.Operator.Tests.Policies.PolicyTrapTests

open System
open System.IO
open Expecto
open Kta.Functional.Files
open Kta.Functional.Operator.Tests.Policies.Manifests

let private whole = "expected a whole number of at least 1, at most 2147483647, found"

let private name =
    "a name of Kubernetes: at most 253 lower-case letters, digits, - and ., with a letter or a digit at both ends of each part"

/// What YAML is and Kubernetes is not, or the other way round.
let private traps = [
    "\"30\"", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} \"30\", which is text: write it without quotes"
    "030",
    $"8: spec.behavior.reconciliationIntervalSeconds: {whole} 030, which Kubernetes reads as 24: write digits, without a zero before them"
    "0x1e",
    $"8: spec.behavior.reconciliationIntervalSeconds: {whole} \"0x1e\", which Kubernetes reads as 30: write digits, without a zero before them"
    "yes", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} \"yes\""
    "true", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} true"
    ".inf", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} \".inf\""
    "1e99", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} 1e99"
]

let tests =
    testList "Policy files: traps of YAML" [
        testList "what looks like a number in YAML" [
            for value, problem in traps do
                test value {
                    Expect.equal
                        (problems (changed "Seconds: 60" $"Seconds: {value}" flink))
                        [ $"p.yaml:{problem}" ]
                        "problem"
                }

            for value, seconds in [ "1e3", 1000.0; "30.0", 30.0; "+5", 5.0 ] do
                test $"{value} is {seconds}" {
                    Expect.equal
                        (policy (changed "Seconds: 60" $"Seconds: {value}" flink)).Interval
                        (TimeSpan.FromSeconds seconds)
                        "as Kubernetes has it"
                }

            for id in [ "59106318391038319e18310391833333"; "12345678901234567890123456789012"; "0777" ] do
                test $"the id {id}" {
                    Expect.equal
                        (problems (changed "0a448493b4782967b150582570326227" id flink))
                        [
                            $"p.yaml:26: spec.scaleDriver.flinkTopology[1].id: expected the id of a vertex, found {id}, which is a number to Kubernetes: put it in quotes"
                        ]
                        "bare"

                    Expect.equal
                        (string (policy (changed "0a448493b4782967b150582570326227" $"'{id}'" flink)).Topology[1])
                        id
                        "in quotes"

                    Expect.equal
                        (string (policy (changed "0a448493b4782967b150582570326227" $"!!str {id}" flink)).Topology[1])
                        id
                        "with a tag"
                }

            test "a name that is a yes" {
                Expect.equal
                    (problems (changed "name: orders" "name: on" flink))
                    [
                        $"p.yaml:4: metadata.name: expected {name}, found on, which is true to Kubernetes: put it in quotes"
                    ]
                    "bare"
            }
        ]

        test "what is no YAML is told with its line" {
            for text, line in
                [
                    changed "  behavior:" "\tbehavior:" flink, 7
                    changed "type: Flink" "type: *nowhere" flink, 19
                    flink + "metadata: {}\n", 27
                    changed "[1, 2]" "[1, 2" (flink + "x: [1, 2]\n"), 28
                ] do
                Expect.stringStarts
                    (List.exactlyOne (problems text))
                    $"p.yaml:{line}: this is no YAML: "
                    (text.Substring(0, 40))
        }

        test "anchors are followed, and objects are not merged" {
            let anchored =
                kubernetes
                |> changed "name: gateway }" "name: &it gateway }"
                |> changed "{ kind: Deployment, name: booking }" "{ kind: StatefulSet, name: *it }"

            Expect.equal
                [ for node in (policy anchored).Topology -> string node ]
                [ "Deployment/gateway"; "StatefulSet/gateway" ]
                "nodes"

            Expect.equal
                (problems (
                    kubernetes
                    |> changed "  behavior:\n" "  behavior:\n    <<: { minParallelism: 3 }\n"
                ))
                [ "p.yaml:7: spec.behavior.<<: objects are not merged here: write the members out" ]
                "merge"
        }

        test "aliases that make a large topology of many policies are told before they are read" {
            let nodes = String.Join(", ", [ for i in 1..2_000 -> $"{{ kind: Deployment, name: a{i} }}" ])

            let anchored =
                kubernetes
                |> changed "spec:" "spec: &it"
                |> changed "{ kind: Deployment, name: booking }" (nodes.Replace(" }, {", " }\n      - {"))

            let others = [
                for i in 1..2_000 ->
                    $"{{ apiVersion: research.dynatrace.com/v1alpha1, kind: KtaPolicy, metadata: {{ name: p{i} }}, spec: *it }}"
            ]

            let item = "- " + anchored.Replace("\n", "\n  ")

            let all =
                $"apiVersion: v1\nkind: List\nitems:\n{item}\n"
                + String.Join("\n", others |> List.map (fun one -> $"- {one}"))

            Expect.stringContains
                (List.exactlyOne (problems all))
                "aliases make more of this file than can be read"
                "four million nodes"
        }

        test "what is nested or long without end is told, and so is what is no text" {
            let deep = kubernetes + "status: " + String('[', 5000) + String(']', 5000)
            Expect.stringContains (List.exactlyOne (problems deep)) "nested more than 64 deep" "deep"

            Expect.equal
                (problems (kubernetes + "#" + String('x', 9_000_000)))
                [ "p.yaml: a file of policies has at most 8 MB" ]
                "long"

            inFolder [] (fun folder ->
                let file = Path.Combine(folder, "a.yaml")

                File.WriteAllBytes(
                    file,
                    Array.append (Text.Encoding.UTF8.GetBytes kubernetes) [| 35uy; 0xE4uy; 10uy |]
                )

                Expect.equal
                    (problemsOf (fun () -> PolicyFile.Read file))
                    [ $"{file}: this is no text in UTF-8" ]
                    "Latin-1")
        }
    ]
