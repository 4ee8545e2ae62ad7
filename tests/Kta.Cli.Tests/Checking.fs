/// What `kta check` finds.
module Kta.Cli.Tests.Checking

open System.IO
open System.IO.Compression
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Cli.Tests.Endpoints
open Kta.Cli.Tests.Tool
open Microsoft.AspNetCore.Http

type Checked = {
    Code: int
    Findings: (string * string * string) list
    Output: string
}

/// What a report in JSON has found.
let findingsIn (report: string) : (string * string * string) list = [
    for finding in (nonNull ((JsonNode.Parse report |> nonNull)["findings"])).AsArray() do
        let text (name: string) =
            match (nonNull finding)[name] with
            | null -> ""
            | value -> value.GetValue<string>()

        text "severity", text "code", text "step"
]

/// On a busy machine everything may be slow.
let whateverTheMachineDoes (findings: (string * string * string) list) =
    findings
    |> List.filter (fun (_, code, _) -> not (List.contains code [ "slow"; "slow-body" ]))

let check (arguments: string list) = task {
    let! (outcome: Outcome) = run ("check" :: "--json" :: arguments)
    Expect.isNotEmpty outcome.Output outcome.Notes

    return {
        Code = outcome.Code
        Findings = whateverTheMachineDoes (findingsIn outcome.Output)
        Output = outcome.Output
    }
}

/// The findings of an endpoint, and that there is nothing else.
let finds (expected: (string * string * string) list) (endpoint: (string -> Task<unit>) -> Task<unit>) : Task<unit> =
    endpoint (fun address -> task {
        let! found = check [ address ]
        Expect.equal (List.sort found.Findings) (List.sort expected) found.Output
        let hasErrors = expected |> List.exists (fun (severity, _, _) -> severity = "error")
        Expect.equal found.Code (if hasErrors then 1 else 0) "exit code"
    })

let everyStep (severity: string) (code: string) = [
    for step in [ "monitor"; "analyze"; "plan" ] -> severity, code, step
]

let notAsked = [ "note", "not-asked", "analyze"; "note", "not-asked", "plan" ]

let bytes (context: HttpContext) (body: byte array) : Task =
    context.Response.ContentLength <- body.Length
    context.Response.Body.WriteAsync(body, 0, body.Length)

let packed (text: string) =
    use body = new MemoryStream()

    do
        use gzip = new GZipStream(body, CompressionLevel.Fastest)
        gzip.Write(Encoding.UTF8.GetBytes text)

    body.ToArray()

/// One step answers with other text.
let saying (step: string) (other: JsonElement -> string) =
    serving
        (fun asked request ->
            if asked = step then
                200, other request
            else
                obedient asked request)
        send

let planning (value: string) = saying "plan" (fun request -> planOf request (fun _ -> value))

/// Refuses requests, or answers them otherwise, by what stands in them.
let refusing (step: string) (refuses: JsonElement -> bool) =
    serving
        (fun asked request ->
            if asked = step && refuses request then
                500, """{"message":"no"}"""
            else
                obedient asked request)
        send

let text (request: JsonElement) = request.GetRawText()
