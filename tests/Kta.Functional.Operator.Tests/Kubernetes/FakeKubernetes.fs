/// An API server in the API's own shapes: discovery, scale subresources and leases with resource versions, events, and rights.
module Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes

open System
open System.Collections.Generic
open System.IO
open System.Text.Json.Nodes
open System.Threading.Tasks
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies

/// What a request needs the right for.
type Right = {
    Verb: string
    Group: string
    Resource: string
}

/// An object with a scale subresource.
type Scaled = {
    /// Its path below the server: /apis/apps/v1/namespaces/shop/deployments/orders
    Path: string
    mutable Replicas: int
    mutable Running: int
    mutable Version: int
}

let deployment (name: string) (replicas: int) = {
    Path = $"/apis/apps/v1/namespaces/shop/deployments/{name}"
    Replicas = replicas
    Running = replicas
    Version = 41
}

let private json (text: string) = JsonNode.Parse text |> nonNull

let private member' (path: string list) (node: JsonNode) : JsonNode | null =
    let rec walk (node: JsonNode | null) (names: string list) =
        match node, names with
        | null, _ -> null
        | found, [] -> found
        | found, name :: rest -> walk found[name] rest

    walk node path

let textAt (path: string list) (node: JsonNode) =
    match member' path node with
    | null -> ""
    | found -> found.ToString()

/// What a path of an object in a namespace is about: group, namespace, resource, name.
let private (|InNamespace|_|) (path: string) =
    match path.Trim('/').Split '/' |> List.ofArray with
    | "apis" :: group :: _ :: "namespaces" :: space :: resource :: rest -> Some(group, space, resource, rest)
    | "api" :: _ :: "namespaces" :: space :: resource :: rest -> Some("", space, resource, rest)
    | _ -> None

let private verbOf (method: string) =
    match method with
    | "GET" -> "get"
    | "PUT" -> "update"
    | "POST" -> "create"
    | other -> other.ToLowerInvariant()

let private pathOf (asked: Asked) = (asked.Path.Split '?' |> Array.head).TrimEnd '/'

/// The right a request needs; none for what everybody may, which is discovery.
let rightOf (asked: Asked) : Right option =
    match pathOf asked with
    | InNamespace(group, _, resource, rest) ->
        Some {
            Verb = verbOf asked.Method
            Group = group
            Resource =
                if List.contains "scale" rest then
                    $"{resource}/scale"
                else
                    resource
        }
    | _ -> None

let forbidden (right: Right) (space: string) (name: string) =
    failure
        403
        "Forbidden"
        $"{right.Resource}.{right.Group} \"{name}\" is forbidden: User \"system:serviceaccount:shop:kta-run\" cannot {right.Verb} resource \"{right.Resource}\" in API group \"{right.Group}\" in the namespace \"{space}\""
        $"""{{"name":"{name}","group":"{right.Group}","kind":"{right.Resource}"}}"""

/// The state of a cluster; one request at a time.
type Cluster(objects: Scaled list, allowed: Right list option) =
    let gate = obj ()
    let leases = Dictionary<string, JsonNode>()
    let events = List<JsonNode>()
    let mutable version = 100

    let scaleOf (one: Scaled) =
        let name = one.Path.Split '/' |> Array.last

        let spec =
            if one.Replicas = 0 then
                "{}"
            else
                $"""{{"replicas":{one.Replicas}}}"""

        ok
            $"""{{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{{"name":"{name}","namespace":"shop","uid":"uid-{name}","resourceVersion":"{one.Version}","creationTimestamp":"2026-11-26T08:00:00Z"}},"spec":{spec},"status":{{"replicas":{one.Running},"selector":"app={name}"}}}}"""

    let scale (asked: Asked) (one: Scaled) =
        if asked.Method = "GET" then
            scaleOf one
        else
            let body = json asked.Body

            if textAt [ "metadata"; "resourceVersion" ] body <> string one.Version then
                conflict "deployments.apps" (textAt [ "metadata"; "name" ] body)
            elif asked.Query.Contains "dryRun=All" then
                scaleOf {
                    one with
                        Replicas = int (textAt [ "spec"; "replicas" ] body)
                }
            else
                one.Replicas <- int (textAt [ "spec"; "replicas" ] body)
                one.Running <- one.Replicas
                one.Version <- one.Version + 1
                scaleOf one

    let lease (asked: Asked) (path: string) =
        let name = path.Split '/' |> Array.last

        let write (path: string) (body: JsonNode) =
            if int (textAt [ "spec"; "leaseDurationSeconds" ] body) <= 0 then
                failure 422 "Invalid" "spec.leaseDurationSeconds: must be greater than 0" "{}"
            elif
                not (
                    isMicroTime (textAt [ "spec"; "renewTime" ] body)
                    && isMicroTime (textAt [ "spec"; "acquireTime" ] body)
                )
            then
                failure 400 "BadRequest" ("parsing time " + textAt [ "spec"; "renewTime" ] body) "{}"
            else
                version <- version + 1
                (nonNull body["metadata"])["resourceVersion"] <- JsonValue.Create(string version)
                leases[path] <- body
                ok (body.ToJsonString())

        match asked.Method, leases.TryGetValue path with
        | "GET", (true, found) -> ok (found.ToJsonString())
        | "PUT", (true, found) ->
            let body = json asked.Body

            if textAt [ "metadata"; "resourceVersion" ] body = textAt [ "metadata"; "resourceVersion" ] found then
                write path body
            else
                conflict "leases.coordination.k8s.io" name
        | "POST", _ ->
            let body = json asked.Body
            let path = path + "/" + textAt [ "metadata"; "name" ] body

            if leases.ContainsKey path then
                failure 409 "AlreadyExists" "it exists" "{}"
            else
                write path body
        | _ -> notFound "leases.coordination.k8s.io" name

    let event (asked: Asked) (space: string) =
        let body = json asked.Body

        let wrong = [
            for name in [ "eventTime"; "reportingController"; "reportingInstance"; "action"; "reason"; "type" ] do
                if textAt [ name ] body = "" then
                    $"{name}: Required value"

            if not (isMicroTime (textAt [ "eventTime" ] body)) then
                "parsing time " + textAt [ "eventTime" ] body

            if Text.Encoding.UTF8.GetByteCount(textAt [ "note" ] body) > 1024 then
                "note: can have at most 1024 characters"

            if textAt [ "regarding"; "namespace" ] body <> space then
                "regarding.namespace: does not match event.namespace"
        ]

        if wrong.IsEmpty then
            events.Add body
            FakeSystem.status 201 (body.ToJsonString())
        else
            failure 422 "Invalid" (String.concat ", " wrong) "{}"

    /// What it answers; of the last, what another test's server says first.
    member _.Answer(asked: Asked) : Answer =
        lock gate (fun () ->
            let path = pathOf asked

            match discovery.TryFind path, path, rightOf asked with
            | Some found, _, _ -> found
            | _, InNamespace(_, space, _, rest), Some right when allowed |> Option.exists (List.contains right >> not) ->
                forbidden right space (List.tryHead rest |> Option.defaultValue "")
            | _, InNamespace(_, space, "events", _), _ -> event asked space
            | _, InNamespace(_, _, "leases", _), _ -> lease asked path
            | _ ->
                match objects |> List.tryFind (fun one -> path = $"{one.Path}/scale") with
                | Some one -> scale asked one
                | None -> notFound "deployments.apps" (Array.last (path.Replace("/scale", "").Split '/')))

    member _.Events = lock gate (fun () -> List.ofSeq events)

    /// Who holds a lease.
    member _.HolderOf(path: string) =
        lock gate (fun () ->
            match leases.TryGetValue path with
            | true, found -> textAt [ "spec"; "holderIdentity" ] found
            | _ -> "")

type Served(system: FakeSystem, cluster: Cluster, kubeconfig: string) =
    let connection = KubernetesConnection.Open kubeconfig
    member _.Address = system.Address
    member _.Cluster = cluster
    member _.Connection = connection
    member _.Asked = system.Asked

    /// The requests that change something, but events.
    member _.Changes =
        system.Asked
        |> List.filter (fun asked -> asked.Method <> "GET" && not (asked.Path.Contains "/events"))

    /// Reason and note of each event, and what it is about.
    member _.Events = [
        for event in cluster.Events ->
            textAt [ "regarding"; "name" ] event, textAt [ "reason" ] event, textAt [ "note" ] event
    ]

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            connection.Dispose()
            File.Delete kubeconfig
            (system :> IAsyncDisposable).DisposeAsync()

/// A cluster with these objects, and these rights if not all; a test may answer something else.
let startWith (other: Asked -> Answer option) (allowed: Right list option) (objects: Scaled list) : Task<Served> = task {
    let cluster = Cluster(objects, allowed)

    let! system =
        startAnswering (fun asked -> other asked |> Option.defaultWith (fun () -> cluster.Answer asked))

    let file = Path.GetTempFileName()
    File.WriteAllText(file, kubeconfigOf system.Address)
    return new Served(system, cluster, file)
}

let start (objects: Scaled list) = startWith (fun _ -> None) None objects
