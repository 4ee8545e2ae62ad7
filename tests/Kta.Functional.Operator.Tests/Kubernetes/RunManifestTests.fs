/// The manifest of `kta run`: read strictly, with exactly the rights that are used.
module Kta.Functional.Operator.Tests.Kubernetes.RunManifestTests

open System
open System.Threading
open Expecto
open k8s
open k8s.Models
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Tests
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes
open Kta.Functional.Operator.Tests.Kubernetes.Shop

let private file = "samples/KtaRun/kubernetes/kta-run.yaml"

let private strictly (yaml: string) : obj list = List.ofSeq (KubernetesYaml.LoadAllFromString(yaml, null, true))

/// The objects of the manifest; a member that the models do not have is refused.
let private manifest = lazy (strictly (Repository.read file))

let private one<'T> () : 'T = manifest.Value |> List.choose tryUnbox<'T> |> List.exactlyOne

let private granted =
    lazy
        (Set [
            for rule in (one<V1Role>()).Rules do
                for group in rule.ApiGroups do
                    for resource in rule.Resources do
                        for verb in rule.Verbs do
                            {
                                Verb = verb
                                Group = group
                                Resource = resource
                            }
        ])

let private container = lazy ((one<V1Deployment>()).Spec.Template.Spec.Containers |> Seq.exactlyOne)

/// What follows an option in the arguments.
let private argument (name: string) =
    let arguments = List.ofSeq container.Value.Args
    arguments[1 + List.findIndex ((=) name) arguments]

let private policy =
    lazy
        (let map = one<V1ConfigMap>()
         let (KeyValue(name, text)) = Seq.exactlyOne map.Data
         PolicyFile.Parse(text, name))

let private objectsOf (target: KubernetesTarget) = [
    for one in target.Objects ->
        {
            deployment one.Name 1 with
                Path = $"/apis/{one.ApiVersion}/namespaces/shop/{one.Kind.ToLowerInvariant()}s/{one.Name}"
        }
]

/// Everything `kta run` does to a cluster, where it has the rights of the manifest.
let private used () = task {
    let policy = Seq.exactlyOne policy.Value.Policies
    let target = policy.Target :?> KubernetesTarget
    let objects = objectsOf target
    use! cluster = startWith (fun _ -> None) (Some(List.ofSeq granted.Value)) objects
    let space, lease = argument("--leader-election").Split '/' |> fun parts -> parts[0], parts[1]

    do! task {
        use! leadership =
            Leadership.AcquireAsync(
                cluster.Connection,
                space,
                lease,
                "one",
                LeadershipOptions(RetryPeriod = TimeSpan.FromMilliseconds 20.)
            )

        let looks = cluster.Asked.Length

        // Made, and renewed.
        while cluster.Asked.Length < looks + 4 do
            do! System.Threading.Tasks.Task.Delay 10

        Expect.isFalse leadership.Lost.IsCancellationRequested "it leads"
    }

    use driver = new KubernetesScaleDriver(target, policy.Namespace, cluster.Connection, always)
    let! result = scaled driver [ "orders", 3 ]
    let wanted = System.Collections.Generic.Dictionary(dict [ for node in policy.Topology -> node, 5 ])

    let! (whole: ScalingResult) =
        driver.ScaleAsync(Decision("shop/orders", "1", DateTimeOffset.UnixEpoch, wanted), CancellationToken.None)

    do! driver.TellFailureAsync("x", CancellationToken.None)
    Expect.isEmpty (problems result @ problems whole) "no right is missing"
    Expect.isEmpty whole.Notes "not even for events"
    Expect.equal [ for one in objects -> one.Replicas ] [ for _ in objects -> 5 ] "scaled"
    return Set(List.choose rightOf cluster.Asked)
}

let tests =
    testList "Manifests of kta run" [
        test "have no member that Kubernetes does not know" {
            Expect.equal
                [ for one in manifest.Value -> one.GetType().Name ]
                [ "V1ServiceAccount"; "V1Role"; "V1RoleBinding"; "V1ConfigMap"; "V1Deployment" ]
                "all of them"

            for wrong, right in
                [ "replica: 2", "replicas: 2"; "mountPaths:", "mountPath:"; "verb: [create]", "verbs: [create]" ] do
                Expect.throws
                    (fun () -> strictly ((Repository.read file).Replace(right, wrong)) |> ignore)
                    $"{wrong} would be seen"
        }

        testCaseTask "give exactly the rights that are used"
        <| fun () -> task {
            let! used = used ()
            Expect.equal used granted.Value "no right more, none less"
        }

        test "name the same things everywhere" {
            let deployment = one<V1Deployment>()
            let account = (one<V1ServiceAccount>()).Metadata
            let role = (one<V1Role>()).Metadata
            let binding = one<V1RoleBinding>()
            let subject = Seq.exactlyOne binding.Subjects
            Expect.equal (subject.Name, subject.NamespaceProperty) (account.Name, account.NamespaceProperty) "who"
            Expect.equal binding.RoleRef.Name role.Name "what"
            Expect.equal deployment.Spec.Template.Spec.ServiceAccountName account.Name "the pods"

            Expect.equal
                (deployment.Spec.Selector.MatchLabels |> Seq.map (|KeyValue|) |> List.ofSeq)
                (deployment.Spec.Template.Metadata.Labels |> Seq.map (|KeyValue|) |> List.ofSeq)
                "the selector finds them"

            let leases = [
                for rule in (one<V1Role>()).Rules do
                    match rule.ResourceNames with
                    | null -> ()
                    | names -> yield! names
            ]

            Expect.equal (argument "--leader-election") $"{role.NamespaceProperty}/{List.exactlyOne leases}" "the lease"
            Expect.equal deployment.Spec.Replicas (Nullable 2) "one leads, one waits"
        }

        test "mount what the arguments name" {
            let mounts = [ for mount in container.Value.VolumeMounts -> mount.MountPath, mount.Name ]
            let volumes = (one<V1Deployment>()).Spec.Template.Spec.Volumes

            Expect.equal
                (Set [ for _, name in mounts -> name ])
                (Set [ for volume in volumes -> volume.Name ])
                "each volume"

            let config = volumes |> Seq.pick (fun volume -> volume.ConfigMap |> Option.ofObj)
            Expect.equal config.Name (one<V1ConfigMap>()).Metadata.Name "the policies"
            let known = Seq.exactlyOne (one<V1ConfigMap>()).Data.Keys
            Expect.equal container.Value.Args[1] $"/policies/{known}" "the file"
            Expect.stringStarts (argument "--store") "/data/" "the store"
            Expect.contains (List.map fst mounts) "/data" "it can be written there"

            Expect.equal
                (argument "--metrics-port")
                (string (Seq.exactlyOne container.Value.Ports).ContainerPort)
                "the port of the probe"
        }

        test "have a policy without a problem, in the namespace of its rights" {
            let policy = Seq.exactlyOne policy.Value.Policies
            Expect.equal policy.Namespace (one<V1Role>()).Metadata.NamespaceProperty "where it scales"
        }
    ]
