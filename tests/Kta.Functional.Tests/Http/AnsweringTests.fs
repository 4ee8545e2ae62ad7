/// What users ran into around a call: where it may stand, what its headers say, what is logged of it, and whose fault it is.
module Kta.Functional.Tests.Http.AnsweringTests

open System
open System.Collections.Generic
open System.IO
open System.Net.Http
open System.Text
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Microsoft.AspNetCore.Authorization
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

let private planned = Requests.ofNodes [ "orders" ] "{}" "{}"

let private decisions =
    testList "The decision of a plan" [
        testCaseTask "is logged with iteration, node, before and after"
        <| fun () ->
            Server.serve plain (fun server -> task {
                let! first = server.Call("plan", planned "[]")
                Expect.equal first.Status 200 first.Text
                let! line = server.Log.Await "Decided"
                Expect.equal line.Level LogLevel.Information "worth a line"
                Expect.stringContains line.Text "Deployment/orders → 1" "what is planned"
                Expect.stringContains line.Text (Json.text (Json.parse (planned "[]")) "id") "the iteration"
                let! _ = server.Call("plan", Requests.withHistory [ Requests.entry "{}" "{}" ])
                let! lines = server.Log.Await("Decided", 2)
                Expect.stringContains (List.last lines).Text "Deployment/orders 4 → 1" "from what is applied"
            })
    ]

let private headers =
    testList "A body" [
        testCaseTask "with a Content-Encoding that nobody undoes: 415 that names the header"
        <| fun () ->
            Server.serve plain (fun server -> task {
                use request = new HttpRequestMessage(HttpMethod.Post, Uri("/api/v1alpha1/monitor", UriKind.Relative))
                let content = new ByteArrayContent(Encoding.UTF8.GetBytes Requests.first)

                content.Headers.TryAddWithoutValidation("Content-Type", "application/json")
                |> ignore

                content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip") |> ignore
                request.Content <- content
                let! reply = server.SendWith(request, Threading.CancellationToken.None)
                Expect.equal reply.Status 415 reply.Text
                Expect.stringContains reply.Message "Content-Encoding" "the header"
            })

        testCaseTask "in another charset: 415 that names it; said wrongly of ASCII it does no harm"
        <| fun () ->
            Server.serve plain (fun server -> task {
                let send (text: Encoding) =
                    server.Send(
                        "POST",
                        "/api/v1alpha1/monitor",
                        text.GetBytes Requests.first,
                        $"application/json; charset={text.WebName}"
                    )

                let! wide = send Encoding.Unicode
                Expect.equal wide.Status 415 wide.Text
                Expect.stringContains wide.Message "utf-16" "the charset"
                let! ascii = send Encoding.Latin1
                Expect.equal ascii.Status 200 ascii.Text
            })
    ]

let private faults =
    testList "A step" [
        testCaseTask "whose exception cannot be rendered is the step's fault, not ours"
        <| fun () ->
            Server.serve (plain.WithMonitor(fun _ -> raise (Unspeakable()))) (fun server -> task {
                let! reply = server.Call("monitor", Requests.first)
                Expect.equal reply.Status 500 reply.Text
                Expect.stringContains reply.Message "monitor" "the step"
                Expect.isFalse (reply.Message.Contains "defect of Kta.Functional") reply.Message
                let! next = server.Call("plan", planned "[]")
                Expect.equal next.Status 200 "and others are served"
            })
    ]

let private application
    (configure: WebApplication -> unit)
    (build: WebApplicationBuilder -> unit)
    (check: HttpClient -> Task<unit>)
    = task {
    let builder = WebApplication.CreateBuilder()
    builder.Logging.ClearProviders() |> ignore
    builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
    build builder
    let app = builder.Build()
    configure app
    do! app.StartAsync()
    use client = new HttpClient(BaseAddress = Uri(Seq.head app.Urls))
    do! check client
    do! app.StopAsync()
    do! app.DisposeAsync()
}

let private status (client: HttpClient) (path: string) = task {
    use! response = client.GetAsync path
    return int response.StatusCode
}

let private embedded =
    testList "Inside of an application" [
        testCaseTask "probes are answered, whatever the fallback policy asks of callers"
        <| fun () ->
            application
                (fun app ->
                    app.UseAuthentication().UseAuthorization() |> ignore
                    app.MapKta(DummyAutoscaler.Create()) |> ignore)
                (fun builder ->
                    builder.Services
                        .AddAuthentication("none")
                        .AddCookie(
                            "none",
                            fun options ->
                                options.Events.OnRedirectToLogin <-
                                    fun ctx ->
                                        ctx.Response.StatusCode <- 401
                                        Task.CompletedTask
                        )
                    |> ignore

                    builder.Services
                        .AddAuthorizationBuilder()
                        .SetFallbackPolicy(AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
                    |> ignore)
                (fun client -> task {
                    let! live = status client "/health/live"
                    let! ready = status client "/health/ready"
                    Expect.equal (live, ready) (200, 200) "probes know no password"

                    use! step =
                        client.PostAsync(
                            "/api/v1alpha1/monitor",
                            new StringContent(Requests.first, Encoding.UTF8, "application/json")
                        )

                    Expect.equal (int step.StatusCode) 401 "callers do"
                })

        testCaseTask "two algorithms have prefixes of their own; one path twice is refused at once"
        <| fun () ->
            application
                (fun app ->
                    app.MapKta(DummyAutoscaler.Create()) |> ignore
                    app.MapKta(plain, KtaOptions(Prefix = "/other")) |> ignore

                    let error = Expect.throwsC (fun () -> app.MapKta plain |> ignore) id
                    Expect.stringContains error.Message "/api/v1alpha1/monitor is mapped already" "what and where")
                ignore
                (fun client -> task {
                    for prefix in [ "/api/v1alpha1"; "/other" ] do
                        use! reply =
                            client.PostAsync(
                                $"{prefix}/monitor",
                                new StringContent(Requests.first, Encoding.UTF8, "application/json")
                            )

                        Expect.equal (int reply.StatusCode) 200 prefix
                })

        testCaseTask "a handler inside of a sub-route of Giraffe matches what is left of the path"
        <| fun () -> task {
            let handler = Kta.handler plain (fun ctx -> Task.FromResult(Some ctx))
            use services = ServiceCollection().AddLogging().BuildServiceProvider()

            let call (path: string) (matched: string option) = task {
                let ctx = DefaultHttpContext(RequestServices = services)
                ctx.Request.Method <- "POST"
                ctx.Request.Path <- PathString path
                let body = Encoding.UTF8.GetBytes Requests.first
                ctx.Request.Body <- new MemoryStream(body)
                ctx.Request.ContentLength <- Nullable body.LongLength
                matched |> Option.iter (fun text -> ctx.Items["giraffe_route"] <- text)
                let! served = handler ctx
                return served |> Option.map (fun ctx -> ctx.Response.StatusCode)
            }

            let! inside = call "/team/api/v1alpha1/monitor" (Some "/team")
            Expect.equal inside (Some 200) "what is left is ours"
            let! outside = call "/team/api/v1alpha1/monitor" None
            Expect.equal outside None "nothing was matched before"
        }
    ]

let tests = testSequenced (testList "Answering" [ decisions; headers; faults; embedded ])
