/// What kustomize makes of a base and an overlay, as far as ours use it: resources, strategic merge patches, images.
module Kta.Functional.Operator.Tests.Kubernetes.Kustomized

open System.Collections.Generic
open System.IO
open k8s
open k8s.Models
open Kta.Functional.Tests
open YamlDotNet.RepresentationModel

[<CLIMutable>]
type Patch = { Path: string }

[<CLIMutable>]
type Image = {
    Name: string
    NewName: string
    NewTag: string
}

[<CLIMutable>]
type Kustomization = {
    ApiVersion: string
    Kind: string
    Resources: List<string>
    Patches: List<Patch>
    Images: List<Image>
}

[<CLIMutable>]
type MonitoredEndpoint = {
    Port: string
    Path: string
    Interval: string
}

[<CLIMutable>]
type ServiceMonitorSpec = {
    Selector: V1LabelSelector
    Endpoints: List<MonitoredEndpoint>
}

/// What the Prometheus operator calls so, as far as ours use it.
[<CLIMutable>]
type ServiceMonitor = {
    ApiVersion: string
    Kind: string
    Metadata: V1ObjectMeta
    Spec: ServiceMonitorSpec
}

/// Refuses members that the type does not have.
let strictly<'T> (yaml: string) : 'T = KubernetesYaml.Deserialize<'T>(yaml, true)

let private documents (yaml: string) : YamlNode list =
    let stream = YamlStream()
    stream.Load(new StringReader(yaml))
    [ for document in stream.Documents -> document.RootNode ]

let private text (node: YamlNode) : string =
    use writer = new StringWriter()
    YamlStream([ YamlDocument node ]).Save(writer, false)
    writer.ToString()

let private nameOf (node: YamlNode) = string node["name"]

let private isNamed (node: YamlNode) =
    match node with
    | :? YamlMappingNode as map -> map.Children.ContainsKey(YamlScalarNode "name")
    | _ -> false

/// Objects by member, lists of named things by name; all else is replaced.
let rec private merge (into: YamlNode) (patch: YamlNode) : YamlNode =
    match into, patch with
    | (:? YamlMappingNode as into), (:? YamlMappingNode as patch) ->
        for member' in patch.Children do
            into.Children[member'.Key] <-
                match into.Children.TryGetValue member'.Key with
                | true, known -> merge known member'.Value
                | _ -> member'.Value

        into
    | (:? YamlSequenceNode as into), (:? YamlSequenceNode as patch) when
        Seq.forall isNamed into && Seq.forall isNamed patch
        ->
        let known = [
            for one in into ->
                match patch |> Seq.tryFind (fun other -> nameOf other = nameOf one) with
                | Some other -> merge one other
                | None -> one
        ]

        let added =
            patch
            |> Seq.filter (fun one -> not (into |> Seq.exists (fun other -> nameOf other = nameOf one)))

        YamlSequenceNode(Seq.append known added)
    | _ -> patch

let private identity (node: YamlNode) = string node["kind"], string node["metadata"].["name"]

let kustomization (folder: string) : Kustomization = strictly (Repository.read $"{folder}/kustomization.yaml")

let private listed (values: List<'T>) : 'T list =
    match box values with
    | null -> []
    | _ -> List.ofSeq values

let private renamed (images: Image list) (node: YamlNode) : YamlNode =
    match node with
    | :? YamlMappingNode as map when string map["kind"] = "Deployment" ->
        for container in map["spec"].["template"].["spec"].["containers"] :?> YamlSequenceNode do
            let name = (string container["image"]).Split(':')[0]

            for image in images do
                if image.Name = name then
                    (container :?> YamlMappingNode).Children[ YamlScalarNode "image" ] <-
                        YamlScalarNode $"{image.NewName}:{image.NewTag}"
    | _ -> ()

    node

/// The objects of a folder, each as YAML.
let rec private nodes (folder: string) : YamlNode list =
    let described = kustomization folder

    let resources =
        listed described.Resources
        |> List.collect (fun resource ->
            if resource.EndsWith ".yaml" then
                documents (Repository.read $"{folder}/{resource}")
            else
                let other =
                    Path.GetRelativePath(
                        Repository.path "",
                        Path.GetFullPath(Path.Combine(Repository.path folder, resource))
                    )

                nodes other)

    let patches =
        listed described.Patches
        |> List.collect (fun patch -> documents (Repository.read $"{folder}/{patch.Path}"))

    for patch in patches do
        if not (resources |> List.exists (fun one -> identity one = identity patch)) then
            failwith $"{folder} patches {identity patch}, which it does not have."

    [
        for one in resources ->
            patches
            |> List.filter (fun patch -> identity patch = identity one)
            |> List.fold merge one
            |> renamed (listed described.Images)
    ]

/// What `kubectl apply -k` would send, by kind and name.
let built (folder: string) : Map<string * string, string> = Map [ for node in nodes folder -> identity node, text node ]

let byName (yaml: string) : Map<string * string, string> =
    Map [ for node in documents yaml -> identity node, text node ]
