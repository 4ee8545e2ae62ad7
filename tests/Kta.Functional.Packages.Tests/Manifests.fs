/// Manifests of templates, read strictly, and compared with the project whose image they run.
module Kta.Functional.Packages.Tests.Manifests

open System
open System.Text.Json
open Expecto
open k8s
open k8s.Models
open Kta.Functional.Files
open Kta.Functional.Http

/// What a project says about the image that `-t:PublishContainer` would push.
type Image = {
    Name: string
    Base: string
    User: string
    Ports: string list
}

let image (folder: string) (project: string) =
    let output =
        Machine.succeed folder [
            "msbuild"
            project
            "-nologo"
            "-p:Configuration=Release"
            "-t:ResolveFrameworkReferences;ComputeContainerConfig"
            "-getProperty:ContainerRepository,ContainerImageTag,ContainerBaseImage,ContainerUser"
            "-getItem:ContainerPort"
        ]

    use parsed = JsonDocument.Parse output
    let root = parsed.RootElement

    let text (name: string) =
        root.GetProperty("Properties").GetProperty(name).GetString()
        |> Unchecked.nonNull

    {
        Name = $"""{text "ContainerRepository"}:{text "ContainerImageTag"}"""
        Base = text "ContainerBaseImage"
        User = text "ContainerUser"
        Ports = [
            for port in root.GetProperty("Items").GetProperty("ContainerPort").EnumerateArray() ->
                $"""{port.GetProperty "Identity"}/{port.GetProperty "Type"}"""
        ]
    }

type Manifest = {
    Deployment: V1Deployment
    Service: V1Service
    Policy: KtaPolicy
}

/// A member that Kubernetes or the operator does not know is refused.
let read (file: string) =
    let text = IO.File.ReadAllText file

    match text.Split "\n---\n" with
    | [| deployment; service; _ |] -> {
        Deployment = KubernetesYaml.Deserialize<V1Deployment>(deployment, strict = true)
        Service = KubernetesYaml.Deserialize<V1Service>(service, strict = true)
        Policy = Seq.exactlyOne (PolicyFile.Parse(text, file)).Policies
      }
    | parts -> failtest $"{file} has {parts.Length} parts"

let container (manifest: Manifest) = Seq.exactlyOne manifest.Deployment.Spec.Template.Spec.Containers

let private pairs (labels: Collections.Generic.IDictionary<string, string>) = [
    for KeyValue(name, value) in labels -> name, value
]

/// One port, one image, one name everywhere, and no more rights than are needed.
let check (name: string) (image: Image) (manifest: Manifest) =
    let pod = manifest.Deployment.Spec.Template
    let container = container manifest
    let containerPort = Seq.exactlyOne container.Ports
    let port = Seq.exactlyOne manifest.Service.Spec.Ports
    Expect.equal container.Image image.Name "the image that is made"
    Expect.equal image.Ports [ $"{containerPort.ContainerPort}/tcp" ] "the port of the image"
    Expect.equal port.Port containerPort.ContainerPort "the port of the service"
    Expect.equal (string port.TargetPort) containerPort.Name "which leads to the container"
    Expect.equal (pairs manifest.Service.Spec.Selector) (pairs pod.Metadata.Labels) "and finds its pods"

    Expect.equal
        (pairs manifest.Deployment.Spec.Selector.MatchLabels)
        (pairs pod.Metadata.Labels)
        "as the deployment does"

    Expect.equal
        [ manifest.Deployment.Metadata.Name; manifest.Service.Metadata.Name; manifest.Policy.Name ]
        [ name; name; name ]
        "names"

    for endpoint, step in
        [
            manifest.Policy.MonitorEndpoint, "monitor"
            manifest.Policy.AnalyzeEndpoint, "analyze"
            manifest.Policy.PlanEndpoint, "plan"
        ] do
        Expect.equal
            endpoint
            (Uri $"http://{name}.default.svc:{port.Port}/api/v1alpha1/{step}")
            "the policy's endpoints"

    for probe in [ container.ReadinessProbe; container.LivenessProbe ] do
        Expect.equal (string probe.HttpGet.Port) containerPort.Name "the port of a probe"

    let options = HttpBackendOptions()
    let grace = TimeSpan.FromSeconds(float pod.Spec.TerminationGracePeriodSeconds.Value)
    Expect.isGreaterThan grace (options.ShutdownDelay + options.ShutdownTimeout) "time to stop"
    Expect.isGreaterThan options.KeepAliveTimeout manifest.Policy.Interval "idle connections are kept"
    Expect.isTrue manifest.Policy.HistoryLength.HasValue "the history does not grow for ever"

    let rights = container.SecurityContext
    Expect.equal rights.RunAsNonRoot (Nullable true) "not root"
    Expect.equal rights.ReadOnlyRootFilesystem (Nullable true) "nothing is written"
    Expect.equal rights.AllowPrivilegeEscalation (Nullable false) "no more rights"
    Expect.equal (List.ofSeq rights.Capabilities.Drop) [ "ALL" ] "nor others"
    Expect.equal image.User "" "the user of the base image, which is not root"
    Expect.stringContains image.Base "/dotnet/aspnet:10.0" "which has ASP.NET Core"
