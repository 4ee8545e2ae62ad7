module Kta.Functional.Tests.Http.HandoverTests

open System
open System.Collections.Concurrent
open System.IO
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Tests

let private quickstart = Repository.path "samples/Quickstart/bin/Release/net10.0/Quickstart.dll"

let private start () = Processes.start [ quickstart; "--host"; "127.0.0.1"; "--port"; "0" ]

/// A caller that keeps its connection until it is told that it closes, and never tries a call twice.
type private Caller(port: int, stop: CancellationToken) =
    let failures = ConcurrentQueue<string>()
    let mutable answered = 0

    let body =
        Requests.ofNodes [ "orders"; "payments" ] """{"numInvocations":1}""" """{"toggleState":1}""" "[]"
        |> Encoding.UTF8.GetBytes

    let head =
        Encoding.ASCII.GetBytes
            $"POST /api/v1alpha1/plan HTTP/1.1\r\nHost: kta\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"

    let call (connection: Stream) = task {
        do! connection.WriteAsync(ReadOnlyMemory(Array.append head body))
        use reader = new StreamReader(connection, Encoding.UTF8, false, 1024, true)
        let! status = reader.ReadLineAsync()
        let mutable closes, length, line = false, 0, " "

        while line <> "" do
            let! header = reader.ReadLineAsync()
            line <- string header
            closes <- closes || line.Equals("Connection: close", StringComparison.OrdinalIgnoreCase)

            if line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) then
                length <- int (line.Substring 16)

        let! _ = reader.ReadBlockAsync(Memory(Array.zeroCreate<char> length))

        if status <> "HTTP/1.1 200 OK" then
            failures.Enqueue $"answered with '{status}'"

        return closes
    }

    member _.Failures = failures
    member _.Answered = Volatile.Read &answered

    member _.Run() : Task = task {
        while not stop.IsCancellationRequested do
            use connection = new TcpClient(NoDelay = true)

            try
                do! connection.ConnectAsync("127.0.0.1", port)
                let mutable closes = false

                while not closes && not stop.IsCancellationRequested do
                    let! last = call (connection.GetStream())
                    closes <- last
                    Interlocked.Increment &answered |> ignore
            with error ->
                failures.Enqueue(string error)
    }

let private until (condition: unit -> bool) (token: CancellationToken) = task {
    use period = new PeriodicTimer(TimeSpan.FromMilliseconds 20.0)

    while not (condition ()) do
        let! _ = period.WaitForNextTickAsync token
        ()
}

let tests =
    testSequenced
    <| testList "A rolling update" [
        testCaseTask "two processes, under load: the old one hands over, and no call fails"
        <| fun () -> task {
            use patience = new CancellationTokenSource(TimeSpan.FromSeconds 60.0)
            use finished = new CancellationTokenSource()
            use older = start ()
            let! olderAddress = Processes.addressOf older
            Processes.readOn older
            use relay = new Relay([ olderAddress ])
            let callers = [ for _ in 1..4 -> Caller(relay.Port, finished.Token) ]
            let load = Task.WhenAll [ for caller in callers -> caller.Run() ]
            let answered () = callers |> List.sumBy _.Answered
            do! until (fun () -> answered () > 200) patience.Token

            use newer = start ()

            try
                let! newerAddress = Processes.addressOf newer
                Processes.readOn newer
                relay.Add newerAddress
                do! until (fun () -> relay.Trusts newerAddress) patience.Token
                let! exitCode = Processes.terminate older
                let atHandover = answered ()
                do! until (fun () -> answered () > atHandover + 200) patience.Token
                finished.Cancel()
                do! load
                let failures = callers |> List.collect (fun caller -> List.ofSeq caller.Failures)
                Expect.isEmpty failures (String.Join("\n", "no call fails" :: List.truncate 5 failures))
                Expect.equal exitCode 0 "the old process ends as asked"
                Expect.isGreaterThan (relay.ConnectionsTo newerAddress) 0 "the new process has taken over"
            finally
                newer.Kill()
        }

        testCaseTask
            "after SIGTERM: not ready, alive, serving on connections that close; a second SIGTERM ends the delay"
        <| fun () -> task {
            use patience = new CancellationTokenSource(TimeSpan.FromSeconds 60.0)
            use started = start ()

            try
                let! address = Processes.addressOf started
                Processes.readOn started
                use client = new HttpClient(BaseAddress = address)

                let statusOf (path: string) =
                    client.GetAsync(path, patience.Token).GetAwaiter().GetResult().StatusCode |> int

                Expect.equal (statusOf "/health/ready") 200 "ready"
                do! Processes.askToStop started
                do! until (fun () -> statusOf "/health/ready" = 503) patience.Token
                Expect.equal (statusOf "/health/live") 200 "alive"
                use content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
                use! reply = client.PostAsync("/api/v1alpha1/monitor", content, patience.Token)
                Expect.equal (int reply.StatusCode) 200 "still serving"
                Expect.equal reply.Headers.ConnectionClose (Nullable true) "and sending callers elsewhere"
                let! exitCode = Processes.terminate started
                Expect.equal exitCode 0 "it ends as asked"
            finally
                if not started.HasExited then
                    started.Kill()
        }
    ]
