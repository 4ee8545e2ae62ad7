module Kta.Functional.Tests.Simulation.UnreachableTests

open System
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Server.Kestrel.Core
open Kta.Functional.Tests.Simulation.Answers

let private certificate () =
    use key = RSA.Create 2048

    CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1.0), DateTimeOffset.UtcNow.AddDays 1.0)

let private unreachable =
    testList "says why nothing came:" [
        for name, call, expected in
            [
                "nobody listens",
                (fun () -> failureWith (options ()) "http://127.0.0.1:1"),
                "Start the server, or check host and port; a server that is starting gets time with Attempts."
                "the name is unknown",
                (fun () -> failureWith (options ()) "http://no-such-host.invalid:8096"),
                "The name is not known here. Check how it is spelled; names of Kubernetes services are known in the cluster only."
                "the server speaks https and is called by http",
                (fun () ->
                    served
                        (fun listen -> listen.UseHttps(certificate ()) |> ignore)
                        (answering 200 "" [||])
                        (fun address -> failureWith (options ()) (address.Replace("https:", "http:")))),
                "The server has closed the connection, as one does that has crashed, or that speaks https or HTTP/2 only at this address."
                "its certificate is not trusted",
                (fun () ->
                    served
                        (fun listen -> listen.UseHttps(certificate ()) |> ignore)
                        (answering 200 "" [||])
                        (failureWith (options ()))),
                "The server does not speak TLS, or its certificate is not valid for this name or not trusted here."
                "the server speaks http and is called by https",
                (fun () ->
                    served plainly (answering 200 "" [||]) (fun address ->
                        failureWith (options ()) (address.Replace("http:", "https:")))),
                "The server does not speak TLS, or its certificate is not valid for this name or not trusted here."
                "the connection is closed",
                (fun () -> listening [||] (failureWith (options ()))),
                "The server has closed the connection, as one does that has crashed, or that speaks https or HTTP/2 only at this address."
                "it is no web server",
                (fun () -> listening "220 mail.example.org ready\r\n"B (failureWith (options ()))),
                "What listens there does not speak HTTP/1.1, and the operator speaks nothing else; it may speak https or HTTP/2 only."
            ] do
            testCaseTask name
            <| fun () -> task {
                let! error = call ()
                Expect.stringStarts error.Message "Iteration 1 failed in monitor: http" error.Message
                Expect.stringContains error.Message "/api/v1alpha1/monitor could not be called: " error.Message
                Expect.stringContains error.Message expected error.Message
            }

        testCaseTask "the body is broken off"
        <| fun () -> task {
            let! error = listening "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\""B (failureWith (options ()))

            Expect.stringContains error.Message "monitor answered 200, but broke off after 4 bytes: " error.Message
        }

        testCaseTask "it speaks HTTP/2 only"
        <| fun () -> task {
            let! error =
                served
                    (fun listen -> listen.Protocols <- HttpProtocols.Http2)
                    (answering 200 "" [||])
                    (failureWith (options ()))

            Expect.stringContains error.Message "HTTP/2" error.Message
        }
    ]

let private addresses =
    testList "StepEndpoints.At" [
        for address, prefix, monitor in
            [
                "http://h", "/api/v1alpha1", "http://h/api/v1alpha1/monitor"
                "http://h:8096/", "api/v1alpha1/", "http://h:8096/api/v1alpha1/monitor"
                "http://h/scaling", "/api/v1alpha1", "http://h/scaling/api/v1alpha1/monitor"
                "https://h/scaling/", "/api/v1alpha1", "https://h/scaling/api/v1alpha1/monitor"
                "http://h/a/b", "", "http://h/a/b/monitor"
                "http://h", "", "http://h/monitor"
                "http://h/", "/", "http://h/monitor"
                "http://h/api/v1alpha1", "/api/v1alpha1", "http://h/api/v1alpha1/monitor"
                "http://h/api/v1alpha1/", "/api/v1alpha1", "http://h/api/v1alpha1/monitor"
                "http://h//x", "", "http://h//x/monitor"
                "http://h/a%20b", "/c d", "http://h/a%20b/c%20d/monitor"
                "http://0.0.0.0:8096", "/p", "http://127.0.0.1:8096/p/monitor"
                "http://[::]:8096", "/p", "http://[::1]:8096/p/monitor"
            ] do
            test $"{address} and {prefix}" {
                let endpoints = StepEndpoints.At(address, prefix)
                let expected (step: string) = monitor.Replace("monitor", step)

                Expect.equal
                    [
                        endpoints.Monitor.AbsoluteUri
                        (nonNull endpoints.Analyze).AbsoluteUri
                        endpoints.Plan.AbsoluteUri
                    ]
                    [ monitor; expected "analyze"; expected "plan" ]
                    "the addresses"
            }

        for address, prefix, message in
            [
                "h:8096", "/p", "'h:8096' is not an address of the form http://host:port or http://host:port/path."
                "ftp://h", "/p", "'ftp://h' is not an address of the form http://host:port or http://host:port/path."
                "http://h?key=1",
                "/p",
                "'http://h?key=1' has a query or a fragment, where no path can follow. Give each step its address with new StepEndpoints(…)."
                "http://h/#top",
                "/p",
                "'http://h/#top' has a query or a fragment, where no path can follow. Give each step its address with new StepEndpoints(…)."
                "http://h", "/p?x=1", "The prefix '/p?x=1' is no path: it has a query or a fragment."
                "http://h/api/v1alpha1/plan",
                "/api/v1alpha1",
                "'http://h/api/v1alpha1/plan' is the address of plan alone. Leave out what follows the server, or give each step its address with new StepEndpoints(…)."
                "http://h/api/v1alpha1/monitor/",
                "/api/v1alpha1",
                "'http://h/api/v1alpha1/monitor/' is the address of monitor alone. Leave out what follows the server, or give each step its address with new StepEndpoints(…)."
            ] do
            test $"not {address} and {prefix}" {
                Expect.stringStarts
                    (Calls.thrownBy<ArgumentException>(fun () -> StepEndpoints.At(address, prefix) |> ignore))
                    message
                    "the message"
            }
    ]

/// Tells when the first call was refused.
type private FirstRefused(refused: TaskCompletionSource) =
    inherit DelegatingHandler(new SocketsHttpHandler(UseProxy = false))

    member private _.Inner(request, token) = base.SendAsync(request, token)

    override this.SendAsync(request, token) = task {
        try
            return! this.Inner(request, token)
        with :? HttpRequestException as error ->
            refused.TrySetResult() |> ignore
            return raise error
    }

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

let private starting =
    testCaseTask "A server that starts after the first attempt is waited for, also with a virtual clock"
    <| fun () -> task {
        let refused = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        let port = freePort ()
        use client = new HttpClient(new FirstRefused(refused))

        let starting = task {
            do! refused.Task
            let backend = HttpBackend("127.0.0.1", port)
            backend.Setup(DummyAutoscaler.Create())
            return! backend.StartAsync CancellationToken.None
        }

        let clock = VirtualClock()

        let! run =
            LocalOperator.RunAsync(
                StepEndpoints.At $"http://127.0.0.1:{port}",
                one,
                2,
                LocalOperatorOptions(Clock = clock, NewId = IterationIds.Numbered(), Attempts = 6, HttpClient = client)
            )

        let! server = starting
        do! (server :> IAsyncDisposable).DisposeAsync()
        let first, second = run.Iterations[0], run.Iterations[1]
        Expect.isGreaterThan first.Attempts 1 "not at once"
        Expect.equal second.Attempts 1 "but then"

        Expect.isGreaterThanOrEqual
            (first.StartedAt - VirtualClock().GetUtcNow())
            (TimeSpan.FromSeconds 2.0)
            "the clock of the loop has moved, too"
    }

let tests = testSequenced (testList "The loop over HTTP" [ unreachable; addresses; starting ])
