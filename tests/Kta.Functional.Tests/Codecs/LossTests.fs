/// Nothing of a result is lost without a word.
module Kta.Functional.Tests.Codecs.LossTests

open System
open System.Buffers
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.CSharp.Shapes

type private Hidden = { Rate: float }

let tests =
    testSequenced
    <| testList "A result" [
        test "with a public field, a private setter and a tuple comes back whole" {
            let codec = Codec.Json<OddlyMade>()
            let value = OddlyMade(Field = 1.0, Limits = struct (2.0, 3.0)).Set 4.0
            let output = ArrayBufferWriter<byte>()
            codec.Write(value, output)
            let back = codec.Read output.WrittenSpan

            Expect.equal
                (back.Field, back.Hidden, back.Limits)
                (1.0, 4.0, struct (2.0, 3.0))
                (Encoding.UTF8.GetString output.WrittenSpan)
        }

        test "of a type that is derived from the declared one is refused when it is written" {
            let derived = Derived<int>(Value = 1, More = 2)

            let write (codec: ResultCodec<'T>) value =
                try
                    codec.Write(value, ArrayBufferWriter<byte>())
                    "nothing was thrown"
                with :? UdfResultException as error ->
                    error.Message

            let message =
                "the result holds a Derived<Int32> where a Settable<Int32> is declared, and only the members of Settable<Int32> would be written. Declare Derived<Int32>, or put [JsonDerivedType(typeof(Derived<Int32>), \"…\")] on Settable<Int32>."

            Expect.equal (write (Codec.Json<Settable<int>>()) derived) message "the result itself"
            let member' = Settable<Settable<int>>(Value = derived)
            Expect.equal (write (Codec.Json<Settable<Settable<int>>>()) member') message "a member"
            let item = ListInside<Settable<int>>()
            item.Value.Add derived
            Expect.equal (write (Codec.Json<ListInside<Settable<int>>>()) item) message "an item"
            Expect.equal (write (Codec.Json<Derived<int>>()) derived) "nothing was thrown" "the declared one"
        }

        test "of an F# record that is private is refused, for it would be written as {}" {
            let message =
                try
                    Codec.Json<Hidden>() |> ignore
                    ""
                with :? ArgumentException as error ->
                    error.Message

            Expect.equal
                message
                "Hidden cannot be the result of a step: none of its members is public, so it would be written as {}. Make them public; in F#, a private record has none."
                "the whole message"
        }

        testCaseTask "of analyze that is nothing is an error in plan, not a zero"
        <| fun () -> task {
            let algorithm =
                Algorithm
                    .For<Load, Settable>()
                    .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1 + int ctx.AnalyzeResult.Rate)))

            let! reply =
                StepRunner(algorithm).RunAsync(Step.Plan, ReadOnlyMemory(Encoding.UTF8.GetBytes Requests.first))

            Expect.equal reply.StatusCode 422 "a missing rate is not a rate of zero"

            Expect.equal
                (Json.text (Json.parse (Encoding.UTF8.GetString reply.Body.Span)) "message")
                "The request to plan is not valid: $.analyzeResult: expected a Settable, what analyze answered, found {} (use ctx.AnalyzeResultOrNull if analyze may have nothing to say)"
                "the whole message"
        }
    ]
