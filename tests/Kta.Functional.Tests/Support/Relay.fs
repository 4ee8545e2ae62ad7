namespace Kta.Functional.Tests

open System
open System.Collections.Concurrent
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Threading
open System.Threading.Tasks

/// Stands in for a Service of Kubernetes: new connections go to a backend that said it was ready when last asked, open
/// ones stay where they are.
type Relay(backends: Uri list) =
    let listener = new TcpListener(IPAddress.Loopback, 0)
    let ended = new CancellationTokenSource()
    let known = ConcurrentDictionary<Uri, bool>()
    let connections = ConcurrentDictionary<Uri, int>()

    let client =
        new HttpClient(new SocketsHttpHandler(UseProxy = false), Timeout = TimeSpan.FromSeconds 2.0)

    let isReady (backend: Uri) = task {
        try
            use! reply = client.GetAsync(Uri(backend, "/health/ready"), ended.Token)
            return reply.IsSuccessStatusCode
        with _ ->
            return false
    }

    let watch () = task {
        use period = new PeriodicTimer(TimeSpan.FromMilliseconds 200.0)
        let mutable goesOn = true

        while goesOn do
            for backend in known.Keys do
                let! ready = isReady backend
                known[backend] <- ready

            try
                let! ticked = period.WaitForNextTickAsync ended.Token
                goesOn <- ticked
            with :? OperationCanceledException ->
                goesOn <- false
    }

    let copy (source: NetworkStream) (target: NetworkStream) (side: Socket) : Task = task {
        try
            do! source.CopyToAsync(target, ended.Token)
            side.Shutdown SocketShutdown.Send
        with _ ->
            side.Close()
    }

    let serve (caller: TcpClient) : Task = task {
        use caller = caller
        let ready = known |> Seq.tryFind (fun pair -> pair.Value)

        match ready with
        | None -> ()
        | Some pair ->
            use backend = new TcpClient(NoDelay = true)
            do! backend.ConnectAsync(pair.Key.Host, pair.Key.Port)
            connections.AddOrUpdate(pair.Key, 1, (fun _ count -> count + 1)) |> ignore
            let near, far = caller.GetStream(), backend.GetStream()
            do! Task.WhenAll(copy near far backend.Client, copy far near caller.Client)
    }

    let accept () = task {
        try
            while true do
                let! caller = listener.AcceptTcpClientAsync ended.Token
                caller.NoDelay <- true
                serve caller |> ignore
        with :? OperationCanceledException ->
            ()
    }

    do
        for backend in backends do
            known[backend] <- true

        listener.Start()
        accept () |> ignore
        watch () |> ignore

    member _.Port = (listener.LocalEndpoint :?> IPEndPoint).Port

    member _.Add(backend: Uri) = known[backend] <- false

    /// Whether a backend was ready when it was last asked.
    member _.Trusts(backend: Uri) =
        match known.TryGetValue backend with
        | true, ready -> ready
        | _ -> false

    /// How many connections have been made to a backend.
    member _.ConnectionsTo(backend: Uri) =
        match connections.TryGetValue backend with
        | true, count -> count
        | _ -> 0

    interface IDisposable with
        member _.Dispose() =
            ended.Cancel()
            listener.Stop()
            client.Dispose()
