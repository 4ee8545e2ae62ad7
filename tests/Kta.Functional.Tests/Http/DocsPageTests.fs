/// The page of the OpenAPI document, as it is sent; a browser looks at it in the tests of the tool.
module Kta.Functional.Tests.Http.DocsPageTests

open System
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.OpenApiDocuments
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder

let private page (server: RunningServer) (path: string) = server.Send("GET", path, null, null)

let private inside (tag: string) (html: string) = [
    for found in Regex.Matches(html, $"<{tag}>(.*?)</{tag}>", RegexOptions.Singleline) -> found.Groups[1].Value
]

let private hash (text: string) =
    $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes text))}'"

let private own (map: WebApplication -> unit) check =
    serveWith (fun options -> options.ConfigureApp <- Action<WebApplication> map) plain check

let tests =
    testSequenced
    <| testList "The page of the document" [
        testCaseTask "has each operation with its examples, and every type"
        <| fun () ->
            serve typed (fun server -> task {
                let! document = get server
                let! reply = page server "/docs"
                Expect.equal (reply.Status, reply.ContentType) (200, "text/html; charset=utf-8") reply.Text
                let operations = operations document

                for path, method, operation in operations do
                    Expect.stringContains
                        reply.Text
                        $"<span class=\"method\">{method.ToUpperInvariant()}</span> <code>{path}</code>"
                        path

                    Expect.stringContains reply.Text $"data-path=\"{path.TrimStart '/'}\"" $"{path} can be tried"

                let examples = [
                    for _, method, operation in operations do
                        if method = "post" then
                            yield! contentOf (at operation "requestBody") |> snd
                ]

                let shown = [
                    for found in
                        Regex.Matches(reply.Text, "<pre class=\"example\">(.*?)</pre>", RegexOptions.Singleline) ->
                        Json.parse (nonNull (Net.WebUtility.HtmlDecode found.Groups[1].Value))
                ]

                Expect.equal shown.Length examples.Length "examples"

                for (_, example), text in List.zip examples shown do
                    Expect.isTrue (Json.same (Json.parse (example.ToJsonString())) text) "the same example"

                for schema in (at (at document "components") "schemas").AsObject() do
                    Expect.stringContains reply.Text $"id=\"schema-{schema.Key}\"" "a type"

                for link in Regex.Matches(reply.Text, "href=\"#([^\"]*)\"") do
                    Expect.stringContains reply.Text $"id=\"{link.Groups[1].Value}\"" "what links lead to"
            })

        testCaseTask "runs its own script and nothing else"
        <| fun () ->
            serve typed (fun server -> task {
                let! reply = page server "/docs"
                let only text = inside text reply.Text |> List.exactlyOne |> hash
                let script, style = only "script", only "style"

                Expect.equal
                    (String.Join(",", reply.Headers.GetValues "Content-Security-Policy"))
                    $"default-src 'none'; script-src {script}; style-src {style}; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    "the policy"

                Expect.isFalse (Regex.IsMatch(reply.Text, "<[^>]* (on[a-z]+|style)=")) "nothing the policy forbids"
                Expect.isFalse (Regex.IsMatch(reply.Text, "(src|href)=\"(https?:)?//")) "no other host"
            })

        testCaseTask "shows names as text"
        <| fun () ->
            serve (typed.WithName "<script>\"&") (fun server -> task {
                let! reply = page server "/docs"
                Expect.stringContains reply.Text "<h1>&lt;script&gt;&quot;&amp;</h1>" "encoded"
            })

        testCaseTask "finds the document also as a folder, and below a path"
        <| fun () ->
            own (fun app -> app.UsePathBase "/base" |> ignore) (fun server -> task {
                for path, link in
                    [ "/docs", "openapi.json"; "/docs/", "../openapi.json"; "/base/docs", "openapi.json" ] do
                    let! reply = page server path
                    Expect.stringContains reply.Text $"href=\"{link}\"" path
            })

        testCaseTask "is only read"
        <| fun () ->
            serve plain (fun server -> task {
                let! reply = server.Post("/docs", "{}")
                Expect.equal reply.Status 405 reply.Text
                Expect.equal (String.Join(", ", reply.ContentHeaders.Allow)) "GET, HEAD" "what is allowed"
            })

        testCaseTask "leaves the path to the application, unless that takes everything there is"
        <| fun () -> task {
            let mine = Func<string>(fun () -> "mine")

            for pattern, isOwn in
                [ "/docs", true; "/docs/{**rest}", true; "/{page}", false; "/{**rest}", false; "/other", false ] do
                do!
                    own (fun app -> app.MapGet(pattern, mine) |> ignore) (fun server -> task {
                        let! reply = page server "/docs"
                        Expect.equal (reply.Text = "mine") isOwn pattern
                    })
        }
    ]
