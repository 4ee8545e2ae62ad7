module Kta.Functional.Tests.Algorithms.StrategyTests

open System
open System.Buffers
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.Wishes

let private windows =
    testList "Windows" [
        test "two of ten entries see the largest proposal of twenty, and no more" {
            let two = wishing.WithStrategies(tenEntries, tenEntries)
            Expect.equal (planned (wishing.WithStrategies tenEntries) 2 (peakAt 10 40)) 9 "one window, ten back"
            Expect.equal (planned (wishing.WithStrategies tenEntries) 2 (peakAt 11 40)) 2 "one window, eleven back"
            Expect.equal (planned two 2 (peakAt 20 40)) 9 "two windows, twenty back"
            Expect.equal (planned two 2 (peakAt 21 40)) 2 "two windows, twenty-one back"
        }

        test "nothing goes down where the history is too short, and everything may go up" {
            let algorithm = wishing.WithStrategies tenEntries
            let plan = decide algorithm 2 (peakAt 0 9)
            Expect.equal plan[orders] 10 "270 s are no 300"

            Expect.equal
                (textsOf orders plan)
                [ "Stabilize: kept 10 instead of 2, the history does not cover the last 300 s" ]
                "why"

            Expect.isTrue (plan.IsHeldBack orders) "held back"
            Expect.equal (planned algorithm 2 (peakAt 0 10)) 2 "300 s are"
            Expect.equal (planned algorithm 12 []) 12 "up without a history"
        }

        test "what is not known ends them: another policy's entry, or one of another topology" {
            let algorithm = wishing.WithStrategies tenEntries
            let history = peakAt 0 40
            let other = Entry({ Wanted = 1 }, null, Plan.Of(struct (payments, 1)))
            let both = Entry({ Wanted = 1 }, null, Plan.Of(struct (orders, 1), struct (payments, 1)))

            for foreign in [ other; both ] do
                let plan = decide algorithm 2 (List.take 3 history @ foreign :: List.skip 3 history)
                Expect.equal plan[orders] 10 "not covered"
        }

        test "what each stage said is computed once for each entry, and not beyond the windows together" {
            let asked = ResizeArray<int64>()

            let counting =
                Service.Of(
                    {
                        new IObserver<int64> with
                            member _.OnNext at = lock asked (fun () -> asked.Add at)
                            member _.OnError _ = ()
                            member _.OnCompleted() = ()
                    }
                )

            let counted =
                Strategy.Of(
                    "counted",
                    fun proposed ctx ->
                        counting.Value.OnNext(ctx.StartedAt.ToUnixTimeSeconds())
                        proposed
                )

            let ten = Array.replicate 10 tenEntries
            let taken = ref 0

            let history = seq {
                for entry in peakAt 0 2000 do
                    taken.Value <- taken.Value + 1
                    yield entry
            }

            let plan = decide (wishing.WithStrategies(Array.append [| counted |] ten)) 2 history
            Expect.equal plan[orders] 2 "everybody agrees"
            Expect.equal asked.Count (Seq.length (Seq.distinct asked)) "once for each iteration"
            Expect.equal asked.Count 101 "this one and a hundred"
            Expect.equal taken.Value 100 "and no entry more"
        }

        test "one of a user takes what it says it needs, and no more" {
            for needed, expected in
                [
                    HistoryNeeded(4), 4
                    HistoryNeeded(0, seconds 300), 10
                    HistoryNeeded(0, seconds 290), 10
                    HistoryNeeded(12, seconds 300), 12
                    HistoryNeeded.None, 2000
                ] do
                let taken = ref 0

                let history = seq {
                    for entry in peakAt 0 2000 do
                        taken.Value <- taken.Value + 1
                        yield entry
                }

                let largest =
                    Strategy.Of(
                        "largest",
                        (fun proposed ctx ->
                            let past = ctx.Past |> Seq.map (fun past -> (nonNull past.Proposed)[orders])
                            Plan.ForEach(ctx.Topology, (fun _ -> Seq.fold max proposed[orders] past))),
                        needed
                    )

                Expect.equal (planned (wishing.WithStrategies largest) 2 history) 2 "what all agree on"
                Expect.equal taken.Value expected $"{needed}"
        }
    ]

/// Counts what is decoded.
type private CountingCodec() =
    inherit ResultCodec<Wish>()
    let inner = Codec.Json<Wish>()
    member val Reads = 0 with get, set
    override _.Write(value: Wish, output: IBufferWriter<byte>) = inner.Write(value, output)

    override this.Read(json: ReadOnlySpan<byte>) =
        this.Reads <- this.Reads + 1
        inner.Read json

let private wired =
    let key = orders.Key.Replace("\"", "\\\"")

    let text (age: int) (result: string) (applied: int) =
        let started = 1700000100000L - int64 age * 1000L
        $$$"""{"id":"i{{{age}}}","udfStartTimestampMillis":{{{started}}},"udfEndTimestampMillis":{{{started}}},"monitorResult":{{{result}}},"analyzeResult":{},"planResult":{"{{{key}}}":{"parallelism":{{{applied}}}}},"parallelism":{"{{{key}}}":{{{applied}}}}}"""

    let request (entries: string list) =
        (Requests.ofNodes [ "orders" ] """{"wanted":2}""" "{}" "[]")
            .Replace("\"resultHistory\":[]", "\"resultHistory\":[" + String.concat "," entries + "]")

    testList "Over the wire" [
        test "ten windows of 300 s decode a hundred of 2,000 entries" {
            let codec = CountingCodec()
            let algorithm = (wishing.WithStrategies(Array.replicate 10 tenEntries)).WithMonitorCodec codec
            let sent = request [ for k in 1..2000 -> text (30 * k) """{"wanted":2}""" 10 ]
            Expect.equal (answer algorithm Step.Plan sent) (planText [ "orders" ] 2) "all agree"
            Expect.equal codec.Reads 101 "this iteration's result and a hundred"
        }

        test "an entry of an older type ends a window, and what was applied then still counts" {
            let sent =
                request (
                    text 30 """{"wished":"five"}""" 9
                    :: [ for k in 2..60 -> text (30 * k) """{"wanted":2}""" 10 ]
                )

            Expect.equal
                (answer (wishing.WithStrategies tenEntries) Step.Plan sent)
                (planText [ "orders" ] 9)
                "9, not 10, and not 2"
        }
    ]

let tests = testList "Strategies" [ windows; wired ]
