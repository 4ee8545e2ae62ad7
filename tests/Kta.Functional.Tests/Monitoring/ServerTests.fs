/// Who asks a server, and what is said when it refuses.
module Kta.Functional.Tests.Monitoring.ServerTests

open System
open System.Collections.Generic
open System.IO
open System.Net
open System.Net.Sockets
open System.Text
open System.Threading
open Expecto
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Tests.Monitoring.Serving

let private credentials =
    let seen (server: string -> ServerOptions) = task {
        use! flink = startAnswering (answer [ orders ])
        let! _ = readWith (server flink.Address) CancellationToken.None

        return
            flink.Asked
            |> List.map (fun asked -> asked.Headers |> Map.tryFind "Authorization")
            |> List.distinct
    }

    testList "who asks is told to the server" [
        testCaseTask "by a bearer token"
        <| fun () -> task {
            let! headers = seen (fun address -> ServerOptions(address, BearerToken = secret))
            Expect.equal headers [ Some $"Bearer {secret}" ] "in each request"
        }

        testCaseTask "by a token in a file, which is read again when it is renewed"
        <| fun () ->
            inFolder (fun folder -> task {
                let file = Path.Combine(folder, "token")
                use! flink = startAnswering (answer [ orders ])
                use monitor = monitorOf (ServerOptions(flink.Address, BearerTokenFile = file))
                File.WriteAllText(file, "first\n")
                let! _ = monitor.ReadAsync context
                File.WriteAllText(file, "second\n")
                let! _ = monitor.ReadAsync context

                let tokens =
                    flink.Asked
                    |> List.map (fun asked -> asked.Headers["Authorization"])
                    |> List.distinct

                Expect.equal tokens [ "Bearer first"; "Bearer second" ] "the new one"
            })

        testCaseTask "by user and password"
        <| fun () -> task {
            let! headers = seen (fun address -> ServerOptions(address, UserName = "me", Password = "pä:ss"))
            Expect.equal headers [ Some("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes "me:pä:ss")) ] "basic"
        }

        testCaseTask "by user and password in the address, which no message shows"
        <| fun () -> task {
            let! headers = seen (fun address -> ServerOptions(address.Replace("http://", $"http://me:{secret}@")))

            Expect.equal
                headers
                [ Some("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes $"me:{secret}")) ]
                "basic"
        }

        testCaseTask "by headers of one's own"
        <| fun () -> task {
            use! flink = startAnswering (answer [ orders ])

            let! _ =
                readWith
                    (ServerOptions(flink.Address, Headers = Dictionary(dict [ "X-Scope-OrgID", "team" ])))
                    CancellationToken.None

            Expect.all flink.Asked (fun asked -> asked.Headers["X-Scope-OrgID"] = "team") "in each request"
        }

        for what, options in
            [
                "a token twice", ServerOptions("http://f", BearerToken = secret, BearerTokenFile = "f")
                "a token and a user", ServerOptions("http://f", BearerToken = secret, UserName = "me")
                "a password without a user", ServerOptions("http://f", Password = secret)
                "a password twice", ServerOptions("http://f", UserName = "me", Password = secret, PasswordFile = "f")
                "a token of two lines", ServerOptions("http://f", BearerToken = $"{secret}\nX-Other: 1")
                "a header of two lines",
                ServerOptions("http://f", Headers = Dictionary(dict [ "X-A", $"{secret}\r\nX-B: 1" ]))
                "a certificate without key", ServerOptions("http://f", ClientCertificateFile = "f")
                "eleven retries", ServerOptions("http://f", Retries = 11)
                "an authority that is not there",
                ServerOptions("https://f", CertificateAuthorityFile = "/nowhere/ca.pem")
            ] do
            test $"but not {what}" {
                let error =
                    Expect.throwsC (fun () -> (monitorOf options).Dispose()) (fun error -> error :?> ArgumentException)

                Expect.isFalse (error.Message.Contains secret) "no secret in the message"
            }

        testCaseTask "and a file that is missing is named, not what would be in it"
        <| fun () -> task {
            let! error = failing (ServerOptions("http://127.0.0.1:1", BearerTokenFile = "/nowhere/token"))
            Expect.stringContains error.Message "/nowhere/token" "which"
        }
    ]

let private refusals =
    testList "a reply that is no answer is told with server, question, status and remedy" [
        for what, reply, status, parts in
            [
                "401", status 401 "", 401, [ "wants to know who asks" ]
                "403", status 403 """{"errors":["Forbidden"]}""", 403, [ "Forbidden"; "has not the right" ]
                "404",
                status 404 """{"errors":["Not found: /jobs/overview"]}""",
                404,
                [ "Not found"; "address of a job manager" ]
                "429", status 429 "slow down", 429, [ "asked too often" ]
                "500 with a stack trace",
                status 500 """{"errors":["java.lang.NullPointerException\n\tat org.apache.flink.A"]}""",
                500,
                [ "java.lang.NullPointerException"; "See its log" |> _.ToLowerInvariant() ]
                "a redirect to a login",
                {
                    status 302 "" with
                        AnswerHeaders = [ "Location", "https://login.example/auth?next=secret" ]
                },
                302,
                [ "leads to https://login.example/auth:" ]
                "a redirect to a path",
                {
                    status 302 "" with
                        AnswerHeaders = [ "Location", "/login?next=secret" ]
                },
                302,
                [ "leads to http://127.0.0.1:"; "/login:" ]
                "what the request said", status 400 $"bad header: Bearer {secret}", 400, [ "bad header: Bearer ***" ]
                "a body that is not packed as it says",
                {
                    ok "plain" with
                        AnswerHeaders = [ "Content-Encoding", "gzip" ]
                },
                200,
                [ "cannot be unpacked" ]
                "500 with two lines",
                status
                    500
                    """{"errors":["Internal server error.","<Exception on server side:\norg.apache.flink.FlinkJobNotFoundException: Could not find Flink job\n\tat org.apache"]}""",
                500,
                [ "Internal server error. org.apache.flink.FlinkJobNotFoundException" ]
                "HTML",
                ok "<html><body>Welcome to nginx!</body></html>",
                200,
                [ "something else than JSON"; "Welcome to nginx!" ]
                "nothing", ok "", 200, [ "something else than JSON" ]
                "JSON that breaks off", ok """{"jobs":[{"jid":"a",""", 200, [ "something else than JSON" ]
                "a list in place of an object", ok "[]", 200, [ "$ should be an object, found []" ]
                "no jobs in it", ok "{}", 200, [ "$.jobs should be a list, found nothing" ]
                "a job without a name",
                ok """{"jobs":[{"jid":"a","state":"RUNNING"}]}""",
                200,
                [ "$.jobs[0].name should be a text" ]
            ] do
            testCaseTask what
            <| fun () -> task {
                let! error = failureAfter reply
                Expect.equal error.Status (Nullable status) "the status"
                Expect.stringContains error.Message "Flink at http://127.0.0.1:" "which server"
                Expect.stringContains error.Query "/jobs/overview" "what it was asked"

                for part in parts do
                    Expect.stringContains error.Message part "what, and what to do"

                Expect.isFalse (error.Message.Contains secret || error.Message.Contains "next=secret") "no secret"
            }

        testCaseTask "none at all"
        <| fun () -> task {
            use free = new TcpListener(IPAddress.Loopback, 0)
            free.Start()
            let port = (free.LocalEndpoint :?> IPEndPoint).Port
            free.Stop()
            let! error = failing (ServerOptions $"http://127.0.0.1:{port}")
            Expect.equal error.Status (Nullable()) "no status"
            Expect.stringContains error.Message "Is the server running" "what to do"
        }
    ]

let tests = testList "Servers of monitors" [ credentials; refusals ]
