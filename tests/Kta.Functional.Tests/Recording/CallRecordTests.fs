module Kta.Functional.Tests.Recording.CallRecordTests

open System
open System.IO
open System.Text
open System.Text.RegularExpressions
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Generators
open Kta.Functional.Tests.Recording.Recordings

let private written (call: CallRecord) = task {
    use folder = new Folder()
    let! _ = record folder.Calls (CallRecorderOptions()) (fun recorder -> recorder.RecordAsync call)
    let text = File.ReadAllText folder.Calls
    return Regex.Replace(text, "(?<=^.*\"recording\":\")[0-9a-f]{8}", "3fa9c2d1")
}

let private bytes: Gen<byte array> =
    Gen.oneof [
        jsonObject 3 |> Gen.map Encoding.UTF8.GetBytes
        text |> Gen.map Encoding.UTF8.GetBytes
        Gen.elements [ ""; " {}"; "{} "; "{\n}"; "{\r}"; "[1,2"; "{}{}"; "null"; "12"; "\"\\ud83d\""; "// {}" ]
        |> Gen.map Encoding.UTF8.GetBytes
        ArbMap.defaults |> ArbMap.generate<byte array>
        Mutations.mutation |> Gen.map _.Body
    ]

let private anyCall = gen {
    let! request = bytes
    let! reply = bytes
    let! name = text
    let! version = text
    let! step = Gen.elements [ Step.Monitor; Step.Analyze; Step.Plan ]
    let! status = Gen.elements [ Nullable(); Nullable 200; Nullable 422; Nullable 500 ]

    let! error =
        Gen.oneof [ Gen.constant None; Gen.map2 (fun kind message -> Some(CallError(kind, message))) text text ]

    let! ticks =
        Gen.oneof [ Gen.choose (0, Int32.MaxValue) |> Gen.map int64; Gen.constant (TimeSpan.FromDays(9000.0).Ticks) ]

    let! since = Gen.choose (0, Int32.MaxValue)
    let! reasons = Gen.listOf (Gen.zip text (Gen.nonEmptyListOf text))

    return
        CallRecord(
            At = at.AddTicks(int64 since * 7919L),
            Algorithm = name,
            Version = version,
            Step = step,
            Request = ReadOnlyMemory request,
            Status = status,
            Reply = ReadOnlyMemory reply,
            Error = Option.toObj error,
            Reasons =
                (reasons
                 |> List.distinctBy fst
                 |> List.map (fun (node, texts) ->
                     node, List.toArray texts :> Collections.Generic.IReadOnlyList<string>)
                 |> dict
                 |> Collections.Generic.Dictionary),
            Duration = TimeSpan.FromTicks ticks
        )
}

let tests =
    testList "A recorded call" [
        testCaseTask "is one line, with the request and the reply as they are"
        <| fun () -> task {
            let! text = written (callOf """{"id":"x","b": 1.0}""" """{"a":1}""")

            Expect.equal
                text
                ("""{"v":1,"recording":"3fa9c2d1","file":1,"oldest":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"dummy","step":"monitor","ms":1.2345,"status":200,"reply":{"a":1},"request":{"id":"x","b": 1.0}}"""
                 + "\n")
                "the format of the documentation"
        }

        testCaseTask "of a request that is no line of JSON is in base64, with the error beside it"
        <| fun () -> task {
            let refused =
                CallRecord(
                    At = at,
                    Algorithm = "dummy",
                    Version = "1.0",
                    Step = Step.Plan,
                    Request = utf8 "{\n",
                    Status = Nullable 422,
                    Error = CallError("InvalidRequestException", "not \"good\"")
                )

            let! text = written refused

            Expect.equal
                text
                ("""{"v":1,"recording":"3fa9c2d1","file":1,"oldest":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"dummy","version":"1.0","step":"plan","ms":0,"status":422,"error":{"type":"InvalidRequestException","message":"not \"good\""},"requestBase64":"ewo="}"""
                 + "\n")
                "the format of the documentation"
        }

        testCaseTask "survives, whatever is in it"
        <| fun () -> task {
            use folder = new Folder()
            let calls = Gen.sample 600 anyCall |> List.ofArray

            let! recorder =
                record folder.Calls (CallRecorderOptions(Patience = TimeSpan.Zero)) (fun recorder -> task {
                    for call in calls do
                        do! recorder.RecordAsync call
                })

            Expect.equal recorder.Written (int64 calls.Length) "written"
            Expect.equal (callsOf folder.Calls) calls "read back"
            Expect.equal (File.ReadAllLines folder.Calls).Length calls.Length "one line each"
        }

        test "is equal to one with the same contents only" {
            Expect.equal (callOf "{}" "{}") (callOf "{}" "{}") "bytes count, not where they are"
            Expect.notEqual (callOf "{}" "{}") (callOf "{ }" "{}") "a request"
            Expect.notEqual (callOf "{}" "{}") (callOf "{}" "{ }") "a reply"
        }
    ]
