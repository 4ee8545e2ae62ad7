module Kta.Functional.Tests.Algorithms.PreparationPropertyTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.PreparationMemories
open Kta.Functional.Tests.Algorithms.RuleLoops

let private together = "all of them"

let private kinds
    : (string *
      (unit -> ScalingRule) *
      (unit -> Remembering) *
      (unit -> DateTimeOffset -> Prepared -> int list -> int list)) list = [
    "smooth", (fun () -> hundred.Prepared(Preparation.Smooth(seconds 20))), (fun () -> smooth (seconds 20)), hundredOf
    "warm-up",
    (fun () -> hundred.Prepared(Preparation.WarmUp(seconds 100))),
    (fun () -> warmUp (seconds 100)),
    hundredOf
    "catch-up",
    (fun () -> hundred.Prepared(Preparation.CatchUp(seconds 60))),
    (fun () -> catchUp (seconds 60)),
    hundredOf
    "smooth before a rule with a window",
    (fun () -> patient.Prepared(Preparation.Smooth(seconds 15))),
    (fun () -> smooth (seconds 15)),
    patientOf
    together,
    (fun () ->
        hundred.Prepared(
            Preparation.CatchUp(seconds 60),
            Preparation.Smooth(seconds 10),
            Preparation.WarmUp(seconds 70)
        )),
    (fun () -> chained [ catchUp (seconds 60); smooth (seconds 10); warmUp (seconds 70) ]),
    hundredOf
]

let private loop algorithm = run algorithm [ 8; 8; 8 ] _.After measured

let private describe (ticks: Tick list) at = ticks |> List.truncate (at + 1) |> sprintf "%A"

let private losses (history: Entry list) = [
    for kept in [ 0; 1; 2; 5 ] do
        if kept < history.Length then
            List.truncate kept history
            List.truncate kept history @ foreign[0] :: List.skip kept history
]

let private neverGoesDown (name: string) (rule: unit -> ScalingRule) =
    Generators.property
        $"{name}: never goes down because something is not known"
        300
        (Gen.zip ticks (Gen.choose (0, 19)))
        (fun (ticks, at) ->
            let algorithm = Autoscaler.Create(rule ())
            let at = min at (ticks.Length - 1)
            let iteration = (loop algorithm ticks)[at]

            for history in losses iteration.History do
                // Without a history somebody has to say how many there are.
                let now = measured ticks[at] true iteration.Current
                let plan = decide algorithm iteration.Time now history

                for count, less, whole in List.zip3 iteration.Current plan iteration.Decided do
                    if less < count && whole >= count then
                        failtest $"{count} to {less} with {history.Length} entries after {describe ticks at}")

let tests =
    testList "Preparations always" [
        for name, rule, memory, ruleOf in kinds do
            let ticks = if name = together then Gen.map counted ticks else ticks

            Generators.property $"{name}: the same as one that remembers" 400 ticks (fun ticks ->
                let remember, decide = memory (), ruleOf ()

                for at, (tick, iteration) in List.indexed (List.zip ticks (loop (Autoscaler.Create(rule ())) ticks)) do
                    let raw = {
                        Rates = tick.Samples |> List.map (fun sample -> sample.Arrivals |> Option.map float)
                        IsKnown = true
                    }

                    let lags = tick.Samples |> List.map _.Lag

                    let expected =
                        decide iteration.Time (remember iteration.Time raw lags iteration.Current) iteration.Current

                    if iteration.Decided <> expected then
                        failtest $"expected %A{expected}, found %A{iteration.Decided} after {describe ticks at}")

            neverGoesDown name rule
    ]
