/// What is said about policy files that cannot be read.
module Kta.Functional.Operator.Tests.Policies.PolicyProblemTests

open System
open Expecto
open Kta.Functional.Files
open Kta.Functional.Operator.Tests.Policies.Manifests

let private whole = "expected a whole number of at least 1, at most 2147483647, found"

let private url =
    "expected an address with http or https, without user and #, such as http://kta-orders:8096/api/v1alpha1/"

let private name =
    "a name of Kubernetes: at most 253 lower-case letters, digits, - and ., with a letter or a digit at both ends of each part"

let private kind = "expected the kind of an object with a scale subresource, such as Deployment"

/// What stands in the file, what in its place, and the only problem with that.
let private rules = [
    "Seconds: 60", "Seconds: 0", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} 0"
    "Seconds: 60", "Seconds: -5", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} -5"
    "Seconds: 60", "Seconds: 1.5", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} 1.5"
    "Seconds: 60", "Seconds: 60s", $"8: spec.behavior.reconciliationIntervalSeconds: {whole} \"60s\""
    "minParallelism: 2", "minParallelism: 0", $"9: spec.behavior.minParallelism: {whole} 0"
    "maxParallelism: 32",
    "maxParallelism: 1",
    "10: spec.behavior.maxParallelism: expected a whole number of at least minParallelism, 2, found 1"
    "maxParallelism: 32",
    "maxParallelism: 2147483648",
    "10: spec.behavior.maxParallelism: expected a whole number of at least minParallelism, 2, found 2147483648"
    "Length: 100", "Length: 0", $"11: spec.behavior.resultHistoryLength: {whole} 0"
    "Length: 100", "Length: [1]", $"11: spec.behavior.resultHistoryLength: {whole} a list"
    "minParallelism: 2",
    "minParalelism: 2",
    "9: spec.behavior.minParalelism: is not known, did you mean minParallelism?"
    "{ type: NoStrategy }",
    "{ type: Cooldown }",
    "12: spec.behavior.scaleUpStrategy.type: expected NoStrategy, the only one there is; cooldowns and the like are settings of an algorithm, in the annotation kta-functional/settings, found \"Cooldown\""
    "args: null",
    "args: { seconds: 3 }",
    "13: spec.behavior.scaleDownStrategy.args: NoStrategy takes no args: leave them out"
    "https://kta:8096/api/v1alpha1/plan",
    "kta:8096/plan",
    $"17: spec.behavior.udfs.planEndpoint: {url}plan, found \"kta:8096/plan\""
    "https://kta:8096/api/v1alpha1/plan",
    "ftp://kta/plan",
    $"17: spec.behavior.udfs.planEndpoint: {url}plan, found \"ftp://kta/plan\""
    "https://kta:8096/api/v1alpha1/plan",
    "http://me:secret@kta/plan",
    $"17: spec.behavior.udfs.planEndpoint: {url}plan, found \"http://me:secret@kta/plan\""
    "http://kta:8096/api/v1alpha1/analyze", "\"\"", $"16: spec.behavior.udfs.analyzeEndpoint: {url}analyze, found \"\""
    "      planEndpoint: https://kta:8096/api/v1alpha1/plan\n",
    "",
    $"15: spec.behavior.udfs: planEndpoint is missing: expected an address with http or https, without user and #, such as http://kta-orders:8096/api/v1alpha1/plan"
    "type: Flink",
    "type: flink",
    "19: spec.scaleDriver.type: expected GenericKubernetes or Flink, found \"flink\", did you mean Flink?"
    "http://jobmanager:8081",
    "http://jobmanager:8081/#/overview",
    "20: spec.scaleDriver.flinkJobManagerBaseUrl: expected the address of Flink's REST API with http or https, such as http://jobmanager:8081, without user, ? and #, found \"http://jobmanager:8081/#/overview\""
    "    flinkJobDeploymentType: SharedTaskSlots\n",
    "",
    "19: spec.scaleDriver: flinkJobDeploymentType is missing: expected SharedTaskSlots or StreamingGraphNodePerTaskSlot, as flinkTaskManagerDeploymentName is given"
    "    flinkTaskManagerDeploymentName: taskmanager\n",
    "",
    "19: spec.scaleDriver: flinkTaskManagerDeploymentName is missing: expected the Deployment of the task managers, as flinkJobDeploymentType is given"
    "SharedTaskSlots",
    "Shared",
    "23: spec.scaleDriver.flinkJobDeploymentType: expected SharedTaskSlots or StreamingGraphNodePerTaskSlot, found \"Shared\""
    "0a448493b4782967b150582570326227",
    "bc764cd8ddf7a0cff126f51c16239658",
    "26: spec.scaleDriver.flinkTopology[1]: bc764cd8ddf7a0cff126f51c16239658 stands there twice"
    "0a448493b4782967b150582570326227",
    "a|b",
    "26: spec.scaleDriver.flinkTopology[1].id: expected the id of a vertex, without | and =, found \"a|b\""
    "    flinkTopology:",
    "    genericKubernetesTopology: []\n    flinkTopology:",
    "24: spec.scaleDriver.genericKubernetesTopology: is only for type: GenericKubernetes"
    "name: orders", "name: Orders", $"4: metadata.name: expected {name}, found \"Orders\""
    "name: orders", "name: or_ders", $"4: metadata.name: expected {name}, found \"or_ders\""
    "name: orders",
    $"""name: {String('a', 254)}""",
    $"""4: metadata.name: expected {name}, found "{String('a', 60)}…" """.TrimEnd()
    "namespace: shop",
    "namespace: a.b",
    "5: metadata.namespace: expected a namespace: at most 63 lower-case letters, digits and -, with a letter or a digit at both ends, found \"a.b\""
    "v1alpha1\nkind",
    "v1\nkind",
    "1: apiVersion: expected research.dynatrace.com/v1alpha1, found \"research.dynatrace.com/v1\""
    "kind: KtaPolicy", "kind: KtaPolcy", "2: kind: expected KtaPolicy, found \"KtaPolcy\""
    "kind: KtaPolicy\n", "", "1: kind is missing: expected KtaPolicy"
]

let private kubernetesRules = [
    "kind: Deployment, name: gateway",
    "kind: deployment, name: gateway",
    $"13: spec.scaleDriver.genericKubernetesTopology[0].kind: {kind}, found \"deployment\", did you mean Deployment?"
    "kind: Deployment, name: gateway",
    "kind: DaemonSet, name: gateway",
    $"13: spec.scaleDriver.genericKubernetesTopology[0].kind: a DaemonSet has no replicas to scale: {kind}"
    "kind: Deployment, name: gateway",
    "kind: Rollout, name: gateway",
    "13: spec.scaleDriver.genericKubernetesTopology[0]: apiVersion is missing: expected the group and version of Rollout, such as example.com/v1"
    "kind: Deployment, name: gateway",
    "name: gateway",
    $"13: spec.scaleDriver.genericKubernetesTopology[0]: kind is missing: {kind}"
    "kind: Deployment, name: gateway",
    "kind: Deployment",
    "13: spec.scaleDriver.genericKubernetesTopology[0]: name is missing: expected the name of the object"
    "name: gateway",
    "name: booking",
    "14: spec.scaleDriver.genericKubernetesTopology[1]: Deployment/booking stands there twice"
    "name: gateway",
    "name: gateway, id: x",
    "13: spec.scaleDriver.genericKubernetesTopology[0].id: is not known; known are kind, name, apiVersion"
    "    type: Gen", "    flinkJobId: 1f\n    type: Gen", "11: spec.scaleDriver.flinkJobId: is only for type: Flink"
    "      - { kind: Deployment, name: gateway }\n      - { kind: Deployment, name: booking }",
    "      []",
    "13: spec.scaleDriver.genericKubernetesTopology: expected at least one node, found a list"
]

let private annotationRules = [
    "kta-functional/algoritm: ds2", "is not known, did you mean kta-functional/algorithm?"
    "kta-funtional/algorithm: ds2", "is not known, did you mean kta-functional/algorithm?"
    "kta-functional/algorithm: [ds2]", "expected the name of an algorithm, such as ds2, found a list"
    "kta-functional/algorithm: \"\"", "expected the name of an algorithm, such as ds2, found \"\""
    "kta-functional/algorithm: ds2 hpa", "expected the name of an algorithm, such as ds2, found \"ds2 hpa\""
    "kta-functional/settings: a=1", "there is no kta-functional/algorithm whose settings they are"
    "kta-functional/monitor: flink",
    "expected a source in each line, such as flink:http://jobmanager:8081#orders, found \"flink\""
    "kta-functional/monitor: kafka:a, flink:http://b",
    "expected a source in each line, such as flink:http://jobmanager:8081#orders, found \"kafka:a, flink:http://b\""
    "kta-functional/monitor: \"kafka:a\\nkafka:a\"", "kafka:a is given twice"
]

let tests =
    testList "Policy files: problems" [
        testList "rules that the operator leaves unchecked" [
            for from, into, problem in rules do
                test $"{from} → {into}" {
                    Expect.equal (problems (changed from into flink)) [ $"p.yaml:{problem}" ] "the problem"
                }

            for from, into, problem in kubernetesRules do
                test $"{from} → {into}" {
                    Expect.equal (problems (changed from into kubernetes)) [ $"p.yaml:{problem}" ] "the problem"
                }
        ]

        testList "annotations" [
            for line, problem in annotationRules do
                test line {
                    let place = "metadata.annotations." + line.Split(':')[0]
                    Expect.equal (problems (annotated [ line ])) [ $"p.yaml:6: {place}: {problem}" ] "the problem"
                }

            for settings, problem in
                [
                    "cooldown", "expected name=value, in lines or with commas between them, found \"cooldown\""
                    "\"cooldown: 2min\"",
                    "expected name=value, in lines or with commas between them, found \"cooldown: 2min\""
                    "a=", "expected name=value, in lines or with commas between them, found \"a=\""
                    "a=1, A=2", "A is given twice"
                ] do
                test $"settings: {settings}" {
                    Expect.equal
                        (problems (
                            annotated [ "kta-functional/algorithm: ds2"; $"kta-functional/settings: {settings}" ]
                        ))
                        [ $"p.yaml:7: metadata.annotations.kta-functional/settings: {problem}" ]
                        "the problem"
                }
        ]

        test "everything that is wrong with all policies is told at once" {
            let wrong =
                flink
                |> changed "Seconds: 60" "Seconds: 0"
                |> changed "type: Flink" "type: Kubernetes"
                |> changed "  name: orders\n" ""

            let file =
                wrong
                + "---\n"
                + changed "name: gateway" "name: Gateway" kubernetes
                + "---\n"
                + kubernetes

            Expect.equal
                (problems file)
                [
                    "p.yaml:4: metadata: name is missing: expected the name of the policy"
                    $"p.yaml:7: spec.behavior.reconciliationIntervalSeconds: {whole} 0"
                    "p.yaml:18: spec.scaleDriver.type: expected GenericKubernetes or Flink, found \"Kubernetes\""
                    $"p.yaml:39: spec.scaleDriver.genericKubernetesTopology[0].name: expected {name}, found \"Gateway\""
                    "p.yaml:45: metadata.name: there is a policy default/payments already, at line 30"
                ]
                "all"
        }

        test "a file without a policy is an error that says what there is" {
            for text, problem in
                [
                    "", "p.yaml: there is no KtaPolicy in it"
                    "---\n---\n", "p.yaml: there is no KtaPolicy in it"
                    "# nothing\n", "p.yaml: there is no KtaPolicy in it"
                    "apiVersion: v1\nkind: Service\n", "p.yaml: there is no KtaPolicy in it, only Service"
                    "[1, 2]",
                    "p.yaml:1: expected an object of Kubernetes: apiVersion: research.dynatrace.com/v1alpha1, kind: KtaPolicy, metadata and spec, found a list"
                    "hello",
                    "p.yaml:1: expected an object of Kubernetes: apiVersion: research.dynatrace.com/v1alpha1, kind: KtaPolicy, metadata and spec, found \"hello\""
                ] do
                Expect.equal (problems text) [ problem ] text
        }
    ]
