module Kta.Functional.Tests.Model.PlanTests

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let private two = Topology.Of(orders, payments)

let private atLeastOne =
    "It has to be at least 1: KTA cannot scale to zero, and the operator would turn this into the policy's minimum. Parallelism.Of(number).AtLeast(1) raises the number for a rate of 0, and refuses NaN, of which a cast makes 0."

let private making =
    testList "is made" [
        test "for each node by asking a function once per node, in order" {
            let asked = ResizeArray()

            let plan =
                Plan.ForEach(
                    two,
                    fun node ->
                        asked.Add node
                        asked.Count
                )

            Expect.equal (List.ofSeq asked) [ orders; payments ] "once per node"
            Expect.equal (plan[orders], plan[payments]) (1, 2) "what the function gave"
        }

        test "of one number for a topology of one node" {
            let plan = Plan.Single 4
            Expect.equal (plan.SingleParallelism, plan.Count) (Nullable 4, 0) "no node is named yet"
        }

        test "the same from tuples, a dictionary, a query and a function" {
            let expected = Plan.ForEach(two, (fun node -> if node = orders then 4 else 2))

            for plan in [ Topologies.Tuples; Topologies.Dictionary; Topologies.Query; Topologies.Function ] do
                Expect.equal plan expected "the same plan"
        }

        test "with the largest number there is" {
            let plan = Plan.ForEach(two, (fun _ -> Int32.MaxValue - 1))
            Expect.equal plan[orders] (Int32.MaxValue - 1) "kept"
        }

        test "never with what a cast makes of infinity, and the message names the node" {
            let broken = int (ceil (12_000.0 / 0.0))

            let likely =
                "A cast makes that of a double that is infinite or too large: look for a division by zero. Parallelism.Of(number) in place of the cast refuses such numbers."

            for make in
                [
                    fun () -> Plan.ForEach(two, (fun node -> if node = payments then broken else 1))
                    fun () -> Plan.Of(struct (orders, 1), struct (payments, broken))
                ] do
                Expect.equal
                    (thrownBy<UdfResultException>(make >> ignore))
                    $"A plan asks for parallelism 2147483647 of Deployment/payments. {likely}"
                    "the whole message"

            Expect.equal
                (thrownBy<UdfResultException>(fun () -> Plan.Single broken |> ignore))
                $"A plan asks for parallelism 2147483647. {likely}"
                "without a node"
        }

        for number in [ 0; -1; Int32.MinValue ] do
            test $"never with {number}, and the message names the node" {
                Expect.equal
                    (thrownBy<UdfResultException>(fun () ->
                        Plan.ForEach(two, (fun node -> if node = payments then number else 1)) |> ignore))
                    $"A plan asks for parallelism %d{number} of Deployment/payments. {atLeastOne}"
                    "the whole message"

                Expect.equal
                    (thrownBy<UdfResultException>(fun () -> Plan.Single number |> ignore))
                    $"A plan asks for parallelism %d{number}. {atLeastOne}"
                    "without a node"
            }

        test "never with a node twice" {
            Expect.equal
                (thrownBy<UdfResultException>(fun () ->
                    Plan.Of(struct (orders, 1), struct (deployment "orders", 2)) |> ignore))
                "A plan names Deployment/orders twice. Give each node one parallelism."
                "the whole message"
        }

        test "never with a node that is null" {
            Expect.equal
                (thrownBy<UdfResultException>(fun () ->
                    Plan.Of(struct (Unchecked.defaultof<TopologyNode>, 1)) |> ignore))
                "A plan names a node that is null. Take the nodes from ctx.Topology."
                "the whole message"
        }
    ]

let private reading =
    let plan = Plan.Of(struct (orders, 4), struct (payments, 2))

    testList "is read" [
        test "as a dictionary" {
            Expect.equal (plan[orders], plan.Count, plan.ContainsKey payments) (4, 2, true) "by node"
            Expect.equal (List.ofSeq plan.Keys, List.ofSeq plan.Values) ([ orders; payments ], [ 4; 2 ]) "all of it"
            Expect.equal (plan.TryGetValue audit) (false, 0) "a node it does not name"
        }

        test "in logs" {
            Expect.equal (string plan) "Deployment/orders: 4, Deployment/payments: 2" "per node"
            Expect.equal (string (Plan.Single 3)) "3" "of one number"
        }

        test "a node it does not name is an error that says which ones it names" {
            Expect.equal
                (thrownBy<KeyNotFoundException>(fun () -> plan[audit] |> ignore))
                "The plan does not name Deployment/audit; it names: Deployment/orders, Deployment/payments."
                "the whole message"

            Expect.equal
                (thrownBy<KeyNotFoundException>(fun () -> (Plan.Single 1)[audit] |> ignore))
                "The plan does not name Deployment/audit; it names: nothing."
                "of one number"
        }

        test "as equal to another, whatever the order" {
            let other = Plan.Of(struct (payments, 2), struct (orders, 4))
            Expect.equal plan other "equal"
            Expect.equal (hash plan) (hash other) "with equal hash codes"
            Expect.notEqual plan (Plan.Of(struct (orders, 4), struct (payments, 3))) "another number"
            Expect.notEqual plan (Plan.Of(struct (orders, 4), struct (audit, 2))) "another node"
            Expect.notEqual plan (Plan.Of(struct (orders, 4))) "a node less"
            Expect.notEqual (Plan.Single 1) (Plan.Single 2) "another single number"
        }
    ]

let private answering =
    let planned (plan: Plan) : Untyped = Algorithm.CreatePlan<JsonObject>(fun _ -> plan)

    let request names = Requests.ofNodes names "{}" "{}" "[]"

    testList "as the answer of the step" [
        test "of one number names the only node" {
            Expect.equal
                (answer (planned (Plan.Single 3)) Step.Plan (request [ "orders" ]))
                (planText [ "orders" ] 3)
                "the operator always gets a map"
        }

        test "of one number is refused for two nodes" {
            Expect.equal
                (refusal 500 (planned (Plan.Single 3)) Step.Plan (request [ "orders"; "payments" ]))
                "plan failed: plan answered one parallelism (3) for a topology of 2 nodes: Deployment/orders, Deployment/payments. Use Plan.ForEach(ctx.Topology, node => …) or Plan.Of with an entry for every node."
                "the whole message"
        }

        for what, plan, difference in
            [
                "a node is missing", Plan.Of(struct (orders, 1)), "Missing: Deployment/payments."
                "a node is foreign",
                Plan.Of(struct (orders, 1), struct (payments, 1), struct (audit, 1)),
                "Not in the topology: Deployment/audit."
                "a node is another one",
                Plan.Of(struct (orders, 1), struct (audit, 1)),
                "Missing: Deployment/payments. Not in the topology: Deployment/audit."
                "it is empty", Plan.Of [], "Missing: Deployment/orders, Deployment/payments."
            ] do
            test $"is refused if {what}" {
                Expect.equal
                    (refusal 500 (planned plan) Step.Plan (request [ "orders"; "payments" ]))
                    $"plan failed: plan does not fit the topology. {difference} Expected exactly one entry for each of: Deployment/orders, Deployment/payments. Plan.ForEach(ctx.Topology, node => …) gives that."
                    "the whole message"
            }
    ]

let tests = testSequenced (testList "A plan" [ making; reading; answering ])
