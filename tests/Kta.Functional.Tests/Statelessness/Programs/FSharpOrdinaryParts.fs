/// What the programs of FSharpOrdinary are made of.
module Kta.Functional.Tests.Statelessness.FSharpOrdinaryParts

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests.CSharp

type Monitoring = MonitorContext<Load, Demand>

let monitored (answer: Monitoring -> float) : Algorithm =
    Algorithm.For<Load, Demand>().WithMonitor(Func<Monitoring, Load>(fun ctx -> Load(answer ctx)))

type Settings = { Rate: float; Names: string list }

type Mode =
    | Fast of factor: float
    | Careful

[<Measure>]
type records

type ISmoother =
    abstract Smooth: float seq -> float

type Options() =
    member val Rate = 5.0 with get, set

type Threshold(perInstance: float, names: string array) =
    inherit AutoscalingAlgorithmMonitorUdf<Load, Demand>()
    let table = dict [ "orders", 2.0 ]
    override _.Monitor _ = Load(perInstance + float names.Length + table["orders"])

let moduleTable = [| 1.0; 2.0 |]
let moduleMap = Map.ofList [ "orders", 2.0 ]
let mutable setOnce = 3.0

let (|Long|Short|) (text: string) = if text.Length > 5 then Long else Short

let rec factorial n = if n < 2 then 1 else n * factorial (n - 1)
