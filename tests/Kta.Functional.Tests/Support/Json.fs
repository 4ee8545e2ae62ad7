module Kta.Functional.Tests.Json

open System
open System.Globalization
open System.Numerics
open System.Text.Json
open System.Text.Json.Nodes

let parse (text: string) : JsonElement =
    use document = JsonDocument.Parse(text, JsonDocumentOptions(MaxDepth = 2000))
    document.RootElement.Clone()

let private exact (text: string) =
    match BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
    | true, whole -> Some whole
    | _ -> None

let private sameNumber (a: string) (b: string) =
    match exact a, exact b with
    | Some x, Some y -> x = y
    | _ -> Double.Parse(a, CultureInfo.InvariantCulture) = Double.Parse(b, CultureInfo.InvariantCulture)

/// Equal as JSON: order of members and the notation of numbers do not matter.
let rec same (a: JsonElement) (b: JsonElement) =
    match a.ValueKind, b.ValueKind with
    | JsonValueKind.Object, JsonValueKind.Object ->
        let members (element: JsonElement) =
            element.EnumerateObject() |> Seq.map (fun m -> m.Name, m.Value) |> Map.ofSeq

        let x, y = members a, members b

        x.Count = y.Count
        && x |> Map.forall (fun name value -> y.ContainsKey name && same value y[name])
    | JsonValueKind.Array, JsonValueKind.Array ->
        a.GetArrayLength() = b.GetArrayLength()
        && Seq.forall2 same (a.EnumerateArray()) (b.EnumerateArray())
    | JsonValueKind.Number, JsonValueKind.Number -> sameNumber (a.GetRawText()) (b.GetRawText())
    | x, y ->
        x = y
        && a.GetRawText() |> parse |> _.ToString() = (b.GetRawText() |> parse |> _.ToString())

/// The members of a plan reply with their keys parsed, because the spacing of a key does not matter.
let planEntries (reply: JsonElement) = [
    for entry in reply.EnumerateObject() do
        let key = parse entry.Name

        (key.GetProperty("type").GetString(), key.GetProperty("fields").GetString()),
        entry.Value.GetRawText().Replace(" ", "")
]

let text (element: JsonElement) (name: string) : string =
    match element.TryGetProperty name with
    | true, value when value.ValueKind = JsonValueKind.String -> value.GetString() |> Unchecked.nonNull
    | _ -> ""

let object (members: (string * JsonNode | null) list) : JsonObject =
    let result = JsonObject()

    for name, value in members do
        result[name] <- value

    result
