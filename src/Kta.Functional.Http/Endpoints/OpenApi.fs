/// The description of what is served, at /openapi.json.
module internal Kta.Functional.Http.OpenApi

open System
open System.IO
open System.Reflection
open System.Text
open System.Text.Json.Nodes
open Kta.Functional
open Microsoft.AspNetCore.Http

let private template () =
    use stream =
        match Assembly.GetExecutingAssembly().GetManifestResourceStream "openapi.json" with
        | null -> failwith "The package lacks its resource openapi.json."
        | stream -> stream

    use reader = new StreamReader(stream, Encoding.UTF8)
    reader.ReadToEnd()

/// Only the steps that are served, below the prefix they are served at.
let private describe (algorithm: Algorithm) (options: KtaOptions) =
    let document = (JsonNode.Parse(template ()) |> Unchecked.nonNull).AsObject()
    let all = (document["paths"] |> Unchecked.nonNull).AsObject()
    let served = JsonObject()

    for step in algorithm.Steps do
        let name = "/" + step.Name()
        served[options.Root + name] <- (all[name] |> Unchecked.nonNull).DeepClone()

    if Seq.contains Step.Plan algorithm.Steps then
        served[options.Root + "/explain"] <- (all["/explain"] |> Unchecked.nonNull).DeepClone()

    document["paths"] <- served
    document.ToJsonString()

[<Literal>]
let Path = "/openapi.json"

let handler (served: Served) : HttpHandler =
    let document =
        lazy ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(describe served.Algorithm served.Options))

    let answer: HttpHandler =
        fun next ctx -> task {
            do! Replies.sendDocument ctx 200 document.Value
            return! next ctx
        }

    HttpHandler.path Path >=> answer
