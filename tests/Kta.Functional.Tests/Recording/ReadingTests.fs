module Kta.Functional.Tests.Recording.ReadingTests

open System
open System.IO
open System.Text
open Expecto
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

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

let private line =
    """{"v":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"dummy","step":"monitor","ms":1.2345,"status":200,"reply":{"a":1},"request":{"id":"x"}}"""

let tests =
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

        test "with what editors and other systems put around lines" {
            for name, text in
                [
                    "a byte order mark", "\uFEFF" + line + "\n" + line + "\n"
                    "lines that end as on Windows", line + "\r\n\r\n" + line + "\r\n"
                    "blank lines", "\n \n" + line + "\n\t\n" + line
                ] do
                Expect.equal [ for _, _, what in problems text -> what ] [ "a call"; "a call" ] name
        }

        test "but not if it is none, with one problem for the whole file" {
            let packed (pack: Stream -> Stream) =
                use output = new MemoryStream()

                (use packing = pack output
                 packing.Write(Encoding.UTF8.GetBytes(String.replicate 100 (line + "\n"))))

                output.ToArray()

            let wide =
                "the file is UTF-16 or UTF-32, a recording is UTF-8; convert it, for example with iconv -f UTF-16 -t UTF-8"

            let lines = line + "\n" + line + "\n"

            for bytes, problem in
                [
                    packed (fun output -> new Compression.GZipStream(output, Compression.CompressionLevel.Fastest)),
                    "the file is packed with gzip; unpack it and read what comes out"
                    Array.append "PK\003\004"B (Encoding.UTF8.GetBytes lines),
                    "the file is packed with zip; unpack it and read what comes out"
                    Array.append [| 0x28uy; 0xB5uy; 0x2Fuy; 0xFDuy |] (Encoding.UTF8.GetBytes lines),
                    "the file is packed with zstd; unpack it and read what comes out"
                    for encoding in
                        [
                            UnicodeEncoding(false, true) :> Encoding
                            UnicodeEncoding(true, true)
                            UTF32Encoding(false, true)
                            UTF32Encoding(true, true)
                        ] do
                        Array.append (encoding.GetPreamble()) (encoding.GetBytes lines), wide
                        encoding.GetBytes lines, wide
                ] do
                use stream = new MemoryStream(bytes)

                Expect.equal
                    [ for line in CallRecording.Read stream -> line.Number, line.Problem ]
                    [ 1L, problem ]
                    (string (Convert.ToHexString(bytes[..9])))
        }

        test "with the zeros of a lost write, and the calls around them" {
            Expect.equal
                (problems (
                    line
                    + "\n"
                    + String('\000', 70_000)
                    + line
                    + "\n"
                    + line
                    + "\n"
                    + String('\000', 512)
                ))
                [
                    1L, false, "a call"
                    2L,
                    false,
                    "the line has 70000 zero bytes: the file was truncated while it was written, or the machine lost power"
                    2L, false, "a call"
                    3L, false, "a call"
                    4L,
                    false,
                    "the line has 512 zero bytes: the file was truncated while it was written, or the machine lost power"
                ]
                "nothing is lost silently"
        }

        test "not where lines were joined: no call is left out silently" {
            Expect.equal
                [ for line in read (line + line + "\n" + line + "\n") -> isNull line.Call, isNull line.Problem ]
                [ true, false; false, true ]
                "the joined one is a problem"
        }
    ]
