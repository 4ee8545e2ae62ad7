/// An endpoint that answers what the Python SDK was recorded to answer with its dummy, by what the dummy looks at.
module Kta.Cli.Tests.RecordedPython

open System
open System.Collections.Concurrent
open System.IO
open System.Text
open System.Text.Json
open System.Threading.Tasks
open Kta.Cli.Tests.Endpoints

type private Record = {
    Step: string
    Body: string
    Status: int
    Text: string
}

let private records =
    lazy
        [
            use recording =
                JsonDocument.Parse(
                    File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "oracle.json")),
                    JsonDocumentOptions(MaxDepth = 2_000)
                )

            for record in recording.RootElement.EnumerateArray() do
                let text (name: string) =
                    match record.TryGetProperty name with
                    | true, value -> value.ToString()
                    | _ -> ""

                if
                    text "algorithm" = "dummy(2,(4,2))"
                    && text "method" = "POST"
                    && text "requestBodyEncoding" = ""
                then
                    {
                        Step = text "step"
                        Body = text "requestBody"
                        Status = int (text "status")
                        Text = text "responseText"
                    }
        ]

let private at (path: string list) (element: JsonElement) =
    path
    |> List.fold
        (fun (found: JsonElement option) name ->
            match found with
            | Some one when one.ValueKind = JsonValueKind.Array && one.GetArrayLength() > 0 -> Some one[0]
            | Some one when one.ValueKind = JsonValueKind.Object ->
                match one.TryGetProperty name with
                | true, value -> Some value
                | _ -> None
            | _ -> None)
        (Some element)
    |> Option.map _.GetRawText()

/// The dummy's inputs in a request.
let private looked (step: string) (request: JsonElement) =
    match step with
    | "monitor" -> [
        at [ "resultHistory"; "newest" ] request
        |> Option.bind (fun _ -> at [ "resultHistory"; "newest"; "monitorResult"; "numInvocations" ] request)
        Some(string (isEmpty request))
      ]
    | "analyze" -> [
        at [ "monitorResult"; "numInvocations" ] request
        at [ "resultHistory"; "newest"; "analyzeResult"; "toggleState" ] request
        Some(string (isEmpty request))
      ]
    | _ -> [ at [ "analyzeResult"; "toggleState" ] request; at [ "topology" ] request ]

let private answers =
    lazy
        (let found = ConcurrentDictionary<string * string option list, int * string>()

         for record in records.Value do
             match parse (Encoding.UTF8.GetBytes record.Body) with
             | Some request ->
                 found.TryAdd((record.Step, looked record.Step request), (record.Status, record.Text))
                 |> ignore
             | None -> ()

         found)

let private refusal =
    lazy
        (records.Value
         |> List.find (fun record -> record.Status = 422)
         |> fun record -> record.Status, record.Text)

let serving (work: string -> Task<unit>) =
    Fake.serving
        (fun context -> task {
            let! body = bodyOf context
            let step = stepOf context

            let exact =
                records.Value
                |> List.tryFind (fun record -> record.Step = step && record.Body = Encoding.UTF8.GetString body)

            let status, text =
                match exact, parse body with
                | Some record, _ -> record.Status, record.Text
                | None, Some request ->
                    match answers.Value.TryGetValue((step, looked step request)) with
                    | true, found -> found
                    | _ -> 500, """{"message":"Error in the implementation of the provided UDF"}"""
                | None, None -> refusal.Value

            do! Fake.json context status text
        })
        work
