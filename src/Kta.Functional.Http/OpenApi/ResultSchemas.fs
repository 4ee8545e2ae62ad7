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

/// The names of components for definitions: those that differ in other characters only are counted.
let private namesOf (owner: string) (definitions: string list) : Map<string, string> =
    (Map.empty, definitions)
    ||> List.fold (fun names definition ->
        let taken = names.Values |> Set.ofSeq
        let name = $"{owner}.{nameOf definition}"

        let free =
            Seq.append (Seq.singleton name) (Seq.initInfinite (fun i -> $"{name}{i + 2}"))
            |> Seq.find (fun one -> not (taken.Contains one))

        Map.add definition free names)

/// Where a reference into the schema of a result leads once that is a component.
let private moved (owner: string) (names: Map<string, string>) (target: string) =
    if not (target.StartsWith('#')) then
        target
    else
        let place, parts =
            match List.ofSeq (SchemaPointer.Parts target) with
            | "$defs" :: name :: rest when names.ContainsKey name -> names[name], rest
            | parts -> owner, parts

        Components + String.Join('/', place :: List.map SchemaPointer.Part parts)

let rec private move (owner: string) (names: Map<string, string>) (node: JsonNode | null) =
    match node with
    | :? JsonObject as schema ->
        match schema["$ref"] with
        | NonNull target when isText target ->
            schema["$ref"] <- JsonValue.Create(moved owner names (target.GetValue<string>()))
        | _ -> ()

        for _, part in [ for part in schema -> part.Key, part.Value ] do
            move owner names part
    | :? JsonArray as parts ->
        for part in parts do
            move owner names part
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

    let names = namesOf name [ for definition in definitions -> definition.Key ]
    move name names root
    components[name] <- root

    for definition, schema in [ for definition in definitions -> definition.Key, definition.Value ] do
        definitions.Remove definition |> ignore
        move name names schema
        components[names[definition]] <- schema
