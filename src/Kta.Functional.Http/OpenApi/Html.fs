/// HTML, and what is read of the document for it. Text is encoded, elements are not.
module internal Kta.Functional.Http.Html

open System
open System.Net
open System.Text.Json
open System.Text.Json.Nodes

let encode (text: string) : string =
    match WebUtility.HtmlEncode text with
    | null -> ""
    | encoded -> encoded

/// An element with attributes; one without a value is only there.
let tag (name: string) (attributes: (string * string) list) (content: string) =
    let attributes =
        String.Concat [
            for key, value in attributes ->
                if value = "" then
                    " " + key
                else
                    $" {key}=\"{encode value}\""
        ]

    $"<{name}{attributes}>{content}</{name}>"

let el (name: string) (content: string) = tag name [] content

let all (parts: string list) = String.Concat parts

let code (text: string) = el "code" (encode text)

let wordOf (schema: JsonObject) (name: string) =
    match schema[name] with
    | null -> ""
    | word when word.GetValueKind() = JsonValueKind.String -> word.GetValue<string>()
    | word -> word.ToJsonString()

let part (owner: JsonObject) (name: string) : JsonObject =
    match owner[name] with
    | :? JsonObject as part -> part
    | _ -> JsonObject()

let parts (owner: JsonObject) (name: string) : (string * JsonObject) list =
    let members = part owner name
    [ for one in members -> one.Key, part members one.Key ]

let items (owner: JsonObject) (name: string) : JsonNode list =
    match owner[name] with
    | :? JsonArray as items -> [
        for item in items do
            match item with
            | null -> ()
            | item -> item
      ]
    | _ -> []

let lastOf (reference: string) = reference.Substring(reference.LastIndexOf '/' + 1)

/// What a value can be, in a few words.
let rec kind (node: JsonNode | null) : string =
    match node with
    | :? JsonObject as schema ->
        let reference, values = wordOf schema "$ref", items schema "enum"

        if reference <> "" then
            let name = lastOf reference
            tag "a" [ "href", "#schema-" + name ] (encode name)
        elif schema.ContainsKey "anyOf" && not (schema.ContainsKey "properties") then
            String.Join(" or ", items schema "anyOf" |> List.map kind |> List.distinct)
        elif not values.IsEmpty then
            String.Join(", ", [ for value in values -> code (value.ToJsonString()) ])
        else
            simple schema
    | _ -> "anything"

and private simple (schema: JsonObject) : string =
    let types =
        match schema["type"] with
        | :? JsonArray -> [ for one in items schema "type" -> string one ]
        | null -> []
        | one -> [ string one ]

    let least, most = wordOf schema "minimum", wordOf schema "maximum"

    all [
        if not types.IsEmpty then
            String.Join(" or ", types)
        elif schema.ContainsKey "const" then
            code (wordOf schema "const")
        else
            "anything"
        if least <> "" && most <> "" then
            encode $" from {least} to {most}"
        if schema.ContainsKey "items" then
            " of " + kind schema["items"]
        match schema["additionalProperties"] with
        | :? JsonObject as value -> " of " + kind value + " by name"
        | _ -> ()
    ]

/// The members of an object, or what else it is.
let table (schema: JsonObject) : string =
    let required = [ for name in items schema "required" -> string name ]

    match parts schema "properties" with
    | [] -> el "p" (kind schema)
    | members ->
        [
            for name, member' in members ->
                let mark = [
                    if List.contains name required then
                        "class", "required"
                ]

                el
                    "tr"
                    (all [
                        tag "td" mark (code name)
                        el "td" (kind member')
                        el "td" (encode (wordOf member' "description"))
                    ])
        ]
        |> all
        |> el "table"
