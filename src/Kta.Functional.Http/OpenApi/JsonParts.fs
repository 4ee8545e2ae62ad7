/// JSON put together by hand.
module internal Kta.Functional.Http.JsonParts

open System.Text.Json.Nodes

let text (value: string) : JsonNode =
    match JsonValue.Create value with
    | null -> invalidOp "A text is no null."
    | node -> node

let list (items: JsonNode list) : JsonNode = JsonArray(Array.ofList items)

let objectOf (members: (string * JsonNode) list) : JsonObject =
    let made = JsonObject()

    for name, value in members do
        made[name] <- value

    made
