/// What the headers of a request say about its body.
module internal Kta.Functional.Http.Content

open System
open System.Text.Unicode
open Microsoft.AspNetCore.Http
open Microsoft.Net.Http.Headers

/// The type, if it is not JSON.
let foreignType (ctx: HttpContext) : string | null =
    match ctx.Request.ContentType with
    | null
    | ""
    | "application/json" -> null
    | text ->
        let kind = (Array.head (text.Split ';')).Trim()

        let isJson =
            kind.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (kind.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && kind.EndsWith("+json", StringComparison.OrdinalIgnoreCase))

        if isJson then null else text

/// How the body is packed, if it is. Middleware that unpacks bodies takes the header away.
let packing (ctx: HttpContext) : string | null =
    let encodings = ctx.Request.Headers.ContentEncoding

    if encodings.Count = 0 then
        null
    else
        match encodings.ToString().Trim() with
        | "" -> null
        | "identity" -> null
        | packed -> packed

let private charset (ctx: HttpContext) =
    match ctx.Request.ContentType with
    | null
    | "application/json" -> ""
    | text ->
        match MediaTypeHeaderValue.TryParse text with
        | true, NonNull kind -> kind.Charset.ToString().Trim '"'
        | _ -> ""

/// Whether these bytes can be what is expected, whatever they are said to be: a zero is in no JSON text, and of texts of
/// 16 bits those are understood that say how they begin.
let private isText (body: ReadOnlyMemory<byte>) =
    let bytes = body.Span

    bytes.StartsWith [| 0xFFuy; 0xFEuy |]
    || bytes.StartsWith [| 0xFEuy; 0xFFuy |]
    || (Utf8.IsValid bytes && not (bytes.Contains 0uy))

/// The charset that a body is written in, if it is another than UTF-8 and makes a difference.
let foreignCharset (ctx: HttpContext) (body: ReadOnlyMemory<byte>) : string | null =
    match charset ctx with
    | "" -> null
    | "utf-8" -> null
    | _ when isText body -> null
    | other -> other
