/// What is said when the API server refuses, and what to do.
module Kta.Functional.Operator.Tests.Kubernetes.KubernetesRefusalTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes
open Kta.Functional.Operator.Tests.Kubernetes.Shop

let private scalePath = "/apis/apps/v1/namespaces/shop/deployments/orders/scale"

let private on (method: string) (answer: Answer) (asked: Asked) =
    if asked.Method = method && asked.Path.StartsWith scalePath then
        Some answer
    else
        None

/// Orders fails with this problem; payments is scaled all the same.
let private problemOf (other: Asked -> Answer option) : Task<string> = task {
    let payments = deployment "payments" 3
    use! cluster = startWith other None [ deployment "orders" 2; payments ]

    use driver =
        driverWith (KubernetesScaleDriverOptions(Patience = TimeSpan.FromMilliseconds 100.)) both cluster

    let! result = scaled driver [ "orders", 5; "payments", 4 ]

    Expect.equal
        [ for _, _, outcome in outcomes result -> outcome ]
        [ ScalingOutcome.Failed; ScalingOutcome.Sent ]
        "one of two"

    Expect.equal payments.Replicas 4 "the other is scaled"
    return problems result |> List.exactlyOne
}

let private answered (method: string) (code: int) (reason: string) (said: string) (whole: string) =
    testCaseTask $"{code} {reason} to {method}: {said}"
    <| fun () -> task {
        let! problem = problemOf (on method (failure code reason said "{}"))

        Expect.equal
            problem
            $"Deployment orders in namespace shop: {method} {scalePath} was answered {code}: {said}. {whole}"
            "what to do"
    }

let private missing (verb: string) =
    $"The right to {verb} deployments/scale is missing: add to a Role in namespace shop the rule apiGroups [\"apps\"], resources [\"deployments/scale\"], verbs [\"{verb}\"], and bind it to who asks."

let private user =
    "deployments.apps \"orders\" is forbidden: User \"kta\" cannot get resource \"deployments/scale\""

let tests =
    testList "a refusal" [
        answered "GET" 403 "Forbidden" user (missing "get")
        answered "PUT" 403 "Forbidden" user (missing "update")
        answered
            "PUT"
            403
            "Forbidden"
            "deployments.apps \"orders\" is forbidden: exceeded quota: small, requested: pods=5, used: pods=8, limited: pods=10"
            "A quota does not allow it: raise the ResourceQuota of namespace shop, or lower maxParallelism of the policy."
        for code in [ 400; 403; 409; 422 ] do
            answered
                "PUT"
                code
                "Forbidden"
                "admission webhook \"limits.example.com\" denied the request: at most 4"
                "Admission has denied it: see the webhook or policy that is named, or keep the policy within what it allows."
        answered
            "PUT"
            422
            "Invalid"
            "ValidatingAdmissionPolicy 'few' with binding 'few' denied request: at most 4"
            "Admission has denied it: see the webhook or policy that is named, or keep the policy within what it allows."
        answered
            "PUT"
            422
            "Invalid"
            "spec.replicas: Invalid value: 5"
            "Is the number of replicas one that this kind allows?"
        answered
            "GET"
            404
            "NotFound"
            "deployments.apps \"orders\" not found"
            "Does it exist in this namespace under this name? Check the policy."
        answered
            "GET"
            401
            "Unauthorized"
            "Unauthorized"
            "The API server does not know who asks: the token or certificate has expired, or is that of another cluster."
        answered
            "PUT"
            409
            "Conflict"
            "the object has been modified"
            "Somebody else changes it all the time, a HorizontalPodAutoscaler perhaps: leave one of them."
        answered
            "PUT"
            500
            "InternalError"
            "failed calling webhook"
            "The fault is the API server's, or that of a webhook it calls."

        testCaseTask "429 that wants too much patience"
        <| fun () -> task {
            let! problem = problemOf (on "PUT" (tooOften 60))

            Expect.equal
                problem
                $"Deployment orders in namespace shop: PUT {scalePath} was answered 429: The apiserver is too busy, please try again later. It wants to be asked again in 60 s; with that, waiting would take longer than 0.1 s. It is tried again with the next decision."
                "how long"
        }

        testCaseTask "in no shape of the API, from a proxy on the way"
        <| fun () -> task {
            let! problem = problemOf (on "GET" (FakeSystem.status 502 "<html>Bad gateway</html>"))
            Expect.stringContains problem "was answered 502: <html>Bad gateway</html>." "its own words"
        }

        testCaseTask "that is no scale"
        <| fun () -> task {
            let! problem = problemOf (on "GET" (ok "[]"))
            Expect.stringContains problem "answered something else than documented" "what"
        }
    ]
