// dotnet fsi tests.fsx: a day of decisions, without a cluster, and what is expected of them.
#load "scaling.fsx"

open System
open Kta.Functional
open Kta.Functional.Simulation

let orders = TopologyNode.Deployment "orders"
let day = LocalOperatorOptions(Clock = VirtualClock(), Interval = TimeSpan.FromHours 4.0)

let run =
    LocalOperator.RunAsync(Scaling.autoscaler, Topology.Of orders, iterations = 6, options = day).Result

printf $"{run.ToTable()}"

let decided = [ for plan in run.Decisions -> plan[orders] ]
let expected = [ 2; 5; 12; 15; 12; 5 ]

if decided <> expected then
    eprintfn $"Expected %A{expected}, but it decided %A{decided}."
    exit 1
