/// The document as one page for people, at /docs: complete without a script, which only sends requests.
module internal Kta.Functional.Http.DocsPage

open System
open System.Security.Cryptography
open System.Text
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes
open Kta.Functional.Http.Html
open Microsoft.AspNetCore.Http

[<Literal>]
let Path = "/docs"

let private pretty =
    JsonSerializerOptions(
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = Serialization.Metadata.JsonTypeInfoResolver.Combine()
    )

let private show (value: JsonNode | null) =
    match value with
    | null -> ""
    | value -> encode (value.ToJsonString pretty)

let private contentOf (owner: JsonObject) : JsonObject =
    match parts owner "content" with
    | (_, content) :: _ -> content
    | [] -> JsonObject()

let private request (body: JsonObject) : string =
    let content = contentOf body

    all [
        el "h3" "Request"
        el "p" (kind content["schema"])
        for _, example in parts content "examples" do
            all [
                el "summary" (encode (wordOf example "summary"))
                tag "pre" [ "class", "example" ] (show example["value"])
            ]
            |> el "details"
    ]

let private responses (components: JsonObject) (operation: JsonObject) : string =
    let known = dict (parts components "responses")

    let answers = [
        for status, said in parts operation "responses" do
            let reference = wordOf said "$ref"
            let response = if reference = "" then said else known[lastOf reference]
            status, response, contentOf response
    ]

    all [
        el "h3" "Responses"
        [
            for status, response, content in answers ->
                [
                    tag "td" [ "class", "status" ] (encode status)
                    el "td" (encode (wordOf response "description"))
                    el "td" (kind content["schema"])
                ]
                |> all
                |> el "tr"
        ]
        |> all
        |> el "table"
        for status, _, content in answers do
            match show content["example"] with
            | "" -> ()
            | example -> el "details" (el "summary" (encode $"{status}, for example") + el "pre" example)
    ]

/// What the script makes usable.
let private trial (target: string) (method: string) (body: JsonObject) : string =
    let options = [
        for _, example in parts (contentOf body) "examples" -> el "option" (encode (wordOf example "summary"))
    ]

    all [
        el "h3" "Try it"
        if not options.IsEmpty then
            tag "select" [ "aria-label", "Example" ] (all options)
        if method = "POST" then
            tag "textarea" [ "aria-label", "Request"; "spellcheck", "false" ] ""
        tag "button" [ "type", "button" ] "Send"
        tag "pre" [ "hidden", "" ] ""
    ]
    |> tag "div" [ "class", "trial"; "hidden", ""; "data-method", method; "data-path", target ]

let private operation (above: string) (components: JsonObject) (path: string) (method: string) (said: JsonObject) =
    let method, body = method.ToUpperInvariant(), part said "requestBody"

    all [
        tag
            "h2"
            [ "id", wordOf said "operationId" ]
            (tag "span" [ "class", "method" ] (encode method) + " " + code path)
        el "p" (encode (wordOf said "summary"))
        if method = "POST" then
            request body
        responses components said
        trial (above + path.TrimStart '/') method body
    ]
    |> el "section"

let private css = lazy (Resource.text "docs.css")
let private script = lazy (Resource.text "docs.js")

/// The page, as seen from beside the document ("") or from below it ("../").
let private make (document: JsonObject) (above: string) : string =
    let info, components = part document "info", part document "components"
    let title = encode (wordOf info "title")

    let head =
        all [
            """<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">"""
            el "title" title
            el "style" css.Value
        ]

    let body =
        all [
            el "h1" title
            el "p" (encode (wordOf info "description"))
            el
                "nav"
                (tag "a" [ "href", above + "openapi.json" ] "openapi.json"
                 + tag "a" [ "href", "#types" ] "Types")
            for path, methods in parts document "paths" do
                for method in methods do
                    operation above components path method.Key (part methods method.Key)
            tag "h2" [ "id", "types" ] "Types"
            for name, schema in parts components "schemas" do
                all [
                    tag "h3" [ "id", "schema-" + name ] (encode name)
                    el "p" (encode (wordOf schema "description"))
                    table schema
                ]
                |> el "section"
            el "script" script.Value
        ]

    "<!DOCTYPE html>"
    + tag "html" [ "lang", "en" ] (el "head" head + el "body" body)

let private hashOf (text: string) =
    "'sha256-"
    + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes text))
    + "'"

/// Nothing from elsewhere, and nobody else's script.
let private policy =
    lazy
        ($"default-src 'none'; script-src {hashOf script.Value}; style-src {hashOf css.Value}; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")

let handler (document: Lazy<JsonObject>) : HttpHandler =
    let page (above: string) = lazy ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(make document.Value above))

    let beside, below = page "", page "../"

    let answer: HttpHandler =
        fun next ctx -> task {
            let isFolder = (string ctx.Request.Path.Value).EndsWith '/'
            ctx.Response.Headers.ContentSecurityPolicy <- policy.Value
            ctx.Response.Headers.XContentTypeOptions <- "nosniff"
            do! Replies.sendPage ctx (if isFolder then below.Value else beside.Value)
            return! next ctx
        }

    HttpHandler.path Path >=> answer
