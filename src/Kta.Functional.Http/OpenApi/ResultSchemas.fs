/// The schemas of results as components of the document, with references that lead there.
module internal Kta.Functional.Http.ResultSchemas

open System
open System.Text.Json
open System.Text.Json.Nodes
open Kta.Functional
open Kta.Functional.Http.JsonParts

[<Literal>]
let private Components = "#/components/schemas/"

let reference (name: string) : JsonObject = objectOf [ "$ref", text (Components + name) ]

/// Only these characters are allowed in the name of a component.
let private nameOf (definition: string) =
    String.map
        (fun c ->
            if Char.IsAsciiLetterOrDigit c || c = '.' || c = '-' then
                c
            else
                '_')
        definition

let private isText (node: JsonNode | null) =
    match node with
    | null -> false
    | node -> node.GetValueKind() = JsonValueKind.String

/// Where a reference into the schema of a result leads once that is a component.
let private moved (owner: string) (target: string) =
    let definitions = "#/$defs/"

    if target = "#" then
        Components + owner
    elif target.StartsWith(definitions, StringComparison.Ordinal) then
        match target.Substring(definitions.Length).Split('/', 2) with
        | [| name; rest |] -> $"{Components}{owner}.{nameOf name}/{rest}"
        | parts -> $"{Components}{owner}.{nameOf parts[0]}"
    elif target.StartsWith("#/", StringComparison.Ordinal) then
        Components + owner + target.Substring 1
    else
        target

let rec private move (owner: string) (node: JsonNode | null) =
    match node with
    | :? JsonObject as schema ->
        match schema["$ref"] with
        | NonNull target when isText target ->
            schema["$ref"] <- JsonValue.Create(moved owner (target.GetValue<string>()))
        | _ -> ()

        for _, part in [ for part in schema -> part.Key, part.Value ] do
            move owner part
    | :? JsonArray as parts ->
        for part in parts do
            move owner part
    | _ -> ()

let private anyObject (description: string) = objectOf [ "type", text "object"; "description", text description ]

/// The schema of a result, which is always an object.
let private rootOf (result: ResultDescription) : JsonObject =
    match result.Schema with
    | :? JsonObject as schema ->
        // The document says what the dialect is, and where the schema is.
        schema.Remove "$schema" |> ignore
        schema.Remove "$id" |> ignore

        if isNull schema["type"] then
            schema["type"] <- JsonValue.Create "object"

        schema
    | null ->
        anyObject
            $"The codec of {result.Type} does not tell what it reads; give it a schema with codec.WithSchema(json)."
    | _ -> anyObject $"Whatever the codec of {result.Type} reads."

/// Puts the schema of a result, and of all that is inside of it, among the components.
let add (components: JsonObject) (name: string) (result: ResultDescription) =
    let root = rootOf result

    let definitions =
        match root["$defs"] with
        | :? JsonObject as definitions -> definitions
        | _ -> JsonObject()

    root.Remove "$defs" |> ignore

    if isNull root["title"] && result.Type <> nameof JsonObject then
        root["title"] <- JsonValue.Create result.Type

    move name root
    components[name] <- root

    for definition, schema in [ for definition in definitions -> definition.Key, definition.Value ] do
        definitions.Remove definition |> ignore
        move name schema
        components[$"{name}.{nameOf definition}"] <- schema
