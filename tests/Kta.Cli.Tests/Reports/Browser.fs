/// A headless Chromium, driven by its DevTools protocol.
module Kta.Cli.Tests.Reports.Browser

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Net.WebSockets
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open System.Threading.Channels

/// Where the browser of this machine is; None: there is none.
let installed: string option =
    [ "chromium"; "chromium-browser"; "google-chrome" ]
    |> List.collect (fun name -> [
        for folder in (string (Environment.GetEnvironmentVariable "PATH")).Split(Path.PathSeparator) do
            Path.Combine(folder, name)
    ])
    |> List.tryFind File.Exists

/// A page in a browser of its own. Whatever happens in it is kept: what it asked for, and what went wrong.
type Page private (chromium: Process, socket: ClientWebSocket, folder: string) =
    let replies = ConcurrentDictionary<int, TaskCompletionSource<JsonElement>>()
    let events = ConcurrentQueue<string * JsonElement>()
    let loads = Channel.CreateUnbounded<unit>()
    let sending = new SemaphoreSlim(1, 1)
    let ended = new CancellationTokenSource()
    let mutable last = 0
    let mutable session: string option = None

    let dispatch (message: JsonElement) =
        match message.TryGetProperty "id" with
        | true, id ->
            match replies.TryRemove(id.GetInt32()) with
            | true, waiting ->
                match message.TryGetProperty "error" with
                | true, error -> waiting.SetException(InvalidOperationException(error.GetRawText()))
                | _ -> waiting.SetResult(message.GetProperty "result")
            | _ -> ()
        | _ ->
            let name = message.GetProperty("method").GetString() |> string

            if name = "Page.loadEventFired" then
                loads.Writer.TryWrite() |> ignore

            events.Enqueue(name, message.GetProperty "params")

    let listen () = task {
        let buffer = Array.zeroCreate<byte> 65536
        let message = new MemoryStream()

        while socket.State = WebSocketState.Open do
            let! received = socket.ReceiveAsync(ArraySegment buffer, ended.Token)
            message.Write(buffer, 0, received.Count)

            if received.EndOfMessage && message.Length > 0 then
                dispatch (JsonDocument.Parse(message.ToArray().AsMemory()).RootElement)
                message.SetLength 0
    }

    /// Calls a method of the protocol.
    member _.Send (name: string) (parameters: obj) : Task<JsonElement> = task {
        let id = Interlocked.Increment &last
        let reply = TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously)
        replies[id] <- reply

        let message =
            dict [
                "id", box id
                "method", name
                "params", parameters
                match session with
                | Some session -> "sessionId", session
                | None -> ()
            ]

        do! sending.WaitAsync()

        try
            let bytes = ArraySegment(JsonSerializer.SerializeToUtf8Bytes message)
            do! socket.SendAsync(bytes, WebSocketMessageType.Text, true, ended.Token)
        finally
            sending.Release() |> ignore

        return! reply.Task.WaitAsync(TimeSpan.FromMinutes 2.0)
    }

    /// What an expression of the page comes to; a promise is waited for.
    member this.Evaluate(expression: string) : Task<JsonElement> = task {
        let! answer =
            this.Send "Runtime.evaluate" {|
                expression = expression
                awaitPromise = true
                returnByValue = true
            |}

        match answer.TryGetProperty "exceptionDetails" with
        | true, problem -> return failwith $"{expression}: {problem.GetRawText()}"
        | _ ->
            return
                match answer.GetProperty("result").TryGetProperty "value" with
                | true, value -> value
                | _ -> JsonElement()
    }

    member this.Text(expression: string) : Task<string> = task {
        let! value = this.Evaluate expression
        return string value
    }

    /// How wide, light or dark, with a finger or a mouse.
    member this.LooksLike (width: int) (scheme: string) (hasTouch: bool) : Task<unit> = task {
        let! _ =
            this.Send "Emulation.setDeviceMetricsOverride" {|
                width = width
                height = 900
                deviceScaleFactor = 1
                mobile = hasTouch
            |}

        let! _ = this.Send "Emulation.setTouchEmulationEnabled" {| enabled = hasTouch |}

        let! _ =
            this.Send "Emulation.setEmulatedMedia" {|
                features = [
                    {|
                        name = "prefers-color-scheme"
                        value = scheme
                    |}
                ]
            |}

        return ()
    }

    /// Opens an address and waits until all of it is loaded.
    member this.Visit(address: Uri) : Task<unit> = task {
        let! _ = this.Send "Page.navigate" {| url = address.AbsoluteUri |}
        let! _ = loads.Reader.ReadAsync(ended.Token)
        return ()
    }

    /// Opens a file and waits until its scripts are done.
    member this.Open(path: string) : Task<unit> = task {
        do! this.Visit(Uri(Path.GetFullPath path))

        let! _ =
            this.Evaluate
                "new Promise(done => { const look = () => document.documentElement.dataset.ready ? done(1) : setTimeout(look, 10); look(); })"

        return ()
    }

    /// What went wrong in the page: exceptions, and errors in its console.
    member _.Problems: string list = [
        for name, event in events do
            match name with
            | "Runtime.exceptionThrown" -> event.GetRawText()
            | "Runtime.consoleAPICalled" when event.GetProperty("type").GetString() = "error" -> event.GetRawText()
            | "Log.entryAdded" when event.GetProperty("entry").GetProperty("level").GetString() = "error" ->
                event.GetRawText()
            | _ -> ()
    ]

    /// The addresses it asked for.
    member _.Requests: string list = [
        for name, event in events do
            if name = "Network.requestWillBeSent" then
                string (event.GetProperty("request").GetProperty("url").GetString())
    ]

    member private this.Attach() : Task<unit> = task {
        let! target = this.Send "Target.createTarget" {| url = "about:blank" |}

        let! attached =
            this.Send "Target.attachToTarget" {|
                targetId = target.GetProperty("targetId").GetString()
                flatten = true
            |}

        session <- Some(string (attached.GetProperty("sessionId").GetString()))

        for domain in [ "Page"; "Runtime"; "Network"; "Log" ] do
            let! _ = this.Send $"{domain}.enable" {| |}
            ()
    }

    static member Start() : Task<Page> = task {
        let folder = Directory.CreateTempSubdirectory("kta-browser-").FullName

        let info =
            ProcessStartInfo(installed.Value, RedirectStandardError = true, RedirectStandardOutput = true)

        for argument in
            [
                "--headless=new"
                "--remote-debugging-port=0"
                "--no-sandbox"
                "--disable-gpu"
                "--disable-dev-shm-usage"
                "--disable-background-networking"
                "--disable-component-update"
                "--no-first-run"
                $"--user-data-dir={folder}"
            ] do
            info.ArgumentList.Add argument

        let chromium = Process.Start info |> Option.ofObj |> Option.get
        let mutable address = ""

        while address = "" do
            let! line = chromium.StandardError.ReadLineAsync()

            match line with
            | null -> failwith "Chromium ended before it said where it listens."
            | line when line.StartsWith "DevTools listening on " -> address <- line.Substring 22
            | _ -> ()

        // Nobody reads what else it says; its pipes must not fill up.
        chromium.StandardError.ReadToEndAsync() |> ignore
        chromium.StandardOutput.ReadToEndAsync() |> ignore
        let socket = new ClientWebSocket()
        do! socket.ConnectAsync(Uri address, CancellationToken.None)
        let page = new Page(chromium, socket, folder)
        page.Listen()
        do! page.Attach()
        return page
    }

    member private _.Listen() : unit = Task.Run<unit>(listen) |> ignore

    interface IDisposable with
        member _.Dispose() =
            ended.Cancel()
            socket.Dispose()

            if not chromium.HasExited then
                chromium.Kill true

            chromium.WaitForExit()
            chromium.Dispose()

            try
                Directory.Delete(folder, true)
            with :? IOException ->
                // A child of the browser may still write there; the folder is a temporary one.
                ()
