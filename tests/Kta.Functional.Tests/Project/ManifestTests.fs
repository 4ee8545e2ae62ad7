/// The quickstart as it goes to a cluster: its manifest and its image.
module Kta.Functional.Tests.Project.ManifestTests

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Text
open System.Text.Json
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Http
open Kta.Functional.Tests

let private manifest = lazy (Repository.read "samples/Quickstart/kubernetes/quickstart.yaml")

/// What stands at this place of the manifest, the first time.
let private value (pattern: string) =
    let found = Regex.Match(manifest.Value, pattern, RegexOptions.Multiline)
    Expect.isTrue found.Success $"the manifest has {pattern}"
    found.Groups[1].Value

let private quickstart = Repository.path "samples/Quickstart/bin/Release/net10.0/Quickstart.dll"

let private arguments =
    lazy
        (JsonSerializer.Deserialize<string list>(value @"^ +args: (\[.*\])$")
         |> Unchecked.nonNull)

/// What a project says about itself.
let private evaluated (arguments: string list) =
    use started =
        Processes.start (
            [ "msbuild"; "samples/Quickstart"; "-p:Configuration=Release"; "-nologo" ]
            @ arguments
        )

    let output = started.StandardOutput.ReadToEnd()
    started.WaitForExit()
    Expect.equal started.ExitCode 0 output
    output

let private ofTheServer =
    testList "fits the server" [
        testCaseTask "arguments start it, probes are answered, and it begins with less memory than is asked for"
        <| fun () -> task {
            use started = Processes.start (quickstart :: arguments.Value @ [ "--host"; "127.0.0.1"; "--port"; "0" ])

            try
                let! address = Processes.addressOf started
                use client = new HttpClient(BaseAddress = address)

                for probe in [ "readinessProbe"; "livenessProbe" ] do
                    let path = value $@"{probe}:\s+httpGet: {{ path: (\S+), port: http }}"
                    use! reply = client.GetAsync path
                    Expect.equal (int reply.StatusCode) 200 path

                for step in [ "monitor"; "analyze"; "plan" ] do
                    let path = Uri(value $@"{step}Endpoint: (\S+)").AbsolutePath

                    let request = Requests.ofNodes [ "orders" ] """{"numInvocations":1}""" """{"toggleState":1}""" "[]"

                    use content = new StringContent(request, Encoding.UTF8, "application/json")
                    use! reply = client.PostAsync(path, content)
                    Expect.equal (int reply.StatusCode) 200 path

                started.Refresh()
                let asked = Int64.Parse(value @"requests: .*memory: (\d+)Mi") * 1024L * 1024L
                let limit = Int64.Parse(value @"limits: .*memory: (\d+)Mi") * 1024L * 1024L
                Expect.isLessThan started.WorkingSet64 asked "what the first calls take"
                Expect.isLessThan asked limit "room for large histories"
            finally
                if not started.HasExited then
                    started.Kill()
        }

        test "ports are one and the same, the server's own" {
            let ports =
                [ @"containerPort: (\d+)"; @"\{ name: http, port: (\d+)"; @"planEndpoint: http://[^:]+:(\d+)/" ]
                |> List.map value
                |> List.distinct

            Expect.equal ports [ "8096" ] "in the container, the service and the policy"
        }

        test "a pod has longer to stop than the server takes, and a connection outlives the interval" {
            let options = HttpBackendOptions()
            let grace = float (value @"terminationGracePeriodSeconds: (\d+)")
            Expect.isGreaterThan grace (options.ShutdownDelay + options.ShutdownTimeout).TotalSeconds "delay and calls"
            let interval = float (value @"reconciliationIntervalSeconds: (\d+)")
            Expect.isGreaterThan options.KeepAliveTimeout.TotalSeconds interval "idle connections"
        }
    ]

let private restricted =
    testList "asks for no more than it needs" [
        for setting in
            [
                "runAsNonRoot: true"
                "readOnlyRootFilesystem: true"
                "allowPrivilegeEscalation: false"
                "capabilities: { drop: [ALL] }"
                "seccompProfile: { type: RuntimeDefault }"
                "imagePullPolicy: IfNotPresent"
            ] do
            test setting { Expect.stringContains manifest.Value setting "in the manifest" }
    ]

let private image =
    testList "and the image" [
        test "has a version, which the manifest names" {
            let tag = (evaluated [ "-getProperty:ContainerRepository"; "-getProperty:ContainerImageTag" ])
            use properties = JsonDocument.Parse tag
            let text (name: string) = properties.RootElement.GetProperty("Properties").GetProperty(name).GetString()
            let image = value @"^ +image: (\S+)$"
            Expect.equal image $"""{text "ContainerRepository"}:{text "ContainerImageTag"}""" "the same image"
        }

        test "holds neither symbols nor documentation" {
            let output = evaluated [ "-t:ComputeResolvedFilesToPublishList"; "-getItem:ResolvedFileToPublish" ]

            let extensions =
                [
                    for found in Regex.Matches(output, @"""RelativePath"": ""([^""]+)""") ->
                        found.Groups[1].Value |> Path.GetExtension
                ]
                |> List.distinct

            Expect.contains extensions ".dll" "the list is one of files"
            Expect.equal (extensions |> List.filter (fun kind -> kind = ".pdb" || kind = ".xml")) [] "for other readers"
        }
    ]

let tests = testSequenced (testList "The Kubernetes manifest" [ ofTheServer; restricted; image ])
