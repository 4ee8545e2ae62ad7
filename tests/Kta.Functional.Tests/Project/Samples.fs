/// The samples, run as the documentation says.
module Kta.Functional.Tests.Project.Samples

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Text
open System.Text.RegularExpressions
open System.Threading.Tasks
open Expecto
open Kta.Functional.Tests

/// What a sample does when it is started.
type Serves = {
    /// The command as the documentation shows it.
    Shown: string
    /// The same with what a test needs: the build of this configuration, a free port of this machine.
    Run: string list
    Steps: string list
}

let private project name = [ "run"; "--project"; $"samples/{name}"; "-c"; "Release"; "--no-build"; "--" ]

let private anyPort = [ "--urls"; "http://127.0.0.1:0" ]

let private all = [ "monitor"; "analyze"; "plan" ]

let commands = [
    {
        Shown = "dotnet run --project samples/Quickstart"
        Run = project "Quickstart" @ [ "--host"; "127.0.0.1"; "--port"; "0" ]
        Steps = all
    }
    {
        Shown = "dotnet run --project samples/Quickstart -- --toggle-threshold 3 --num-replicas-by-state 1 5"
        Run =
            project "Quickstart"
            @ [
                "--toggle-threshold"
                "3"
                "--num-replicas-by-state"
                "1"
                "5"
                "--host"
                "127.0.0.1"
                "--port"
                "0"
            ]
        Steps = all
    }
    {
        Shown = "dotnet run --project samples/Quickstart -- --steps monitor"
        Run =
            project "Quickstart"
            @ [ "--steps"; "monitor"; "--host"; "127.0.0.1"; "--port"; "0" ]
        Steps = [ "monitor" ]
    }
    {
        Shown = "dotnet run --project samples/Quickstart -- --steps analyze,plan --port 8097"
        Run =
            project "Quickstart"
            @ [ "--steps"; "analyze,plan"; "--host"; "127.0.0.1"; "--port"; "0" ]
        Steps = [ "analyze"; "plan" ]
    }
    {
        Shown = "dotnet run --project samples/LambdaStyle"
        Run = project "LambdaStyle" @ anyPort
        Steps = all
    }
    {
        Shown = "dotnet run --project samples/ClassStyle"
        Run = project "ClassStyle" @ anyPort
        Steps = all
    }
    {
        Shown = "dotnet run --project samples/Telemetry"
        Run = project "Telemetry" @ anyPort
        Steps = all
    }
    {
        Shown = "dotnet run samples/SingleFile/autoscaler.cs"
        Run = [ "run"; "samples/SingleFile/autoscaler.cs"; "--" ] @ anyPort
        Steps = [ "monitor"; "plan" ]
    }
    {
        Shown = "dotnet fsi samples/FSharpScript/autoscaler.fsx"
        Run = [ "fsi"; "samples/FSharpScript/autoscaler.fsx"; "--port"; "0"; "--host"; "127.0.0.1" ]
        Steps = all
    }
    {
        Shown = "dotnet run samples/Rules/ds2.cs"
        Run = [ "run"; "samples/Rules/ds2.cs"; "--" ] @ anyPort
        Steps = all
    }
    {
        Shown = "dotnet fsi samples/Rules/ds2.fsx 8096"
        Run = [ "fsi"; "samples/Rules/ds2.fsx"; "0" ]
        Steps = all
    }
    {
        Shown = "dotnet run samples/Rules/hpa.cs"
        Run = [ "run"; "samples/Rules/hpa.cs"; "--" ] @ anyPort
        Steps = all
    }
    {
        Shown = "dotnet fsi samples/Rules/hpa.fsx 8096"
        Run = [ "fsi"; "samples/Rules/hpa.fsx"; "0" ]
        Steps = all
    }
    {
        Shown = "dotnet run --project samples/Quickstart -- --algorithm ds2 --set catchUp=5m --set cooldown=2m"
        Run =
            project "Quickstart"
            @ [
                "--algorithm"
                "ds2"
                "--set"
                "catchUp=5m"
                "--set"
                "cooldown=2m"
                "--host"
                "127.0.0.1"
                "--port"
                "0"
            ]
        Steps = [ "analyze"; "plan" ]
    }
]

let private request =
    Requests.ofNodes [ "orders"; "payments" ] """{"recordsPerSecond":9000,"numInvocations":1}""" "{}" "[]"

let private measured =
    let busy = """{"recordsIn":100,"recordsOut":100,"busy":1.0,"arrivals":250,"lag":0,"parallelism":1}"""

    Requests.ofNodes
        [ "orders"; "payments" ]
        $$$"""{"nodes":{"Deployment/orders":{{{busy}}},"Deployment/payments":{{{busy}}}}}"""
        "{}"
        "[]"

let private check (sample: Serves) =
    testCaseTask sample.Shown
    <| fun () -> task {
        use started = Processes.start sample.Run

        try
            let! address = Processes.addressOf started
            use client = new HttpClient(BaseAddress = address)

            for step in all do
                use content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
                use! reply = client.PostAsync($"/api/v1alpha1/{step}", content)
                let isServed = int reply.StatusCode <> 404
                Expect.equal isServed (List.contains step sample.Steps) $"{step} is served, or is not"

            use content =
                new StringContent(
                    (if sample.Shown.Contains "--algorithm" then
                         measured
                     else
                         request),
                    Encoding.UTF8,
                    "application/json"
                )

            use! reply = client.PostAsync($"/api/v1alpha1/{List.head sample.Steps}", content)
            let! text = reply.Content.ReadAsStringAsync()
            Expect.equal (int reply.StatusCode) 200 text
        finally
            if not started.HasExited then
                started.Kill(entireProcessTree = true)
    }

let private quickstart = Repository.path "samples/Quickstart/bin/Release/net10.0/Quickstart.dll"

let private processes =
    testList "The quickstart as a process" [
        testCaseTask "SIGTERM ends it with exit code 0"
        <| fun () -> task {
            use started = Processes.start [ quickstart; "--host"; "127.0.0.1"; "--port"; "0" ]
            let! _ = Processes.addressOf started
            let! exitCode = Processes.terminate started
            Expect.equal exitCode 0 "asked to stop, it stops"
        }

        testCaseTask "options out of range: the message names them, and it ends with exit code 1"
        <| fun () -> task {
            use started =
                Processes.start [ quickstart; "--toggle-threshold"; "0"; "--num-replicas-by-state"; "2"; "2" ]

            let! errors = started.StandardError.ReadToEndAsync()
            do! started.WaitForExitAsync()
            Expect.equal started.ExitCode 1 errors

            Expect.equal
                (errors.Trim())
                "The dummy autoscaler cannot work like this: the toggle threshold has to be at least 1, got 0; the two replica counts have to differ, got 2 twice."
                "the whole message"
        }

        testCaseTask "the demo prints a decision per iteration and leaves nothing running"
        <| fun () -> task {
            use started = Processes.start [ quickstart; "demo" ]
            let! output = started.StandardOutput.ReadToEndAsync()
            do! started.WaitForExitAsync()
            Expect.equal started.ExitCode 0 output
            let rows = Regex.Matches(output, @"^ +\d+  \d\d:\d\d:\d\d ", RegexOptions.Multiline)
            Expect.equal rows.Count 12 output
        }
    ]

let private listed (folder: string) (file: string) (prefix: string) =
    let path = Repository.path $"{folder}/{file}"

    if File.Exists path then
        File.ReadAllLines path
        |> Seq.takeWhile (fun line -> not (line.StartsWith "group "))
        |> Seq.filter (fun line -> line.Trim() <> "" && line.StartsWith(prefix, StringComparison.Ordinal))
        |> Seq.map (fun line -> line.Substring(prefix.Length).Split(' ')[0])
        |> List.ofSeq
    else
        []

/// The folder of a project and those of the projects it refers to.
let rec private withReferred (folder: string) : string list =
    let project = Directory.GetFiles(Repository.path folder, "*.*proj") |> Array.exactlyOne

    folder
    :: [
        for found in Regex.Matches(File.ReadAllText project, @"ProjectReference Include=""([^""]+)""") do
            let target = Path.GetFullPath(Path.Combine(Repository.path folder, found.Groups[1].Value))

            yield!
                Path.GetDirectoryName target
                |> Unchecked.nonNull
                |> fun place -> withReferred (Path.GetRelativePath(Repository.root, place))
    ]

/// Paket refuses to install otherwise. Giraffe itself cannot be restored everywhere, so this sample is not compiled here.
let private giraffe = test "The Giraffe sample lists every package of the projects it refers to" {
    let known = listed "samples/GiraffeApp" "paket.dependencies" "nuget "

    let missing =
        withReferred "samples/GiraffeApp"
        |> List.collect (fun folder -> listed folder "paket.references" "")
        |> List.distinct
        |> List.except known

    Expect.contains known "Giraffe" "packages are found"
    Expect.equal missing [] "packages that paket.dependencies of the sample lacks"
}

let tests =
    testSequenced (
        testList "Samples" [ giraffe; testList "serve what they say" (commands |> List.map check); processes ]
    )
