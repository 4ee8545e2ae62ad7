module Kta.Functional.Tests.Testing.PlanExpectationTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Testing
open Kta.Functional.Tests.Calls

let private planned =
    Plan.Of(struct (orders, 4), struct (payments, 2)).Because(orders, "busy 90 %").Because(orders, "so 4 instances")

let private unmet (expectation: unit -> Plan) =
    thrownBy<ExpectationException>(fun () -> expectation () |> ignore).ReplaceLineEndings "\n"

let tests =
    testList "Expectations of a plan" [
        test "what is so answers the plan again" {
            Expect.equal (planned.Expect(struct (payments, 2), struct (orders, 4)).ExpectWithin(2, 4)) planned "chained"

            Expect.equal
                (Plan.ofSeq [ orders, 3; payments, 3 ])
                (Plan.ofSeq([ orders, 3; payments, 3 ]).Expect 3)
                "every node"

            Expect.equal (Plan.Single(3).Expect(Plan.ofSeq [ orders, 3 ])) (Plan.Single 3) "the only node"
            Expect.equal (Plan.Single(3).Expect(3).ExpectWithin(3, 3)) (Plan.Single 3) "one number"
        }

        test "another number fails with node, what was expected, what it has, and why" {
            Expect.equal
                (unmet (fun () -> planned.Expect(struct (orders, 3), struct (payments, 2))))
                "The plan is not as expected:\n  Deployment/orders: expected 3, got 4\n    busy 90 %\n    so 4 instances"
                "one of two"

            Expect.equal
                (unmet (fun () -> planned.Expect 2))
                "The plan is not as expected:\n  Deployment/orders: expected 2, got 4\n    busy 90 %\n    so 4 instances"
                "every node"
        }

        test "a node that is missing and one that is not expected fail" {
            Expect.equal
                (unmet (fun () -> planned.Expect(Plan.ofSeq [ orders, 4; audit, 1 ])))
                "The plan is not as expected:\n  Deployment/audit: expected 1, got no entry\n  Deployment/payments: expected no entry, got 2"
                "both"
        }

        test "a single plan fails by the name of the node, or without one" {
            Expect.equal
                (unmet (fun () -> Plan.Single(2).Expect(struct (orders, 3))))
                "The plan is not as expected:\n  Deployment/orders: expected 3, got 2"
                "the node"

            Expect.equal
                (unmet (fun () -> Plan.Single(2).Expect 3))
                "The plan is not as expected:\n  the only node: expected 3, got 2"
                "whichever"

            Expect.equal
                (unmet (fun () -> Plan.Single(2).Expect(struct (orders, 2), struct (payments, 2))))
                "The plan is not as expected:\n  Deployment/orders: expected 2, got no entry\n  Deployment/payments: expected 2, got no entry\n  the only node: expected no entry, got 2"
                "for two"
        }

        test "a plan beyond limits fails with the limits, below and above" {
            Expect.equal
                (unmet (fun () -> planned.ExpectWithin(3, 8)))
                "The plan is not as expected:\n  Deployment/payments: expected 3 to 8, got 2"
                "below"

            Expect.equal
                (unmet (fun () -> planned.ExpectWithin(1, 3)))
                "The plan is not as expected:\n  Deployment/orders: expected 1 to 3, got 4\n    busy 90 %\n    so 4 instances"
                "above"

            Expect.stringContains
                (thrownBy<ArgumentOutOfRangeException>(fun () -> planned.ExpectWithin(3, 2) |> ignore))
                "max"
                "limits the wrong way around"
        }
    ]
