/// docs/security.md: who may call, and what is told about calls.
module Kta.Functional.Tests.Http.SecurityTests

open System
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.FSharp
open Kta.Functional.Tests.Http.Certificates
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.Logging

let private monitor (address: Uri) (change: HttpRequestMessage -> unit) (client: HttpClient) = task {
    use request =
        new HttpRequestMessage(
            HttpMethod.Post,
            Uri(address, "/api/v1alpha1/monitor"),
            Content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
        )

    change request
    return! replyTo client request CancellationToken.None
}

let private running (options: HttpBackendOptions) (check: Uri -> Task<unit>) = task {
    let backend = HttpBackend options
    backend.Setup(DummyAutoscaler.Create())
    let! running = backend.StartAsync CancellationToken.None
    use _ = running :> IAsyncDisposable
    do! check running.BaseAddress
}

/// Whether the server hangs up instead of answering.
let private isRefused (call: Task<Reply>) = task {
    try
        let! _ = call
        return false
    with :? HttpRequestException ->
        return true
}

let private tls =
    testList "TLS" [
        testCaseTask "comes from the files of a secret, by configuration, and nothing is answered without it"
        <| fun () ->
            inFolder (fun folder -> task {
                let authority, sign = newAuthority ()

                do!
                    running (HttpBackendOptions(Args = files folder (sign forServers))) (fun address -> task {
                        use client = clientOf authority None
                        let! reply = client |> monitor address ignore
                        Expect.equal (address.Scheme, reply.Status) ("https", 200) "over TLS"
                        use plain = new HttpClient()
                        let! refused = plain |> monitor (UriBuilder(address, Scheme = "http").Uri) ignore |> isRefused
                        Expect.isTrue refused "no plain HTTP"
                    })
            })

        for language, withClientCertificates in
            [
                "C#", SecuritySnippets.WithClientCertificates
                "F#", FSharp.SecuritySnippets.withClientCertificates
            ] do
            testCaseTask $"may ask for certificates, as the page shows in {language}"
            <| fun () ->
                inFolder (fun folder -> task {
                    let authority, sign = newAuthority ()
                    let options: HttpBackendOptions = withClientCertificates authority
                    options.Args <- files folder (sign forServers)

                    do!
                        running options (fun address -> task {
                            use known = clientOf authority (Some(sign forClients))
                            let! reply = known |> monitor address ignore
                            Expect.equal reply.Status 200 "a certificate of the authority"

                            use nobody = clientOf authority None
                            let! reply = nobody |> monitor address ignore
                            Expect.equal (reply.Status, reply.Message) (401, "A client certificate is needed.") "none"
                            use! probe = nobody.GetAsync(Uri(address, "/health/ready"))
                            Expect.equal (int probe.StatusCode) 200 "a probe"

                            for kind, shown in
                                [
                                    "of another authority", snd (newAuthority ()) forClients
                                    "of a server", sign forServers
                                ] do
                                use client = clientOf authority (Some shown)
                                let! refused = client |> monitor address ignore |> isRefused
                                Expect.isTrue refused $"a certificate {kind}"
                        })
                })
    ]

let private tokens =
    testList "Tokens" [
        for language, withToken in
            [
                "C#", (fun (algorithm, args) -> CSharp.SecuritySnippets.WithToken(algorithm, args))
                "F#", (fun (algorithm, args) -> FSharp.SecuritySnippets.withToken algorithm args)
            ] do
            testCaseTask $"let in who knows them, and keep no probe out, in {language}"
            <| fun () -> task {
                let args = [| "--Token=open sesame"; "--urls=http://127.0.0.1:0"; "--Logging:LogLevel:Default=None" |]
                let app: WebApplication = withToken (DummyAutoscaler.Create() :> Algorithm, args)
                use _ = app :> IAsyncDisposable
                do! app.StartAsync()
                use client = new HttpClient()
                let address = Uri(Seq.head app.Urls)

                for header, status in [ "Bearer open sesame", 200; "Bearer open", 401; "open sesame", 401; "", 401 ] do
                    let! reply =
                        client
                        |> monitor address (fun request ->
                            request.Headers.TryAddWithoutValidation("Authorization", header) |> ignore)

                    Expect.equal reply.Status status header

                use! probe = client.GetAsync(Uri(address, "/health/ready"))
                Expect.equal (int probe.StatusCode) 200 "a probe"
                do! app.StopAsync()
            }
    ]

let private hosts =
    testList "Hosts" [
        testCaseTask "that are not allowed are refused before anything is read"
        <| fun () -> task {
            let settings = [| "--urls=http://127.0.0.1:0"; "--AllowedHosts=scaler.default.svc;scaler" |]

            do!
                running (HttpBackendOptions(Args = settings)) (fun address -> task {
                    use client = new HttpClient()

                    for host, status in [ "scaler.default.svc", 200; "scaler", 200; "elsewhere.example", 400 ] do
                        let! reply = client |> monitor address (fun request -> request.Headers.Host <- host)
                        Expect.equal reply.Status status host
                })
        }
    ]

let private secret = "hunter2"

/// What monitor measured, in the past and now; plan throws if it is told to.
let private keeper (throws: bool) : Algorithm = algorithm {
    monitor (fun _ -> {| Key = secret |})

    plan (fun ctx ->
        if throws then
            raise (InvalidOperationException "no plan today")

        ctx.Topology |> Plan.forEach (fun _ -> ctx.MonitorResult.Key.Length))
}

let private logs =
    let spoken (algorithm: Algorithm) (bodies: string list) = task {
        let! server =
            startWith
                (fun options ->
                    let before = options.ConfigureBuilder

                    options.ConfigureBuilder <-
                        Action<WebApplicationBuilder>(fun builder ->
                            (nonNull before).Invoke builder
                            builder.Logging.SetMinimumLevel LogLevel.Trace |> ignore))
                algorithm

        use _ = server :> IAsyncDisposable
        server.Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {secret}")

        for body in bodies do
            let! _ = server.Post($"/api/v1alpha1/monitor?key={secret}", body)
            let! _ = server.Post($"/api/v1alpha1/plan?key={secret}", body)
            ()

        let! _ = server.Post($"/nowhere?key={secret}", "{}")
        return [ for line in server.Log.Lines -> $"{line.Id.Name} {line.Text} {line.Error}" ]
    }

    let result = $$"""{"key":"{{secret}}"}"""
    let past = [ Requests.entry result "{}" ]
    let call = Requests.ofNodes [ "orders" ] result "{}" "[]"

    testList "The log" [
        for throws in [ false; true ] do
            testCaseTask
                $"""has no results, headers or queries, even at Trace, when plan {if throws then "throws" else "answers"}"""
            <| fun () -> task {
                let! lines = spoken (keeper throws) [ call; Requests.withHistory past ]
                let expected = if throws then "Failed" else "Decided"
                Expect.exists lines (fun line -> line.StartsWith expected) "it is about these calls"
                Expect.equal (lines |> List.filter _.Contains(secret)) [] "lines that tell the secret"
            }
    ]

type Lags = { PerTopic: Map<string, int> }

/// Whatever of a request is shown to say what is wrong with it, is shown shortened.
let private excerpts =
    let long = String('x', 3_000)

    let reader: Algorithm = algorithm {
        monitor (fun _ -> { PerTopic = Map.empty })
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun _ -> ctx.MonitorResult.PerTopic.Count + 1))
    }

    let refused (what: string) (method: string) (path: string) (contentType: string) (body: string) =
        testCaseTask $"and a reply show the beginning of {what} only"
        <| fun () -> task {
            do!
                serve reader (fun server -> task {
                    let! reply = server.Send(method, path, Encoding.UTF8.GetBytes body, contentType)
                    Expect.isGreaterThanOrEqual reply.Status 400 reply.Text

                    for text in reply.Text :: [ for line in server.Log.Lines -> line.Text ] do
                        Expect.isLessThan text.Length 1_500 "shortened"

                    Expect.exists server.Log.Lines (fun line -> line.Text.Contains "xxx") "it is told"
                })
        }

    let plan = "/api/v1alpha1/plan"

    let withKey =
        Requests.ofNodes [ "orders" ] ("""{"perTopic":{"KEY":"three"}}""".Replace("KEY", long)) "{}" "[]"

    testList "The log" [
        refused "a type of content" "POST" plan $"text/{long}" "{}"
        refused "a charset" "POST" plan $"application/json; charset={long}" "\uFFFD\u0000"
        refused "an address" "POST" $"/{long}" "application/json" "{}"
        refused "a key of a dictionary" "POST" plan "application/json" withKey
    ]

let tests = testList "Security" [ tls; tokens; hosts; logs; excerpts ]
