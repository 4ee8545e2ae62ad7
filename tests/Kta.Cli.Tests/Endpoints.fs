/// Endpoints of steps: one that obeys the protocol, to be spoilt in one place.
module Kta.Cli.Tests.Endpoints

open System
open System.IO
open System.Net
open System.Net.Sockets
open System.Text
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Kta.Cli.Tests.Tool

/// What a step answers to a request: a status and a body.
type Answer = string -> JsonElement -> int * string

let private nodes (request: JsonElement) = [
    for node in request.GetProperty("topology").EnumerateArray() -> node.GetRawText()
]

let isEmpty (request: JsonElement) = request.GetProperty("resultHistory").GetArrayLength() = 0

let planOf (request: JsonElement) (value: int -> string) =
    nodes request
    |> List.mapi (fun i node -> $"{JsonSerializer.Serialize node}:{value i}")
    |> String.concat ","
    |> fun members -> $"{{{members}}}"

/// Right in every respect.
let obedient: Answer =
    fun step request ->
        match step with
        | "monitor" -> 200, """{"rate":1000.5,"where":"héré"}"""
        | "analyze" ->
            200, $"""{{"need":{request.GetProperty("monitorResult").GetProperty("rate").GetDouble() / 500.0}}}"""
        | _ ->
            let need = request.GetProperty("analyzeResult").GetProperty("need").GetDouble()
            200, planOf request (fun _ -> $"""{{"parallelism":{int (ceil need)}}}""")

let private isRequest (root: JsonElement) =
    root.ValueKind = JsonValueKind.Object
    && [
        "id", JsonValueKind.String
        "udfStartTimestampMillis", JsonValueKind.Number
        "resultHistory", JsonValueKind.Array
        "topology", JsonValueKind.Array
       ]
       |> List.forall (fun (name, kind) ->
           match root.TryGetProperty name with
           | true, found -> found.ValueKind = kind
           | _ -> false)
    && root.GetProperty("topology").GetArrayLength() > 0
    && root.GetProperty("topology").EnumerateArray()
       |> Seq.forall (fun node ->
           node.ValueKind = JsonValueKind.Object
           && match node.TryGetProperty "type" with
              | true, kind -> List.contains (kind.ToString()) [ "scaleTargetRef"; "flinkStreamingGraphNode" ]
              | _ -> false)

let bodyOf (context: HttpContext) = task {
    use body = new MemoryStream()
    do! context.Request.Body.CopyToAsync body
    return body.ToArray()
}

/// The request, or none for what is none.
let parse (body: byte array) =
    try
        let text = UTF8Encoding(false, true).GetString body
        let root = JsonDocument.Parse(text).RootElement
        if isRequest root then Some root else None
    with
    | :? JsonException
    | :? DecoderFallbackException -> None

let stepOf (context: HttpContext) = string context.Request.Path |> _.Split('/') |> Array.last

/// An endpoint that refuses what is no request, and answers the rest.
let serving (answer: Answer) (send: HttpContext -> string -> int -> string -> Task) (work: string -> Task<unit>) =
    Fake.serving
        (fun context -> task {
            let! body = bodyOf context

            match parse body with
            | None -> do! Fake.json context 422 """{"message":"no request"}"""
            | Some request ->
                let step = stepOf context
                let status, text = answer step request
                do! send context step status text
        })
        work

let send (context: HttpContext) (_: string) (status: int) (text: string) = Fake.json context status text

/// The same, but for what one step sends.
let servingOther (spoilt: string) (other: HttpContext -> string -> Task) =
    serving obedient (fun context step status text ->
        if step = spoilt then
            other context text
        else
            send context step status text)

let private lengthOf (head: string) =
    head.Split "\r\n"
    |> Array.tryPick (fun line ->
        if line.StartsWith "Content-Length:" then
            Some(int (line.Substring 15))
        else
            None)
    |> Option.defaultValue 0

/// The next request of a connection, its path and its body; none at its end.
let private readRequest (stream: Stream) (ending: CancellationToken) = task {
    let buffer = Array.zeroCreate 65_536
    let mutable received = ""
    let mutable isWhole = false
    let mutable isOpen = true

    while isOpen && not isWhole do
        let! count = stream.ReadAsync(buffer, 0, buffer.Length, ending)
        isOpen <- count > 0
        received <- received + Encoding.Latin1.GetString(buffer, 0, count)
        let head = received.IndexOf "\r\n\r\n"
        isWhole <- head >= 0 && received.Length >= head + 4 + lengthOf received[.. head - 1]

    return
        if isWhole then
            Some(received.Split(' ')[1], received.Substring(received.IndexOf "\r\n\r\n" + 4))
        else
            None
}

let private converse (client: TcpClient) (reply: string -> byte array) (closes: bool) (ending: CancellationToken) = task {
    use client = client
    let stream = client.GetStream()
    let mutable isOpen = true

    try
        while isOpen do
            match! readRequest stream ending with
            | None -> isOpen <- false
            | Some(path, body) ->
                let whole =
                    match parse (Encoding.Latin1.GetBytes body) with
                    | Some request -> obedient (Array.last (path.Split '/')) request |> snd |> reply
                    | None ->
                        reply """{"message":"no request"}"""
                        |> Encoding.Latin1.GetString
                        |> _.Replace("200 OK", "422 No")
                        |> Encoding.Latin1.GetBytes

                do! stream.WriteAsync(ReadOnlyMemory whole, ending)
                isOpen <- not closes
    with
    | :? IOException
    | :? OperationCanceledException -> ()
}

/// A server on a bare socket: what stands in front of a reply, and what happens behind it, is the test's.
let servingBare (reply: string -> byte array) (closes: bool) (work: string -> Task<unit>) : Task<unit> = task {
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    use ending = new CancellationTokenSource()

    let accepting: Task = task {
        try
            while true do
                let! client = listener.AcceptTcpClientAsync ending.Token
                converse client reply closes ending.Token |> ignore
        with :? OperationCanceledException ->
            ()
    }

    do! work $"http://127.0.0.1:{(listener.LocalEndpoint :?> IPEndPoint).Port}"
    ending.Cancel()
    do! accepting
}

let withLength (text: string) (headers: string) =
    let body = Encoding.UTF8.GetBytes text

    Array.append (Encoding.ASCII.GetBytes $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{headers}\r\n") body
