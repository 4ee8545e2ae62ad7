/// The description of what is served, at /openapi.json.
module internal Kta.Functional.Http.OpenApi

open System
open System.Text
open System.Text.Json.Nodes
open Microsoft.AspNetCore.Http

[<Literal>]
let Path = "/openapi.json"

/// The document as those see it who reach the application below a path.
let private below (pathBase: PathString) (document: JsonObject) =
    if pathBase.HasValue then
        let copy, server = document.DeepClone().AsObject(), JsonObject()
        server["url"] <- JsonValue.Create(pathBase.ToUriComponent())
        copy["servers"] <- JsonArray(server :> JsonNode)
        copy
    else
        document

let handler (document: Lazy<JsonObject>) : HttpHandler =
    let answer: HttpHandler =
        fun next ctx -> task {
            let text = (below ctx.Request.PathBase document.Value).ToJsonString()
            do! Replies.sendDocument ctx 200 (ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes text))
            return! next ctx
        }

    HttpHandler.path Path >=> answer
