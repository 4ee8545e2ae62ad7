/// Nothing of a result is lost without a word.
module Kta.Functional.Tests.Codecs.LossTests

open System
open System.Buffers
open System.Text
open Expecto
open Kta.Functional
open Kta.Functional.Hosting
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp

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
