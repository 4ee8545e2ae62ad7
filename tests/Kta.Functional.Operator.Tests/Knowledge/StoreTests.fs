module Kta.Functional.Operator.Tests.Knowledge.StoreTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Operator
open Kta.Functional.Simulation
open Kta.Functional.Operator.Tests.Knowledge.Stored

let private payments: TopologyNode = TopologyNode.Deployment "payments"

/// Decides with reasons, is held back, and lacks data.
let private decided () : Task<Iteration list> = task {
    let rule =
        Rule.Of(
            "growing",
            fun _ ctx ->
                let next = Seq.length ctx.History + 2
                let plan = Plan.ForEach(ctx.Topology, fun _ -> next)

                plan
                    .Because(orders, $"growing: {next} wanted, \"é\" and 日")
                    .ForLackOfData(payments, "growing: the rate is missing")
        )

    let algorithm =
        Autoscaler.Create(
            (fun (_: MonitorContext<Measurements, Proposals>) -> Measurements.Nothing),
            rule,
            Strategy.Cooldown(TimeSpan.FromMinutes 2.0)
        )

    let! (run: LocalRun) = LocalOperator.RunAsync(algorithm, Topology.Of(orders, payments), 6)
    return List.ofSeq run.Iterations
}

let private told (why: Explanation | null) =
    match why with
    | null -> []
    | why -> [
        for node in why.Nodes ->
            node.Node,
            node.Current,
            node.Planned,
            node.IsHeldBack,
            node.LacksData,
            [ for reason in node.Reasons -> string reason ]
      ]

let tests =
    testList "The knowledge store" [
        test "gives back what was added, newest first, to the byte" {
            use folder = new Folder()
            use store = open' folder.Store

            for n in 1..5 do
                store.Add("default/orders", iteration n, null)

            Expect.equal
                [ for one in store.History("default/orders", 3) -> text one ]
                [ for n in [ 5; 4; 3 ] -> text (iteration n) ]
                "the newest three"

            Expect.equal (ids (store.History("default/orders", Int32.MaxValue))).Length 5 "all"
            Expect.isEmpty (store.History("default/other", 3)) "nothing of a policy that has nothing"
        }

        test "keeps what was stored when it is opened again" {
            use folder = new Folder()

            for n in 1..3 do
                use store = open' folder.Store
                store.Add("p", iteration n, null)
                store.Complete("p", $"it-{n}", ScalingResult([], []))

            use store = open' folder.Store
            Expect.equal (ids (store.History("p", 9))) [ "it-3"; "it-2"; "it-1" ] "all of it"
            Expect.all (store.Read "p") (fun one -> not (isNull one.Scaling)) "with what scaling came to"
        }

        test "keeps one history for each policy, and bounds each by itself" {
            use folder = new Folder()
            use store = openWith 3 folder.Store

            for n in 1..10 do
                store.Add("a", iteration n, null)

                if n <= 2 then
                    store.Add("b", iteration (100 + n), null)
                    store.AddFailure("b", second n, "monitor: unreachable")

                store.AddFailure("a", second n, $"failed {n}")
                store.AddRescale("a", Rescale(second n, TimeSpan.FromSeconds 30.0))
                store.AddSettings("a", second n, $$"""{"n":{{n}}}""")

            Expect.equal (ids (store.History("a", 99))) [ "it-10"; "it-9"; "it-8" ] "the newest three of a"
            Expect.equal (ids (store.History("b", 99))) [ "it-102"; "it-101" ] "both of b"

            Expect.equal
                [ for one in store.Failures "a" -> one.Problem ]
                [ "failed 8"; "failed 9"; "failed 10" ]
                "failures"

            Expect.hasLength (store.Failures "b") 2 "of b"
            Expect.hasLength (store.Rescales("a", 99)) 3 "rescales"
            Expect.hasLength (store.Settings "a") 3 "settings"
            Expect.equal (List.ofSeq store.Policies) [ "a"; "b" ] "the policies"
        }

        testCaseTask "gives back why it was decided, and what scaling came to"
        <| fun () -> task {
            let! (iterations: Iteration list) = decided ()
            use folder = new Folder()
            use store = open' folder.Store

            let result =
                ScalingResult(
                    [|
                        NodeScaling(orders, Nullable 2, 3, ScalingOutcome.Sent)
                        NodeScaling(
                            map,
                            Nullable(),
                            3,
                            ScalingOutcome.Failed,
                            "403: allow patch on deployments/scale\nfor \"kta\""
                        )
                    |],
                    [| "2 task managers were added" |]
                )

            for one in iterations do
                store.Add("p", finished one, one.Explanation)

            store.Complete("p", iterations[1].Id, result)
            let read = List.ofSeq (store.Read "p")

            Expect.equal
                [ for one in read -> told one.Explanation ]
                [ for one in iterations -> told one.Explanation ]
                "why"

            Expect.isTrue
                (read
                 |> List.collect (fun one -> told one.Explanation)
                 |> List.exists (fun (_, _, _, isHeldBack, _, _) -> isHeldBack))
                "one is held back"

            let scaled = nonNull read[1].Scaling
            Expect.equal (List.ofSeq scaled.Nodes) (List.ofSeq result.Nodes) "scaling of each node"
            Expect.equal (List.ofSeq scaled.Notes) (List.ofSeq result.Notes) "notes"
            Expect.isNull read[2].Scaling "not known yet"
            Expect.equal read[1].Parallelism[orders] iterations[1].Parallelism[orders] "what was applied"
        }

        test "reads a stretch of time, its ends included" {
            use folder = new Folder()
            use store = open' folder.Store

            for n in 1..6 do
                store.Add("p", iteration n, null)
                store.AddFailure("p", second n, string n)
                store.AddRescale("p", Rescale(second n, TimeSpan.FromMilliseconds 1500.0))

            let of' (found: seq<StoredIteration>) = [ for one in found -> one.Id ]
            Expect.equal (of' (store.Read("p", second 2, second 4))) [ "it-2"; "it-3"; "it-4" ] "iterations"
            Expect.equal (of' (store.Read("p", second 5))) [ "it-5"; "it-6" ] "from"
            Expect.equal (of' (store.Read("p", Nullable(), second 1))) [ "it-1" ] "to"
            Expect.equal [ for one in store.Failures("p", second 2, second 3) -> one.Problem ] [ "2"; "3" ] "failures"

            Expect.equal
                (List.ofSeq (store.Rescales("p", second 3, second 3)))
                [ Rescale(second 3, TimeSpan.FromMilliseconds 1500.0) ]
                "rescales"

            Expect.equal [ for one in store.Rescales("p", 2) -> one.StartedAt ] [ second 6; second 5 ] "newest first"
        }

        test "stores settings only when they differ from the newest" {
            use folder = new Folder()
            use store = open' folder.Store

            for n, json in List.indexed [ "{}"; "{}"; """{"a":1}"""; """{"a":1}"""; "{}" ] do
                store.AddSettings("p", second n, json)

            store.AddSettings("q", second 9, "{}")

            Expect.equal
                [ for one in store.Settings "p" -> one.At, one.Json ]
                [ second 0, "{}"; second 2, """{"a":1}"""; second 4, "{}" ]
                "three changes"

            Expect.hasLength (store.Settings "q") 1 "each policy has its own"
        }

        test "orders by when it was told, whatever the clock says" {
            use folder = new Folder()
            use store = open' folder.Store

            for n in [ 5; 2; 9 ] do
                store.Add("p", iteration n, null)

            Expect.equal (ids (store.History("p", 9))) [ "it-9"; "it-2"; "it-5" ] "history"
        }

        test "refuses to complete what was never added, and keeps the rest" {
            use folder = new Folder()
            use store = open' folder.Store
            store.Add("p", iteration 1, null)

            Expect.throwsC (fun () -> store.Complete("p", "it-2", ScalingResult([], []))) (fun error ->
                Expect.stringContains error.Message "no iteration it-2 of p" "which one")

            Expect.hasLength (store.History("p", 9)) 1 "the rest"
        }

        test "completes the newest of several iterations with one id" {
            use folder = new Folder()
            use store = open' folder.Store
            store.Add("p", iteration 1, null)
            store.Add("p", iteration 1, null)
            store.Complete("p", "it-1", ScalingResult([], [ "second" ]))
            Expect.equal [ for one in store.Read "p" -> isNull one.Scaling ] [ true; false ] "the newest"
        }

        test "is read while another one writes" {
            use folder = new Folder()
            use writing = open' folder.Store
            writing.Add("p", iteration 1, null)
            use reading = KnowledgeStore.OpenForReading folder.Store
            Expect.equal (ids (reading.History("p", 9))) [ "it-1" ] "what is there"
            writing.Add("p", iteration 2, null)
            Expect.equal (ids (reading.History("p", 9))) [ "it-2"; "it-1" ] "and what is added"

            Expect.throwsT<KnowledgeStoreException>
                (fun () -> reading.Add("p", iteration 3, null))
                "but it does not write itself"
        }

        test "takes calls of several threads" {
            use folder = new Folder()
            use store = open' folder.Store

            Parallel.For(
                0,
                8,
                fun thread ->
                    for n in 1..10 do
                        store.Add($"p{thread}", iteration n, null)
                        store.Complete($"p{thread}", $"it-{n}", ScalingResult([], []))
                        store.History($"p{thread}", 3) |> ignore
            )
            |> ignore

            for thread in 0..7 do
                Expect.equal (ids (store.History($"p{thread}", 99))) [ for n in 10..-1..1 -> $"it-{n}" ] "each in order"
        }
    ]
