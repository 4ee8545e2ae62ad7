/// The quickstart in production: its base and its overlay.
module Kta.Functional.Operator.Tests.Kubernetes.OverlayTests

open System
open System.Collections.Generic
open System.ComponentModel
open System.Diagnostics
open System.Text.RegularExpressions
open Expecto
open k8s
open k8s.Models
open Kta.Functional.Files
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Operator.Tests.Kubernetes.Kustomized

let private overlay = "samples/Quickstart/kubernetes-production"

let private objects = lazy (built overlay)

let private one<'T> (kind: string) : 'T = strictly objects.Value[kind, "kta-quickstart"]

let private deployment = lazy (one<V1Deployment> "Deployment")

let private pod = lazy deployment.Value.Spec.Template

let private container = lazy (Seq.exactlyOne pod.Value.Spec.Containers)

let private service = lazy (one<V1Service> "Service")

let private network = lazy ((one<V1NetworkPolicy> "NetworkPolicy").Spec)

let private monitored = lazy ((one<ServiceMonitor> "ServiceMonitor").Spec)

let private budget = lazy ((one<V1PodDisruptionBudget> "PodDisruptionBudget").Spec)

let private pairs (labels: IDictionary<string, string>) = [ for KeyValue(name, value) in labels -> name, value ]

let private kubectl (arguments: string list) : string option =
    let info =
        ProcessStartInfo("kubectl", arguments, WorkingDirectory = Repository.path "", RedirectStandardOutput = true)

    use started = new Process(StartInfo = info)

    try
        started.Start() |> ignore
        let output = started.StandardOutput.ReadToEnd()
        started.WaitForExit()
        Some output
    with :? Win32Exception ->
        None

/// In one order, so that two of them can be compared.
let private comparable (yaml: string) =
    let one = strictly<V1Deployment> yaml

    for container in one.Spec.Template.Spec.Containers do
        container.Env <- List<V1EnvVar>(container.Env |> Seq.sortBy _.Name)

    KubernetesJson.Serialize one

let tests =
    testList "The overlay for production" [
        test "has no member that Kubernetes does not know" {
            let read = [
                one<V1Deployment>("Deployment").Kind
                one<V1Service>("Service").Kind
                one<V1PodDisruptionBudget>("PodDisruptionBudget").Kind
                one<V1NetworkPolicy>("NetworkPolicy").Kind
                one<ServiceMonitor>("ServiceMonitor").Kind
                for policy in PolicyFile.Parse(objects.Value["KtaPolicy", "kta-quickstart"], "overlay").Policies do
                    ignore policy
                    "KtaPolicy"
            ]

            Expect.equal (Set read) (Set(objects.Value.Keys |> Seq.map fst)) "every object was read"

            Expect.throws
                (fun () ->
                    objects.Value["NetworkPolicy", "kta-quickstart"].Replace("podSelector:", "podSelectors:")
                    |> strictly<V1NetworkPolicy>
                    |> ignore)
                "a slip would be seen"
        }

        test "is what kubectl makes of it, too" {
            match kubectl [ "kustomize"; overlay ] with
            | None -> skiptest "kubectl is not installed"
            | Some "" -> skiptest "kubectl is none that knows kustomize"
            | Some output ->
                let theirs = byName output
                Expect.equal (Set theirs.Keys) (Set objects.Value.Keys) "the same objects"
                let key = "Deployment", "kta-quickstart"
                Expect.equal (comparable objects.Value[key]) (comparable theirs[key]) "the same deployment"
        }

        test "keeps what the plain file says" {
            let plain = byName (Repository.read "samples/Quickstart/kubernetes/quickstart.yaml")
            Expect.isTrue (Set.isSubset (Set plain.Keys) (Set objects.Value.Keys)) "every object"

            for kind in [ "Service"; "KtaPolicy" ] do
                Expect.equal objects.Value[kind, "kta-quickstart"] plain[kind, "kta-quickstart"] kind
        }

        test "finds its pods by one and the same label, wherever it looks for them" {
            let labels = pairs pod.Value.Metadata.Labels

            let selectors = [
                deployment.Value.Spec.Selector.MatchLabels
                service.Value.Spec.Selector
                budget.Value.Selector.MatchLabels
                network.Value.PodSelector.MatchLabels
                for spread in pod.Value.Spec.TopologySpreadConstraints do
                    spread.LabelSelector.MatchLabels
            ]

            Expect.equal (selectors |> List.map pairs) [ for _ in selectors -> labels ] "the labels of the pods"

            Expect.equal
                (pairs monitored.Value.Selector.MatchLabels)
                (pairs service.Value.Metadata.Labels)
                "and of the service"
        }

        test "has one port, the server's own, for calls, probes, metrics and the network" {
            let port = Seq.exactlyOne container.Value.Ports
            Expect.equal port.ContainerPort 8096 "of the server"
            let service = Seq.exactlyOne service.Value.Spec.Ports
            Expect.equal (service.TargetPort.Value, service.Port) (port.Name, 8096) "of the service"

            let allowed = Seq.exactlyOne (Seq.exactlyOne network.Value.Ingress).Ports
            Expect.equal allowed.Port.Value port.Name "of the network"

            Expect.equal (Seq.exactlyOne monitored.Value.Endpoints).Port service.Name "of the metrics"

            let options = HttpBackendOptions()

            for probe, name in [ container.Value.LivenessProbe, "live"; container.Value.ReadinessProbe, "ready" ] do
                Expect.equal probe.HttpGet.Port.Value port.Name "of the probes"
                Expect.equal probe.HttpGet.Path $"{options.HealthPath}/{name}" "their paths"
        }

        test "never takes both pods away" {
            Expect.equal deployment.Value.Spec.Replicas (Nullable 2) "two"
            Expect.equal budget.Value.MinAvailable.Value "1" "a drain leaves one"
            let update = deployment.Value.Spec.Strategy.RollingUpdate
            Expect.equal (update.MaxUnavailable.Value, update.MaxSurge.Value) ("0", "1") "an update leaves two"

            Expect.equal
                [ for spread in pod.Value.Spec.TopologySpreadConstraints -> spread.TopologyKey ]
                [ "kubernetes.io/hostname"; "topology.kubernetes.io/zone" ]
                "not on one machine, not in one zone"
        }

        test "gives a pod longer to stop than the server takes" {
            let options = HttpBackendOptions()

            Expect.isGreaterThan
                (float (pod.Value.Spec.TerminationGracePeriodSeconds.GetValueOrDefault()))
                (options.ShutdownDelay + options.ShutdownTimeout).TotalSeconds
                "delay and calls"
        }

        test "lets out what the environment says, and names of services" {
            let endpoint =
                container.Value.Env
                |> Seq.find (fun one -> one.Name = "OTEL_EXPORTER_OTLP_ENDPOINT")

            let ports = [
                for rule in network.Value.Egress do
                    for port in rule.Ports do
                        port.Protocol, port.Port.Value
            ]

            Expect.equal ports [ "UDP", "53"; "TCP", "53"; "TCP", string (Uri endpoint.Value).Port ] "and nothing else"
        }

        test "names the image of the sample that shows its metrics" {
            let project = Repository.read "samples/Telemetry/Telemetry.csproj"
            let repository = Regex.Match(project, "<ContainerRepository>(.+)</ContainerRepository>").Groups[1].Value

            let plain = byName (Repository.read "samples/Quickstart/kubernetes/quickstart.yaml")
            let ofPlain = strictly<V1Deployment> plain["Deployment", "kta-quickstart"]
            let version = (Seq.exactlyOne ofPlain.Spec.Template.Spec.Containers).Image.Split(':')[1]
            Expect.equal container.Value.Image $"{repository}:{version}" "of the same version as the quickstart's"

            Expect.stringContains
                (Repository.read "samples/Telemetry/Program.cs")
                "MapPrometheusScrapingEndpoint()"
                "it has them"

            Expect.equal (Seq.exactlyOne monitored.Value.Endpoints).Path "/metrics" "where that method puts them"
        }

        test "gives the pods no way to the cluster's API" {
            Expect.equal pod.Value.Spec.AutomountServiceAccountToken (Nullable false) "no token"
        }
    ]
