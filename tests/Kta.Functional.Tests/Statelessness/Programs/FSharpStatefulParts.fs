/// What the programs of FSharpStateful are made of.
module Kta.Functional.Tests.Statelessness.FSharpStatefulParts

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests.CSharp

type Monitoring = MonitorContext<Load, Demand>

let monitored (answer: Monitoring -> float) : Algorithm =
    Algorithm.For<Load, Demand>().WithMonitor(Func<Monitoring, Load>(fun ctx -> Load(answer ctx)))

let mutable moduleCount = 0
let moduleCells = ResizeArray<float>()
let moduleTable = Dictionary<string, int>()

let mutable setByOthers = 1.0
let countFromElsewhere () = setByOthers <- setByOthers + 1.0

type ICounter =
    abstract Next: unit -> int

type Holder() =
    let mutable calls = 0

    member _.Next() =
        calls <- calls + 1
        calls

    member val Total = 0 with get, set

[<Struct>]
type Cell =
    val mutable Value: int

type Remembered = { mutable Calls: int }

type CountingClass() =
    inherit AutoscalingAlgorithmMonitorUdf<Load, Demand>()
    let mutable calls = 0

    override _.Monitor _ =
        calls <- calls + 1
        Load(float calls)
