/// What policy files say that only we understand.
module Kta.Functional.Operator.Tests.Policies.AnnotationTests

open System
open System.Collections.Generic
open Expecto
open Kta.Functional.Operator.Tests.Policies.Manifests

let private setting (name: string) (value: string) : KeyValuePair<string, string | null> = KeyValuePair(name, value)

let tests =
    testList "Policy files: annotations name what only we understand" [
        test "an algorithm, its settings and where numbers come from" {
            let ours =
                policy (
                    annotated [
                        "kta-functional/algorithm: ds2"
                        "kta-functional/settings: scalingFactor=0.2, catchUp = 5min"
                        "kta-functional/monitor: flink:http://jobmanager:8081#orders"
                    ]
                )

            Expect.equal ours.Algorithm "ds2" "algorithm"

            Expect.equal
                (List.ofSeq ours.Settings)
                [ setting "scalingFactor" "0.2"; setting "catchUp" "5min" ]
                "settings"

            Expect.equal (List.ofSeq ours.Monitors) [ "flink:http://jobmanager:8081#orders" ] "monitor"
        }

        test "several in lines, and a value may hold a comma" {
            let ours =
                policy (
                    annotated [
                        "kta-functional/algorithm: dummy"
                        "kta-functional/settings: |"
                        "  toggleThreshold=3"
                        "  numReplicasByState=4,2, cooldown=2min,"
                        ""
                        "kta-functional/monitor: |"
                        "  flink:http://jobmanager:8081#my job"
                        "  kafka:lag.yaml"
                    ]
                )

            Expect.equal
                (List.ofSeq ours.Settings)
                [ setting "toggleThreshold" "3"; setting "numReplicasByState" "4,2"; setting "cooldown" "2min" ]
                "settings"

            Expect.equal
                (List.ofSeq ours.Monitors)
                [ "flink:http://jobmanager:8081#my job"; "kafka:lag.yaml" ]
                "monitors"
        }

        test "with an algorithm the endpoints may be missing, with a note" {
            let without =
                annotated [ "kta-functional/algorithm: ds2" ]
                |> changed "      planEndpoint: http://kta:8096/api/v1alpha1/plan\n" ""

            Expect.isNull (policy without).PlanEndpoint "none"

            Expect.equal
                (notes without)
                [ "p.yaml:10: spec.behavior.udfs: the operator would refuse it without planEndpoint" ]
                "one"

            let behavior =
                without.Substring(
                    without.IndexOf "  behavior",
                    without.IndexOf "  scaleDriver" - without.IndexOf "  behavior"
                )

            let neither = changed behavior "" without
            Expect.equal (policy neither).Interval (TimeSpan.FromSeconds 30.0) "defaults"

            Expect.equal
                (notes neither)
                [
                    "p.yaml:8: spec: the operator would refuse it without behavior.udfs.monitorEndpoint and planEndpoint"
                ]
                "both"
        }

        test "with a source of numbers the endpoint of monitor may be missing" {
            let without =
                annotated [ "kta-functional/monitor: kafka:lag.yaml" ]
                |> changed "      monitorEndpoint: http://kta:8096/api/v1alpha1/monitor\n" ""

            Expect.equal
                (notes without)
                [ "p.yaml:10: spec.behavior.udfs: the operator would refuse it without monitorEndpoint" ]
                "note"
        }
    ]
