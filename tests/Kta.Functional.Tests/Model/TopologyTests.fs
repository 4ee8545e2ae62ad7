module Kta.Functional.Tests.Model.TopologyTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let tests =
    testSequenced (
        testList "A topology" [
            test "keeps the order of the policy" {
                let topology = Topology.Of(payments, orders)
                Expect.equal (List.ofSeq topology) [ payments; orders ] "in order"
                Expect.equal (topology[0], topology[1], topology.Count) (payments, orders, 2) "by position"
                Expect.equal (string topology) "Deployment/payments, Deployment/orders" "in logs"
            }

            test "does not change when the list it was made of changes" {
                let nodes = ResizeArray [ orders ]
                let topology = Topology nodes
                nodes.Add payments
                Expect.equal topology.Count 1 "its own copy"
            }

            test "compares by value, order included" {
                Expect.equal (Topology.Of(orders, payments)) (Topology [ orders; payments ]) "equal"
                Expect.equal (hash (Topology.Of orders)) (hash (Topology.Of orders)) "with equal hash codes"
                Expect.notEqual (Topology.Of(orders, payments)) (Topology.Of(payments, orders)) "order counts"
                Expect.notEqual (Topology.Of orders) (Topology.Of(orders, payments)) "length counts"
            }

            test "knows its nodes" {
                let topology = Topology.Of(orders, payments)
                Expect.isTrue (topology.Contains(deployment "orders")) "an equal node"
                Expect.isFalse (topology.Contains audit) "another node"
            }

            test "is a collection expression in C#" {
                Expect.equal Topologies.OfTwo (Topology.Of(orders, payments)) "of elements"
                Expect.equal Topologies.OfThree (Topology.Of(orders, payments, audit)) "with a spread"
            }

            for what, make, expected in
                [
                    "no node",
                    (fun () -> Topology.Of() |> ignore),
                    "A topology has at least one node, none was given. (Parameter 'nodes')"
                    "an empty collection expression",
                    (fun () -> Topologies.OfNone() |> ignore),
                    "A topology has at least one node, none was given. (Parameter 'nodes')"
                    "a null",
                    (fun () -> Topology.Of(orders, Unchecked.defaultof<TopologyNode>) |> ignore),
                    "Node 1 of the topology is null. (Parameter 'nodes')"
                    "a node that occurs twice",
                    (fun () -> Topology.Of(orders, payments, deployment "orders") |> ignore),
                    "Node 2 of the topology, Deployment/orders, occurs twice. (Parameter 'nodes')"
                ] do
                test $"refuses {what}" { Expect.equal (thrownBy<ArgumentException> make) expected "the whole message" }

            for position in [ -1; 2; Int32.MaxValue ] do
                test $"has no node at position {position}" {
                    Expect.equal
                        (thrownBy<ArgumentOutOfRangeException>(fun () -> Topologies.OfTwo[position] |> ignore))
                        $"The topology has 2 node(s), positions start at 0. (Parameter 'index')\nActual value was {position}."
                        "the whole message"
                }
        ]
    )
