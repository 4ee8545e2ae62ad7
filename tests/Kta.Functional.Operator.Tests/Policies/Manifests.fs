/// Policies in tests: valid text, and what is said about text that is not.
module Kta.Functional.Operator.Tests.Policies.Manifests

open System
open System.IO
open Kta.Functional.Files
open Kta.Functional.Simulation

let flink =
    """apiVersion: research.dynatrace.com/v1alpha1
kind: KtaPolicy
metadata:
  name: orders
  namespace: shop
spec:
  behavior:
    reconciliationIntervalSeconds: 60
    minParallelism: 2
    maxParallelism: 32
    resultHistoryLength: 100
    scaleUpStrategy: { type: NoStrategy }
    scaleDownStrategy: { type: NoStrategy, args: null }
    udfs:
      monitorEndpoint: http://kta:8096/api/v1alpha1/monitor
      analyzeEndpoint: http://kta:8096/api/v1alpha1/analyze
      planEndpoint: https://kta:8096/api/v1alpha1/plan
  scaleDriver:
    type: Flink
    flinkJobManagerBaseUrl: http://jobmanager:8081
    flinkJobId: d4f5a3b2c1d0e9f8a7b6c5d4e3f2a1b0
    flinkTaskManagerDeploymentName: taskmanager
    flinkJobDeploymentType: SharedTaskSlots
    flinkTopology:
      - { id: bc764cd8ddf7a0cff126f51c16239658 }
      - id: 0a448493b4782967b150582570326227
"""

let kubernetes =
    """apiVersion: research.dynatrace.com/v1alpha1
kind: KtaPolicy
metadata:
  name: payments
spec:
  behavior:
    udfs:
      monitorEndpoint: http://kta:8096/api/v1alpha1/monitor
      planEndpoint: http://kta:8096/api/v1alpha1/plan
  scaleDriver:
    type: GenericKubernetes
    genericKubernetesTopology:
      - { kind: Deployment, name: gateway }
      - { kind: Deployment, name: booking }
"""

/// With an annotation that decides.
let annotated (annotations: string list) =
    let lines = annotations |> List.map (fun line -> $"    {line}") |> String.concat "\n"
    kubernetes.Replace("  name: payments\n", $"  name: payments\n  annotations:\n{lines}\n")

/// The file, with something else in one place of it, which has to be there.
let changed (from: string) (into: string) (text: string) =
    if text.Contains from then
        text.Replace(from, into)
    else
        failwith $"There is no {from}."

let read (text: string) = PolicyFile.Parse(text, "p.yaml")

let policy (text: string) = (read text).Policies |> Seq.exactlyOne

let notes (text: string) = List.ofSeq (read text).Notes

let problemsOf (read: unit -> 'T) : string list =
    try
        read () |> ignore
        []
    with :? FileProblemException as wrong -> [ for problem in wrong.Problems -> string problem ]

let problems (text: string) = problemsOf (fun () -> read text)

/// A folder with files that is gone after the test.
let inFolder (files: (string * string) list) (work: string -> unit) =
    let folder = Directory.CreateTempSubdirectory("kta-policies-").FullName

    try
        for name, text in files do
            File.WriteAllText(Path.Combine(folder, name), text)

        work folder
    finally
        Directory.Delete(folder, true)
