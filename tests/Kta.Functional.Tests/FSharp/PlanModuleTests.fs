module Kta.Functional.Tests.FSharp.PlanModuleTests

open System.Collections.Generic
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.Loads

let private fourAndTwo = two |> Plan.forEach (fun node -> if node = orders then 4 else 2)

let private atLeastOne =
    "It has to be at least 1: KTA cannot scale to zero, and the operator would turn this into the policy's minimum. Parallelism.Of(number).AtLeast(1) raises the number for a rate of 0, and refuses NaN, of which a cast makes 0."

let private making =
    testList "makes" [
        test "the same plan of a function, pairs, a dictionary, a map and another plan" {
            let target = TopologyNode.Deployment "orders"

            for plan in
                [
                    Plan.ofSeq [ orders, 4; payments, 2 ]
                    Plan.ofSeq [ target, 4; TopologyNode.Deployment "payments", 2 ]
                    Plan.ofSeq (Map [ orders, 4; payments, 2 ] |> Map.toSeq)
                    Plan.ofDict (dict [ orders, 4; payments, 2 ])
                    Plan.ofDict (Dictionary fourAndTwo)
                    Plan.ofDict fourAndTwo
                    Plan.ofMap (Map [ payments, 2; orders, 4 ])
                    fourAndTwo |> Plan.toList |> Plan.ofSeq
                    fourAndTwo |> Plan.toMap |> Plan.ofMap
                ] do
                Expect.equal plan fourAndTwo "4 and 2"
        }

        test "one number for a topology of one node" {
            Expect.equal (Plan.single 4) (Kta.Functional.Plan.Single 4) "the same as in C#"
        }

        test "nothing that asks for less than 1, and the message names the node" {
            for make in
                [
                    fun () -> two |> Plan.forEach (fun node -> if node = payments then 0 else 1)
                    fun () -> Plan.ofSeq [ payments, 0 ]
                    fun () -> Plan.ofDict (dict [ payments, 0 ])
                    fun () -> Plan.ofMap (Map [ payments, 0 ])
                    fun () -> fourAndTwo |> Plan.map (fun parallelism -> parallelism - 2)
                ] do
                Expect.equal
                    (thrownBy<UdfResultException>(fun () -> make () |> ignore))
                    $"A plan asks for parallelism 0 of Deployment/payments. {atLeastOne}"
                    "the whole message"

            for make in [ (fun () -> Plan.single 0); (fun () -> Plan.single 4 |> Plan.map (fun _ -> 0)) ] do
                Expect.equal
                    (thrownBy<UdfResultException>(fun () -> make () |> ignore))
                    $"A plan asks for parallelism 0. {atLeastOne}"
                    "the whole message"
        }

        test "nothing that names a node twice" {
            Expect.equal
                (thrownBy<UdfResultException>(fun () -> Plan.ofSeq [ orders, 1; orders, 2 ] |> ignore))
                "A plan names Deployment/orders twice. Give each node one parallelism."
                "the whole message"
        }
    ]

let private reading =
    testList "reads" [
        test "a node, if the plan names it" {
            Expect.equal (fourAndTwo |> Plan.tryFind payments) (Some 2) "named"
            Expect.equal (fourAndTwo |> Plan.tryFind audit) None "not named"
            Expect.equal (Plan.single 4 |> Plan.tryFind orders) None "one number names no node"
        }

        test "all nodes, in order as a list and sorted as a map" {
            let plan = Plan.ofSeq [ payments, 2; orders, 4 ]
            Expect.equal (Plan.toList plan) [ payments, 2; orders, 4 ] "the order of the plan"
            Expect.equal (plan |> Plan.toMap |> Map.toList) [ orders, 4; payments, 2 ] "the order of the keys"
            Expect.isEmpty (Plan.toList (Plan.single 4)) "one number names no node"
            Expect.isEmpty (Plan.toMap (Plan.single 4)) "one number names no node"
        }

        test "and changes every parallelism" {
            let plan = fourAndTwo |> Plan.map (min 3)
            Expect.equal (Plan.toList plan) [ orders, 3; payments, 2 ] "at most 3"
            Expect.equal (Plan.single 4 |> Plan.map (min 3)) (Plan.single 3) "one number too"
        }
    ]

type Lags = {
    PerNode: Map<TopologyNode, int>
    Late: Set<TopologyNode>
}

let private nodes =
    testList "Nodes" [
        test "are taken apart by a pattern that is complete" {
            let kind node =
                match node with
                | ScaleTarget("Deployment", "orders") -> "the orders"
                | ScaleTarget(kind, name) -> $"the {kind} {name}"
                | FlinkVertex id -> $"the vertex {id}"

            Expect.equal
                [ for node in [ orders; payments; vertex "a1b2" ] -> kind node ]
                [ "the orders"; "the Deployment payments"; "the vertex a1b2" ]
                "kind, name and id"
        }

        test "are elements of sets and keys of maps" {
            Expect.equal (Set [ payments; orders; payments ] |> Set.toList) [ orders; payments ] "each once, sorted"
            Expect.equal (Map [ orders, 1; orders, 2 ] |> Map.tryFind orders) (Some 2) "the last one"
            Expect.isTrue (Set.ofSeq two = Set.ofSeq (Topology.Of(payments, orders))) "the same nodes in any order"
        }

        test "of both kinds are in one order" {
            let sorted = [ payments; vertex "b"; orders; vertex "a" ] |> List.sort
            Expect.equal sorted [ vertex "a"; vertex "b"; orders; payments ] "by key"
        }

        testCaseTask "go through the loop in maps and sets, and make a plan"
        <| fun () -> task {
            let lagging = algorithm {
                monitor (fun ctx -> {
                    PerNode = Map [ for node in ctx.Topology -> node, if node = orders then 2_500 else 0 ]
                    Late = Set [ orders ]
                })

                analyze (fun ctx -> {|
                    Late =
                        ctx.MonitorResult.PerNode
                        |> Map.filter (fun _ lag -> lag > 0)
                        |> Map.keys
                        |> Set
                    Agreed = ctx.MonitorResult.Late
                |})

                plan (fun ctx ->
                    if ctx.AnalyzeResult.Late = ctx.AnalyzeResult.Agreed then
                        ctx.MonitorResult.PerNode
                        |> Map.map (fun node lag -> 1 + lag / 1_000)
                        |> Plan.ofMap
                    else
                        Plan.single 9)
            }

            let! run = turn 1 lagging
            Expect.equal (decisions run) [ [ 3; 1 ] ] "2,500 late records are two instances more"
        }
    ]

let tests = testList "F# plans and nodes" [ testList "The Plan module" [ making; reading ]; nodes ]
