module Kta.Functional.Tests.Recording.CallRecordTests

open System
open System.IO
open System.Text
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
    return File.ReadAllText folder.Calls
}

let private read (text: string) =
    use stream = new MemoryStream(Encoding.UTF8.GetBytes text)
    CallRecording.Read stream |> List.ofSeq

let private problems (text: string) = [
    for line in read text ->
        line.Number,
        line.IsTorn,
        (if isNull line.Problem then
             (if isNull line.Call then "" else "a call")
         else
             string line.Problem)
]

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
            Duration = TimeSpan.FromTicks ticks
        )
}

let private line =
    """{"v":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"dummy","step":"monitor","ms":1.2345,"status":200,"reply":{"a":1},"request":{"id":"x"}}"""

let tests =
    testList "A recorded call" [
        testCaseTask "is one line, with the request and the reply as they are"
        <| fun () -> task {
            let! text = written (callOf """{"id":"x","b": 1.0}""" """{"a":1}""")

            Expect.equal
                text
                ("""{"v":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"dummy","step":"monitor","ms":1.2345,"status":200,"reply":{"a":1},"request":{"id":"x","b": 1.0}}"""
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
                ("""{"v":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"dummy","version":"1.0","step":"plan","ms":0,"status":422,"error":{"type":"InvalidRequestException","message":"not \"good\""},"requestBase64":"ewo="}"""
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

let reading =
    testList "A recording is read" [
        test "with members of later versions, which are left out" {
            let extended = line.Replace("\"step\"", "\"later\":{\"deep\":[1,{\"x\":2}]},\"step\"")
            Expect.equal (read extended).[0].Call (read line).[0].Call "the same call"
            Expect.isNotNull (read line).[0].Call "a call"
        }

        test "up to a torn last line, wherever it was torn" {
            let whole = Encoding.UTF8.GetBytes(line + "\n" + line.Replace("dummy", "dümmy"))

            for length in line.Length + 2 .. whole.Length - 1 do
                // As the process leaves it, and as the next recorder ends it.
                for ending in [ [||]; "\n"B ] do
                    use stream = new MemoryStream(Array.append (Array.take length whole) ending)

                    match CallRecording.Read stream |> List.ofSeq with
                    | [ first; torn ] ->
                        Expect.isNotNull first.Call "the line before is whole"
                        Expect.isTrue (torn.IsTorn && isNull torn.Call) $"{length}: {torn}"
                        Expect.equal torn.Problem "the line is torn: it ends too early" $"{length}"
                    | other -> failtest $"{length}: {other}"
        }

        test "with a last line that lacks nothing but its line feed" {
            Expect.equal (problems (line + "\n" + line)) [ 1L, false, "a call"; 2L, false, "a call" ] "two calls"
        }

        test "past lines that are none, with the reason" {
            Expect.equal
                (problems (
                    String.concat "\n" [
                        line
                        "{\"v\":1,"
                        ""
                        "nonsense"
                        "[]"
                        line.Replace("\"v\":1", "\"v\":2")
                        line.Replace("monitor", "execute")
                        line
                    ]
                    + "\n"
                ))
                [
                    1L, false, "a call"
                    2L, true, "the line is torn: it ends too early"
                    4L,
                    false,
                    "the line is not JSON: 'nonsense' is an invalid JSON literal. Expected the literal 'null'"
                    5L, false, "the line is damaged: it is no object"
                    6L, false, "the line is damaged: its format \"v\" is 2, this version reads 1"
                    7L, false, "the line is damaged: its step is 'execute'"
                    8L, false, "a call"
                ]
                "nothing is fatal"
        }

        test "as the documentation shows it" {
            let shown = firstBlock "docs/record-and-replay.md" "json"

            Expect.equal
                [
                    for line in read shown ->
                        line.Problem,
                        (match line.Call with
                         | null -> Nullable()
                         | call -> call.Status),
                        line.Dropped
                ]
                [ null, Nullable 200, 0L; null, Nullable 422, 0L; null, Nullable(), 17L ]
                "an answer, a failure, a gap"
        }

        test "from lines of any length" {
            let long = $$"""{"id":"{{String('x', 300_000)}}"}"""
            let text = String.concat "\n" [ line; line.Replace("{\"id\":\"x\"}", long); line; "" ]
            let lengths = [ for line in read text -> (nonNull line.Call).Request.Length ]
            Expect.equal lengths [ 10; long.Length; 10 ] "across the blocks of the file"
        }

        test "not from where there is none" {
            use folder = new Folder()

            Expect.equal
                (Calls.thrownBy<FileNotFoundException>(fun () -> CallRecording.Read folder.Calls |> ignore))
                $"There is no recording at {folder.Calls}, and no rotated file of one."
                "the whole message"
        }
    ]
