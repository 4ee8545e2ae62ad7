module Autoscaler1.Tests

open System
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Autoscaler1.Scaling

let private orders = TopologyNode.Deployment "orders"
let private topology = Topology.Of orders

let tests =
    testList "Scaling" [
        for instances, expected in [ 2.1, 3; 0.0, 1 ] do
            test $"plans {expected} if {instances} are needed" {
                Expect.equal (decide topology { Instances = instances }) (Plan.ofSeq [ orders, expected ]) "the plan"
            }

        testTask "follows the load of a day" {
            let day = LocalOperatorOptions(Clock = VirtualClock(), Interval = TimeSpan.FromHours 4.0)
            let! (run: LocalRun) = LocalOperator.RunAsync(autoscaler, topology, iterations = 6, options = day)
            Expect.equal [ for plan in run.Decisions -> plan[orders] ] [ 2; 5; 12; 15; 12; 5 ] "up and down"
        }
    ]

[<EntryPoint>]
let main args = runTestsWithCLIArgs [] args tests
