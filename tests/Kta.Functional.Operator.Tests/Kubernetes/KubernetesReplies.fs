/// What an API server answers, in the API's own shapes.
module Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies

open System.Text.RegularExpressions
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem

let failure (code: int) (reason: string) (message: string) (details: string) =
    let text = System.Text.Json.JsonSerializer.Serialize message

    FakeSystem.status
        code
        $"""{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":{text},"reason":"{reason}","details":{details},"code":{code}}}"""

let notFound (resource: string) (name: string) =
    failure 404 "NotFound" $"{resource} \"{name}\" not found" $"""{{"name":"{name}"}}"""

let conflict (resource: string) (name: string) =
    failure
        409
        "Conflict"
        $"Operation cannot be fulfilled on {resource} \"{name}\": the object has been modified; please apply your changes to the latest version and try again"
        $"""{{"name":"{name}"}}"""

let tooOften (seconds: int) =
    let answer =
        failure
            429
            "TooManyRequests"
            "The apiserver is too busy, please try again later"
            $"""{{"retryAfterSeconds":{seconds}}}"""

    {
        answer with
            AnswerHeaders = ("Retry-After", string seconds) :: answer.AnswerHeaders
    }

let private resources (group: string) (all: (string * string * bool) list) =
    let one (name: string, kind: string) =
        $"""{{"name":"{name}","singularName":"","namespaced":true,"kind":"{kind}","verbs":["get","update"]}}"""

    let both =
        all
        |> List.collect (fun (name, kind, scales) -> [
            one (name, kind)
            if scales then
                one ($"{name}/scale", "Scale")
            one ($"{name}/status", kind)
        ])
        |> String.concat ","

    ok $"""{{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"{group}","resources":[{both}]}}"""

let discovery =
    Map [
        "/apis/apps/v1",
        resources "apps/v1" [
            "deployments", "Deployment", true
            "statefulsets", "StatefulSet", true
            "daemonsets", "DaemonSet", false
        ]
        "/apis/acme.example/v1beta1", resources "acme.example/v1beta1" [ "workerpools", "WorkerPool", true ]
        "/api/v1", resources "v1" [ "pods", "Pod", false; "replicationcontrollers", "ReplicationController", true ]
    ]

/// Times that Kubernetes reads have exactly six digits behind the point.
let isMicroTime (time: string) =
    Regex.IsMatch(time, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$")

/// What kubectl would be given.
let kubeconfigOf (address: string) =
    $"""apiVersion: v1
kind: Config
current-context: test
clusters: [{{ name: test, cluster: {{ server: "{address}" }} }}]
contexts: [{{ name: test, context: {{ cluster: test, user: test, namespace: elsewhere }} }}]
users: [{{ name: test, user: {{ token: t0ken }} }}]
"""
