/// What holds for every policy, and for every file.
module Kta.Functional.Operator.Tests.Policies.PolicyPropertyTests

open System
open System.IO
open System.Text
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Simulation
open Kta.Functional.Operator.Tests.Policies.Generators
open Kta.Functional.Operator.Tests.Policies.Manifests

let private isReadOrRefused (read: unit -> PolicyFile) =
    try
        Expect.isNonEmpty (read ()).Policies "a policy"
    with :? FileProblemException as wrong ->
        Expect.isNonEmpty wrong.Problems "a problem"

        for problem in wrong.Problems do
            Expect.isTrue (problem.Line >= 0 && problem.Message.Length > 10) $"a clear one: {problem}"

let tests =
    testList "Policy files: properties" [
        testProperty "a policy that is written and read is the same"
        <| some policies (fun policy ->
            let text = PolicyFile.ToYaml policy
            let read = PolicyFile.Parse(text, "p.yaml")
            Expect.equal (List.ofSeq read.Policies) [ policy ] text
            Expect.equal (read.GetHashCode()) (PolicyFile.Parse(text, "p.yaml").GetHashCode()) "hash codes agree"
            Expect.equal read (PolicyFile.Parse(text, "p.yaml")) "two readings")

        testProperty "there are differences if and only if two policies differ"
        <| some (Gen.two policies) (fun (before, after) ->
            Expect.equal (KtaPolicy.Differences(before, after).Count = 0) (before = after) $"{before}\n{after}"
            Expect.isEmpty (KtaPolicy.Differences(before, before)) "none")

        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 1_000
            }
            "a damaged file is a policy or a clear problem"
        <| some damaged (fun text -> isReadOrRefused (fun () -> PolicyFile.Parse(text, "p.yaml")))

        testProperty "any bytes are a policy or a clear problem"
        <| some (Gen.arrayOf (Gen.choose (0, 255) |> Gen.map byte)) (fun bytes ->
            let valid = Encoding.UTF8.GetBytes kubernetes

            inFolder [] (fun folder ->
                let file = Path.Combine(folder, "a.yaml")

                for content in [ bytes; Array.append valid bytes; Array.append bytes valid ] do
                    File.WriteAllBytes(file, content)
                    isReadOrRefused (fun () -> PolicyFile.Read file)))

        test "differences are told with the names of the file" {
            let later =
                flink
                |> changed "maxParallelism: 32" "maxParallelism: 64"
                |> changed "      analyzeEndpoint: http://kta:8096/api/v1alpha1/analyze\n" ""
                |> changed "0a448493b4782967b150582570326227" "c0ffee"
                |> changed "taskmanager" "workers"

            Expect.equal
                (List.ofSeq (KtaPolicy.Differences(policy flink, policy later)))
                [
                    "maxParallelism 32 → 64"
                    "analyzeEndpoint http://kta:8096/api/v1alpha1/analyze → none"
                    "node 0a448493b4782967b150582570326227 scaled → none"
                    "node c0ffee none → scaled"
                    "flinkTaskManagerDeploymentName taskmanager → workers"
                ]
                "all"
        }

        test "a policy that breaks a rule is not written" {
            let fractions =
                KtaPolicy(
                    Name = "a",
                    Topology = (policy kubernetes).Topology,
                    Target = (policy kubernetes).Target,
                    Algorithm = "ds2",
                    Interval = TimeSpan.FromSeconds 1.5
                )

            Expect.throwsT<ArgumentException> (fun () -> PolicyFile.ToYaml fractions |> ignore) "half a second"

            let nameless =
                KtaPolicy(Name = "A B", Topology = fractions.Topology, Target = fractions.Target, Algorithm = "ds2")

            Expect.throwsT<ArgumentException> (fun () -> PolicyFile.ToYaml nameless |> ignore) "a name"
        }
    ]
