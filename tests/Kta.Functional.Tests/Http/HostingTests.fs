module Kta.Functional.Tests.Http.HostingTests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open System.Text
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Tests
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Server.Kestrel.Core
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

let private dummy () = DummyAutoscaler.Create() :> Algorithm

let private local () = HttpBackendOptions(Host = "127.0.0.1", Port = Nullable 0)

let private messageOf<'error when 'error :> exn> (action: unit -> unit) =
    try
        action ()
        failtest "nothing was thrown"
    with :? 'error as error ->
        error.Message

let private postTo (client: HttpClient) (url: Uri) = task {
    use content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
    use! response = client.PostAsync(url, content)
    return! response.Content.ReadAsStringAsync()
}

let private states =
    testList "A backend in the wrong state says so" [
        test "set up twice" {
            let backend = HttpBackend()
            backend.Setup(dummy ())

            Expect.equal
                (messageOf<IllegalStateException>(fun () -> backend.Setup(dummy ())))
                "The HTTP backend has an algorithm already. Make one backend for each algorithm."
                "the whole message"
        }

        test "run without algorithm" {
            Expect.equal
                (messageOf<IllegalStateException>(fun () ->
                    HttpBackend().RunAsync(CancellationToken.None).GetAwaiter().GetResult()))
                "The HTTP backend has no algorithm to serve. Call Setup(algorithm) first, or Bootstrap.Run(algorithm, backend)."
                "the whole message"
        }

        test "an algorithm without steps" {
            Expect.equal
                (messageOf<IllegalStateException>(fun () ->
                    HttpBackend().Setup(Algorithm.For<JsonObject, JsonObject>())))
                "The algorithm 'algorithm' has no step, so there is nothing to serve. Add one with WithMonitor, WithAnalyze or WithPlan."
                "the whole message"
        }

        test "options out of range: all of them in one message" {
            let options =
                HttpBackendOptions(
                    Port = Nullable 70000,
                    StepTimeLimit = TimeSpan.Zero,
                    MaxRequestBodySize = 0L,
                    KeepAliveTimeout = TimeSpan.Zero,
                    ShutdownTimeout = TimeSpan.FromSeconds -1.0
                )

            Expect.equal
                (messageOf<ArgumentException>(fun () -> HttpBackend options |> ignore))
                "The HTTP options do not work: StepTimeLimit has to be positive and at most a day, or Timeout.InfiniteTimeSpan for none; it is 00:00:00; MaxRequestBodySize has to be from 1 to 2147483591 bytes; it is 0; Port has to be from 0 to 65535; it is 70000; KeepAliveTimeout has to be positive; it is 00:00:00; ShutdownTimeout must not be negative; it is -00:00:01."
                "the whole message"
        }

        test "a port that is taken" {
            use taken = new TcpListener(IPAddress.Loopback, 0)
            taken.Start()
            let port = (taken.LocalEndpoint :?> IPEndPoint).Port
            let backend = HttpBackend("127.0.0.1", port)
            backend.Setup(dummy ())

            let message =
                messageOf<IO.IOException>(fun () -> backend.RunAsync(CancellationToken.None).GetAwaiter().GetResult())

            Expect.stringContains message $"127.0.0.1:{port}" "where"
            Expect.stringContains message "Choose another address with HttpBackendOptions.Host and Port" "what to do"
        }
    ]

let private running (options: HttpBackendOptions) (check: RunningHttpBackend -> Task<unit>) = task {
    let backend = HttpBackend options
    backend.Setup(dummy ())
    let! running = backend.StartAsync CancellationToken.None
    use _ = running :> IAsyncDisposable
    do! check running
}

let private certificate () =
    use key = RSA.Create 2048

    let request =
        CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)

    let now = DateTimeOffset.UtcNow
    request.CreateSelfSigned(now.AddDays -1.0, now.AddDays 1.0)

let private configuration =
    testList "Whatever ASP.NET Core can be told can be told through the backend" [
        testCaseTask "addresses on the command line"
        <| fun () -> task {
            do!
                running (HttpBackendOptions(Args = [| "--urls"; "http://127.0.0.1:0" |])) (fun server -> task {
                    Expect.equal server.BaseAddress.Host "127.0.0.1" "from the configuration"
                    Expect.notEqual server.BaseAddress.Port 8096 "and not the default port"
                })
        }

        testCaseTask "an address in the options wins over the configuration"
        <| fun () -> task {
            let options = local ()
            options.Args <- [| "--urls"; "http://127.0.0.2:0" |]

            do!
                running options (fun server -> task {
                    Expect.equal server.BaseAddress.Host "127.0.0.1" "chosen in code"
                })
        }

        testCaseTask "settings are read once: no file is watched, which a node has room for only a few times"
        <| fun () -> task {
            let program = Repository.path "samples/Quickstart/bin/Release/net10.0/Quickstart.dll"
            use started = Processes.start [ program; "--host"; "127.0.0.1"; "--port"; "0" ]

            try
                let! _ = Processes.addressOf started

                if OperatingSystem.IsLinux() then
                    let opened = Directory.GetFileSystemEntries $"/proc/{started.Id}/fd"
                    Expect.isNonEmpty opened "what the process has open"

                    let watches =
                        opened
                        |> Array.filter (fun path -> FileInfo(path).LinkTarget = "anon_inode:inotify")

                    Expect.isEmpty watches "inotify instances"
            finally
                started.Kill()
        }

        testCaseTask "TLS"
        <| fun () -> task {
            let options = local ()
            use certificate = certificate ()

            options.ConfigureKestrel <-
                Action<KestrelServerOptions>(fun kestrel ->
                    kestrel.Listen(IPAddress.Loopback, 0, (fun listen -> listen.UseHttps certificate |> ignore)))

            do!
                running options (fun server -> task {
                    use handler =
                        new HttpClientHandler(ServerCertificateCustomValidationCallback = fun _ _ _ _ -> true)

                    use client = new HttpClient(handler)
                    Expect.equal server.BaseAddress.Scheme "https" "the address says so"
                    let! reply = postTo client (Uri(server.BaseAddress, "/api/v1alpha1/monitor"))
                    Expect.equal reply """{"numInvocations":1}""" "over TLS"
                })
        }

        testCaseTask "middleware in front of the steps, services, and a prefix"
        <| fun () -> task {
            let options = local ()
            options.Prefix <- "udfs/"

            options.ConfigureBuilder <-
                Action<WebApplicationBuilder>(fun builder -> builder.Services.AddSingleton "secret" |> ignore)

            options.ConfigureApp <-
                Action<WebApplication>(fun app ->
                    app.Use(fun (ctx: HttpContext) (next: RequestDelegate) ->
                        ctx.Response.Headers["x-from"] <- ctx.RequestServices.GetRequiredService<string>()
                        next.Invoke ctx)
                    |> ignore)

            do!
                running options (fun server -> task {
                    use client = new HttpClient()
                    use content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
                    use! response = client.PostAsync(Uri(server.BaseAddress, "/udfs/monitor"), content)
                    Expect.equal (int response.StatusCode) 200 "the prefix is normalised"
                    Expect.equal (List.ofSeq (response.Headers.GetValues "x-from")) [ "secret" ] "the middleware ran"
                })
        }
    ]

let private stopping =
    testList "Stopping" [
        testCaseTask "a token ends Bootstrap.RunAsync"
        <| fun () -> task {
            use stop = new CancellationTokenSource()
            let started = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            let options = local ()

            options.ConfigureApp <-
                Action<WebApplication>(fun app ->
                    app.Lifetime.ApplicationStarted.Register(fun () -> started.SetResult())
                    |> ignore)

            let run = Bootstrap.RunAsync(dummy (), HttpBackend options, stop.Token)
            do! started.Task
            do! stop.CancelAsync()
            do! run
        }

        testCaseTask "a call under way is answered, and its connection is closed with an announcement"
        <| fun () -> task {
            let entered = Service.Of(TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            let release = Service.Of(TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))

            let algorithm =
                Algorithm.CreateMonitor<JsonObject>
                    (fun (_: MonitorContext<JsonObject, JsonObject>) (_: CancellationToken) -> task {
                        entered.Value.SetResult()
                        do! release.Value.Task
                        return Json.object [ "late", JsonValue.Create true ]
                    })

            let! server = Server.start algorithm
            let call = server.Call("monitor", Requests.first)
            do! entered.Value.Task
            let stop = server.Backend.StopAsync CancellationToken.None
            release.Value.SetResult()
            let! reply = call
            Expect.equal (reply.Status, reply.Text) (200, """{"late":true}""") "the answer still comes"
            do! stop
            do! (server :> IAsyncDisposable).DisposeAsync()
        }
    ]

let tests = testSequenced (testList "Hosting" [ states; configuration; stopping ])
