/// From computed numbers to a parallelism.
module Kta.Functional.Tests.Model.ParallelismTests

open System
open Expecto
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Generators

module InFSharp = Kta.Functional.FSharp.Parallelism
module PlanInFSharp = Kta.Functional.FSharp.Plan

let private two = Topology.Of(orders, payments)

let private rejected = [
    nan, "NaN", "Look for a division by zero, for example by a rate that was not measured."
    infinity, "Infinity", "Look for a division by zero, for example by a rate that was not measured."
    -infinity, "-Infinity", "Look for a division by zero, for example by a rate that was not measured."
    2147483646.5, "2147483646.5", "Look for a divisor that is nearly zero."
    -1e300, "-1E+300", "Look for a divisor that is nearly zero."
]

let private message shown advice =
    $"A parallelism was computed as {shown}, which no number of instances can be. {advice}"

let tests =
    testList "A parallelism" [
        test "is the whole number of instances that is enough" {
            for instances, expected in
                [ 2.0, 2; 2.1, 3; 0.0, 0; -0.5, 0; -3.5, -3; 2147483646.0, Int32.MaxValue - 1; 1e-300, 1 ] do
                Expect.equal (Parallelism.Of instances) expected $"{instances}"
                Expect.equal (InFSharp.ofFloat instances) expected "the same in F#"
        }

        test "is raised and lowered to what a policy allows, also for a rate of 0" {
            Expect.equal (Parallelism.Of(0.0 / 5_000.0).AtLeast(1)) 1 "one instance waits"
            Expect.equal (Parallelism.Of(1e6).AtLeast(1).AtMost(32)) 32 "at most"
            Expect.equal (7.3 |> InFSharp.ofFloat |> InFSharp.atLeast 1 |> InFSharp.atMost 32) 8 "in between"
        }

        for instances, shown, advice in rejected do
            test $"is never computed as {shown}, and a plan names the node" {
                Expect.equal
                    (thrownBy<UdfResultException>(fun () -> Parallelism.Of instances |> ignore))
                    (message shown advice)
                    "by itself"

                let of' (node: TopologyNode) = if node = payments then instances else 1.0

                for make in
                    [
                        fun () -> Plan.ForEach(two, (fun node -> Parallelism.Of(of' node).AtLeast(1)))
                        fun () -> two |> PlanInFSharp.forEach (of' >> InFSharp.ofFloat >> InFSharp.atLeast 1)
                    ] do
                    Expect.equal
                        (thrownBy<UdfResultException>(make >> ignore))
                        $"Deployment/payments: {message shown advice}"
                        "in a plan"
            }

        property
            "is planned for every finite number within 32 bits, and for no other"
            1000
            (Gen.oneof [ finite; Gen.elements [ nan; infinity; -infinity; 0.0; 2147483646.0; 2147483647.0 ] ])
            (fun instances ->
                let planned =
                    try
                        let plan = Plan.ForEach(two, (fun _ -> Parallelism.Of(instances).AtLeast(1)))
                        Some plan[orders]
                    with :? UdfResultException ->
                        None

                let fits = instances > -2147483648.0 && instances <= 2147483646.0
                Expect.equal planned (if fits then Some(max 1 (int (ceil instances))) else None) $"{instances}")
    ]
