/// Measurements that no monitor should answer, and some do.
module Kta.Functional.Tests.Algorithms.Garbage

open System
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Tests.Algorithms.Loops

let number: Gen<float> =
    Gen.frequency [
        3, Gen.choose (0, 100_000) |> Gen.map float
        2, Gen.choose (0, 1000) |> Gen.map (fun n -> float n / 1000.)
        1, Gen.elements [ nan; infinity; -infinity; 1e300; -1e300; 1e15; -1.; 0.; -0.; Double.Epsilon; 1e-300; 1.3 ]
    ]

let private numbers = gen {
    let! values = Gen.listOfLength 12 number
    let! there = Gen.listOfLength 12 (Gen.elements [ true; true; true; false ])

    return
        Seq.zip3 (Enum.GetValues<Quantity>()) values there
        |> Seq.fold
            (fun (all: NodeMeasurements) (quantity, value, isThere) ->
                if isThere then
                    all.With(quantity, Reading.op_Implicit value)
                else
                    all)
            NodeMeasurements.Nothing
}

let measurements: Gen<Measurements> = gen {
    let! all = Gen.listOfLength 3 numbers
    let! known = Gen.listOfLength 3 (Gen.elements [ true; true; true; false ])
    let! age = Gen.elements [ 0.; 0.; 0.; 1000. ]

    let pairs = [|
        for node, numbers, isKnown in Seq.zip3 chain all known do
            if isKnown then
                struct (node, numbers)
    |]

    return Measurements.Of(pairs).From("garbage", TimeSpan.FromSeconds age)
}
