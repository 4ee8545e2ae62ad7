module Kta.Functional.Tests.Http.UnpackingTests

open System
open System.IO
open System.IO.Compression
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Http.Middleware
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

let private monitor = "/api/v1alpha1/monitor"

let private mostBytes = 100_000

let private packed (encoding: string) (body: string) =
    use into = new MemoryStream()

    do
        use packing: Stream =
            match encoding with
            | "gzip" -> new GZipStream(into, CompressionMode.Compress, true)
            | "br" -> new BrotliStream(into, CompressionMode.Compress, true)
            | _ -> new ZLibStream(into, CompressionMode.Compress, true)

        packing.Write(ReadOnlySpan(Encoding.UTF8.GetBytes body))

    into.ToArray()

let private sendPacked (server: RunningServer) (encoding: string) (body: byte array) = task {
    let content = new ByteArrayContent(body)

    content.Headers.TryAddWithoutValidation("Content-Type", "application/json")
    |> ignore

    content.Headers.ContentEncoding.Add encoding

    use request = new HttpRequestMessage(HttpMethod.Post, Uri(monitor, UriKind.Relative), Content = content)

    return! server.SendWith(request, CancellationToken.None)
}

let private padded (length: int) =
    // Does not pack well, so that also the packed length is large.
    let random = Random 7
    let padding = String(Array.init length (fun _ -> char (random.Next(97, 123))))
    Requests.first.Replace("\"monitorResult\":{}", $"\"monitorResult\":{{\"padding\":\"{padding}\"}}")

let tests =
    testSequenced
    <| testList "Behind request decompression" [
        for encoding in [ "gzip"; "br"; "deflate" ] do
            testCaseTask $"{encoding}: bodies of any size, over and over, are read whole"
            <| fun () -> task {
                do!
                    serveWith (inFront requestDecompression) plain (fun server -> task {
                        for length in [ 10; 60_000; 110_000; 100_000; 3_000_000; 400_000; 2_000_000; 150_000 ] do
                            let! reply = sendPacked server encoding (packed encoding (padded length))
                            Expect.equal (reply.Status, reply.Text) (200, """{"ok":true}""") $"{length} characters"
                    })
            }

            testCaseTask $"{encoding}: what turns out to be no such thing is the request's fault"
            <| fun () -> task {
                do!
                    serveWith (inFront requestDecompression) plain (fun server -> task {
                        let! reply = sendPacked server encoding (Encoding.UTF8.GetBytes Requests.first)
                        Expect.equal reply.Status 400 reply.Text
                        Expect.stringStarts reply.Message "The body cannot be read: " "not ours"
                    })
            }

        testCaseTask "MaxRequestBodySize is about what is unpacked"
        <| fun () -> task {
            let small (options: HttpBackendOptions) =
                options.MaxRequestBodySize <- int64 mostBytes
                inFront requestDecompression options

            do!
                serveWith small plain (fun server -> task {
                    let body = packed "gzip" (Requests.first + String(' ', 10 * mostBytes))
                    Expect.isLessThan body.Length mostBytes "it comes small"
                    let! reply = sendPacked server "gzip" body
                    Expect.equal reply.Status 413 reply.Text
                    Expect.stringContains reply.Message $"larger than {mostBytes} bytes" "and is not"
                })
        }

        testCaseTask "memory is asked for as it is unpacked: what finds none left is refused, and nothing stays taken"
        <| fun () -> task {
            let tight (options: HttpBackendOptions) =
                options.MaxRequestMemory <- 4_000_000L
                inFront requestDecompression options

            let gate = newGate ()

            let holding =
                (obedient gate)
                    .WithPlan(fun (ctx: PlanContext<_, _>) (_: CancellationToken) ->
                        Task.FromResult(Plan.ForEach(ctx.Topology, (fun _ -> 1))))

            do!
                serveWith tight holding (fun server -> task {
                    let held =
                        server.Call(
                            "monitor",
                            (padded 3_000_000).Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", "wait")
                        )

                    do! gate.Begun.WaitAsync()
                    let zeros = Requests.first + String(' ', 2_000_000)
                    let! refused = sendPacked server "gzip" (packed "gzip" zeros)
                    Expect.equal refused.Status 503 refused.Text
                    gate.Open.SetResult()
                    let! first = held
                    Expect.equal first.Status 200 first.Text

                    for _ in 1..3 do
                        let! next = sendPacked server "gzip" (packed "gzip" zeros)
                        Expect.equal next.Status 200 next.Text
                })
        }
    ]
