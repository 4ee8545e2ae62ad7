/// How long a server is waited for, and whom to trust.
module Kta.Functional.Tests.Monitoring.ServerConnectionTests

open System
open System.IO
open System.Net
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open System.Threading
open System.Threading.Tasks
open Expecto
open Microsoft.AspNetCore.Server.Kestrel.Https
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Tests.Monitoring.Serving

let private waiting =
    testList "it is waited for" [
        for code in [ 500; 502; 503; 504 ] do
            testCaseTask $"again after {code}, which passes"
            <| fun () -> task {
                let count = ref 0

                use! flink =
                    startAnswering (fun asked ->
                        if Interlocked.Increment count = 1 then
                            status code ""
                        else
                            answer [ orders ] asked)

                let! measured = readWith (ServerOptions flink.Address) CancellationToken.None
                Expect.isTrue (measured[map].RecordsIn.Value.HasValue) "the second time"
            }

        testCaseTask "no more often than said"
        <| fun () -> task {
            use! flink = startAnswering (fun _ -> status 503 "starting")
            let! error = failing (ServerOptions(flink.Address, Retries = 1))
            Expect.equal (flink.Asked.Length, error.Status) (2, Nullable 503) "twice"
        }

        testCaseTask "no longer than the step has time"
        <| fun () -> task {
            let never = TaskCompletionSource()
            use! flink = startWith (fun context _ -> task { do! never.Task.WaitAsync context.RequestAborted })
            use time = new CancellationTokenSource(TimeSpan.FromMilliseconds 200.)

            let! error =
                failureOf<OperationCanceledException, _>(fun () -> readWith (ServerOptions flink.Address) time.Token)

            Expect.stringContains
                error.Message
                "GET /jobs/overview was not answered before the time of the step was up"
                "what was asked"
        }

        testCaseTask "nor through pauses between two attempts, and the last answer is told"
        <| fun () -> task {
            use! flink = startAnswering (fun _ -> status 503 "starting")
            use time = new CancellationTokenSource(TimeSpan.FromMilliseconds 500.)

            let! error =
                failureOf<MonitoringException, _>(fun () ->
                    readWith (ServerOptions(flink.Address, Retries = 10)) time.Token)

            Expect.equal error.Status (Nullable 503) "why it waited"
        }

        testCaseTask "not for a body without end"
        <| fun () -> task {
            let mebibyte: byte array = Array.create (1 <<< 20) 32uy

            use! flink =
                startWith (fun context _ -> task {
                    while not context.RequestAborted.IsCancellationRequested do
                        do! context.Response.Body.WriteAsync(mebibyte.AsMemory(), context.RequestAborted)
                })

            let! error = failing (ServerOptions flink.Address)
            Expect.stringContains error.Message "more than 64 MiB" "too large"
        }
    ]

/// A certificate for 127.0.0.1, signed by an authority or by itself.
let private certificateOf (name: string) (authority: X509Certificate2 option) =
    let key = RSA.Create 2048
    let request = CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
    let names = SubjectAlternativeNameBuilder()
    names.AddIpAddress IPAddress.Loopback
    request.CertificateExtensions.Add(names.Build())
    request.CertificateExtensions.Add(X509BasicConstraintsExtension(authority.IsNone, false, 0, true))
    let today = DateTimeOffset DateTime.UtcNow.Date
    let from, until = today.AddDays -1., today.AddDays 2.

    match authority with
    | None -> request.CreateSelfSigned(from, until)
    | Some signer -> request.Create(signer, from, until, Guid.NewGuid().ToByteArray()).CopyWithPrivateKey key

let private secure =
    let withTls (clients: ClientCertificateMode) (check: string -> string -> Task<unit>) : Task<unit> =
        inFolder (fun folder -> task {
            let file name = Path.Combine(folder, name)
            use authority = certificateOf "authority" None
            use server = certificateOf "server" (Some authority)
            use client = certificateOf "client" (Some authority)
            File.WriteAllText(file "ca.pem", authority.ExportCertificatePem())
            File.WriteAllText(file "client.pem", client.ExportCertificatePem())
            File.WriteAllText(file "client.key", (nonNull (client.GetRSAPrivateKey())).ExportPkcs8PrivateKeyPem())

            let secured (options: HttpsConnectionAdapterOptions) =
                options.ServerCertificate <- server
                options.ClientCertificateMode <- clients
                options.ClientCertificateValidation <- fun certificate _ _ -> certificate.Subject = "CN=client"

            use! flink = startSecured secured (answer [ orders ])
            do! check flink.Address folder
        })

    testList "over TLS" [
        testCaseTask "by an authority of one's own"
        <| fun () ->
            withTls ClientCertificateMode.NoCertificate (fun address folder -> task {
                let! measured =
                    readWith
                        (ServerOptions(address, CertificateAuthorityFile = Path.Combine(folder, "ca.pem")))
                        CancellationToken.None

                Expect.isTrue (measured[map].RecordsIn.Value.HasValue) "trusted"
            })

        testCaseTask "not without it, and the remedy is named"
        <| fun () ->
            withTls ClientCertificateMode.NoCertificate (fun address _ -> task {
                let! error = failing (ServerOptions address)
                Expect.stringContains error.Message "the connection is not secure" "what"
                Expect.stringContains error.Message "Give the authority that signed its certificate" "what to do"
            })

        testCaseTask "with a certificate of the client"
        <| fun () ->
            withTls ClientCertificateMode.RequireCertificate (fun address folder -> task {
                let file name = Path.Combine(folder, name)

                let! measured =
                    readWith
                        (ServerOptions(
                            address,
                            CertificateAuthorityFile = file "ca.pem",
                            ClientCertificateFile = file "client.pem",
                            ClientKeyFile = file "client.key"
                        ))
                        CancellationToken.None

                Expect.isTrue (measured[map].RecordsIn.Value.HasValue) "known"
            })
    ]

let tests = testList "Connections to servers of monitors" [ waiting; secure ]
