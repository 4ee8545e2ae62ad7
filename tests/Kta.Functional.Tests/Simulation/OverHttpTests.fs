module Kta.Functional.Tests.Simulation.OverHttpTests

open System
open System.IO
open System.IO.Compression
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Microsoft.AspNetCore.Http
open Kta.Functional.Tests.Simulation.Answers

let private large = 50_000_000

let private packed () =
    use output = new MemoryStream()

    (use packing = new GZipStream(output, CompressionLevel.Fastest)
     packing.Write(utf8 "{}"))

    output.ToArray()

/// Answers that end the run, and what the message says after "Iteration 1 failed in monitor: " and the address.
let private answers: (string * (HttpContext -> Task) * string) list = [
    "an error of 50 MB", answering 500 "text/plain" (Array.create large 'x'B), " answered 500 as text/plain: xxxx"
    "an answer of 50 MB that is no JSON",
    answering 200 "" (Array.create large 'x'B),
    " answered 200. The body is not JSON"
    "a JSON error with a long text",
    answering 422 "application/json" (utf8 $$"""{"message":"{{String('y', large)}}"}"""),
    " answered 422: {\"message\":\"yyyy"
    "a redirect to a slash",
    (fun context ->
        context.Response.Headers.Location <- "/api/v1alpha1/monitor/"
        answering 308 "" [||] context),
    " answered 308 with Location BASE/api/v1alpha1/monitor/; the operator follows no redirects, so give it that address: (no body)"
    "a redirect elsewhere",
    (fun context ->
        context.Response.Headers.Location <- "https://example.org/login?from=here"
        answering 302 "text/html" (utf8 "<p>\nmoved</p>") context),
    " answered 302 with Location https://example.org/login?from=here; the operator follows no redirects, so give it that address: <p> moved</p>"
    "a packed answer",
    (fun context ->
        context.Response.Headers.ContentEncoding <- "gzip"
        answering 200 "application/json" (packed ()) context),
    " answered 200 with Content-Encoding gzip, which the operator does not undo; send answers unpacked. The body is not JSON"
    "a byte order mark",
    answering 200 "application/json" (utf8 "\uFEFF{}"),
    " answered 200 with a byte order mark, which the operator refuses; write UTF-8 without one. The body is not JSON"
    "nothing",
    answering 204 "" [||],
    " answered 204. The body is empty, the operator needs a JSON object. It was: (no body)"
    "a web page", answering 200 "text/html" (utf8 "<html/>"), " answered 200 as text/html. The body is not JSON"
    "a list",
    answering 200 "application/json" (utf8 "[1]"),
    " answered 200. The body is a list, the operator needs an object; {} says nothing. It was: [1]"
    "a body without an end",
    (fun context -> task {
        let block = ReadOnlyMemory(Array.create 1_000_000 ' 'B)

        while not context.RequestAborted.IsCancellationRequested do
            do! context.Response.Body.WriteAsync block
    }),
    " answered 200, but the body is larger than 64 MiB. Is it the address of a step?"
]

let private messages =
    testList "says what came:" [
        for name, answer, expected in answers do
            testCaseTask name
            <| fun () -> task {
                let! error, address =
                    served plainly answer (fun address -> task {
                        let! error = failureWith (options ()) address
                        return error, address
                    })

                Expect.stringStarts
                    error.Message
                    ($"Iteration 1 failed in monitor: {address}/api/v1alpha1/monitor"
                     + expected.Replace("BASE", address))
                    error.Message[..400]

                Expect.isLessThan error.Message.Length 3000 "a message to read"
            }

        testCaseTask "the whole body is beside the message"
        <| fun () -> task {
            let! error = served plainly (answering 500 "" (Array.create large 'x'B)) (failureWith (options ()))
            Expect.equal (nonNull error.Body).Length large "all of it"
            Expect.stringContains error.Message $"x… ({large} bytes)" "the message counts it"
        }

        testCaseTask "a body that does not end in time"
        <| fun () -> task {
            let hanging (context: HttpContext) : Task = task {
                do! context.Response.Body.WriteAsync(ReadOnlyMemory(utf8 "{"))
                do! context.Response.Body.FlushAsync()
                do! Task.Delay(Timeout.Infinite, context.RequestAborted)
            }

            let brief = LocalOperatorOptions(StepTimeout = TimeSpan.FromSeconds 1.5)
            let! error = served plainly hanging (failureWith brief)

            Expect.stringEnds
                error.Message
                "/api/v1alpha1/monitor answered 200, but the body did not end within 1.5 s; 1 bytes of it came. The operator would wait for ever."
                "the whole end"
        }
    ]

let private charsets: (string * string * (string -> byte array)) list = [
    "UTF-8", "utf-8", utf8
    "UTF-16", "utf-16", Encoding.BigEndianUnicode.GetBytes
    "UTF-16 with its mark",
    "utf-16",
    fun text -> Array.append (Encoding.Unicode.GetPreamble()) (Encoding.Unicode.GetBytes text)
    "little UTF-16", "utf-16le", Encoding.Unicode.GetBytes
    "Latin-1", "iso-8859-1", Encoding.Latin1.GetBytes
    "a code page", "windows-1252", Encoding.Latin1.GetBytes
    "an unknown one", "no-such-charset", utf8
]

let private texts =
    testList "reads text as the operator does:" [
        for name, charset, encode in charsets do
            testCaseTask name
            <| fun () -> task {
                let answer (context: HttpContext) =
                    let text =
                        if context.Request.Path.Value = "/api/v1alpha1/plan" then
                            """{"parallelism":2}"""
                        else
                            """{"name":"é"}"""

                    answering 200 $"application/json; charset={charset}" (encode text) context

                let! run =
                    served plainly answer (fun address ->
                        LocalOperator.RunAsync(StepEndpoints.At address, one, 1, options ()))

                Expect.equal run.Iterations[0].MonitorResult """{"name":"é"}""" "decoded"
            }
    ]

let tests = testSequenced (testList "The loop over HTTP" [ messages; texts ])
