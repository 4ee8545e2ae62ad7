module Kta.Functional.Operator.Tests.Scaling.RecommendingTests

open System
open System.Collections.Generic
open System.Threading
open Expecto
open Kta.Functional
open Kta.Functional.Operator

let private node: TopologyNode = TopologyNode.Deployment "orders"

let tests =
    testList "A driver that only recommends" [
        testTask "tells what it would do, and that nothing was sent" {
            let decision = Decision("default/orders", "1", DateTimeOffset.UnixEpoch, Dictionary(dict [ node, 3 ]))
            let! (result: ScalingResult) = RecommendingDriver().ScaleAsync(decision, CancellationToken.None)
            Expect.equal (List.ofSeq result.Nodes) [ NodeScaling(node, Nullable(), 3, ScalingOutcome.Recommended) ] "it"
            Expect.isTrue result.IsComplete "no failure"
        }
    ]
