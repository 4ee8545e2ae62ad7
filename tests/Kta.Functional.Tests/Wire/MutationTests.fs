/// Requests that are almost right. Whatever is wrong with one, the SDK says so, and what is wrong is not the SDK.
module Kta.Functional.Tests.Wire.MutationTests

open System
open System.Text.Json
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional.Algorithms
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Generators
open Kta.Functional.Tests.Mutations

let private expectAnswerOrReason (status: int) (text: string) =
    let body = Json.parse text
    Expect.equal body.ValueKind JsonValueKind.Object "the body is an object"

    match status with
    | 200 -> ()
    | refused when refused >= 400 && refused < 500 ->
        Expect.stringContains (Json.text body "message") "$" "the message names the place"
    | other -> failtest $"status {other}: {text}"

let private dummy = DummyAutoscaler.Create()

let private run (mutation: Mutation) =
    (StepRunner(dummy).RunAsync(mutation.Step, mutation.Body)).GetAwaiter().GetResult()

let tests =
    testSequenced (
        testList "A request with something wrong in it" [
            for step in dummy.Steps do
                test $"is valid for {step} before something is changed" {
                    Calls.answer dummy step valid |> ignore

                    Expect.isTrue
                        (Json.same (Json.parse (textOf (treeOf (Json.parse valid)))) (Json.parse valid))
                        "and its tree"
                }

            property "is answered or refused with the place, never an error of the SDK" 5000 mutation (fun mutation ->
                let reply = run mutation
                expectAnswerOrReason reply.StatusCode (Calls.body reply))

            test "is sometimes answered, sometimes refused, sometimes unreadable" {
                let statuses = Gen.sample 500 mutation |> Seq.map (run >> _.StatusCode) |> Set.ofSeq
                Expect.equal statuses (Set [ 200; 400; 422 ]) "the changes are neither too weak nor too strong"
            }

            testTask "is answered or refused over HTTP too, and the server lives on" {
                let! (server: Server.RunningServer) = Server.start dummy

                let holds (mutation: Mutation) =
                    let path = "/api/v1alpha1/" + mutation.Step.ToString().ToLowerInvariant()
                    let reply = server.Send("POST", path, mutation.Body, "application/json").GetAwaiter().GetResult()
                    Expect.equal reply.ContentType "application/json" "JSON"
                    expectAnswerOrReason reply.Status reply.Text

                Check.One(
                    Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess true,
                    Prop.forAll (Arb.fromGen mutation) holds
                )

                let! (reply: Server.Reply) = server.Call("monitor", valid)
                Expect.equal reply.Text """{"numInvocations":4}""" "the next request"
                do! (server :> IAsyncDisposable).DisposeAsync()
            }
        ]
    )
