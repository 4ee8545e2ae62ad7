/// A process that is killed while it writes.
module Kta.Functional.Operator.Tests.Knowledge.KilledStoreTests

open System
open System.Diagnostics
open System.Reflection
open Expecto
open Kta.Functional.Operator
open Kta.Functional.Operator.Tests.Knowledge.Stored

let private pair = [ "a"; "b" ]

/// What the child process does: stores on and on, and says each time what is on the disk now.
let write (file: string) (first: int) =
    use store = openWith 50 file

    for n in Seq.initInfinite ((+) first) do
        for policy in pair do
            store.Add(policy, iteration n, null)
            Console.Out.WriteLine $"added {n} {policy}"
            store.Complete(policy, $"it-{n}", ScalingResult([], [ string n ]))
            Console.Out.WriteLine $"completed {n} {policy}"

/// What another child process does: stores until it cannot, makes room, and goes on.
let fill (file: string) =
    use store = openWith 1000 file
    let room = file + ".room"
    IO.File.WriteAllBytes(room, Array.zeroCreate 60_000)
    let mutable stored = 0

    try
        while true do
            store.Add("p", iteration (stored + 1), null)
            stored <- stored + 1
    with :? KnowledgeStoreException as error ->
        Console.Out.WriteLine error.Message

    let kept () = store.History("p", 1000).Count
    Console.Out.WriteLine $"lost {stored - kept ()}"
    IO.File.Delete room
    store.Add("p", iteration (stored + 1), null)
    Console.Out.WriteLine $"then {kept () - stored}"

/// And another one: reads, and tries to write.
let read (file: string) =
    use store = KnowledgeStore.OpenForReading file
    let newest = (ids (store.History("p", 1))).Head
    Console.Out.WriteLine $"read {newest}"
    Console.Out.WriteLine(refusal (fun () -> openWith 9 file))

let private start (file: string) (first: int) =
    let info =
        ProcessStartInfo(
            "dotnet",
            [ Assembly.GetExecutingAssembly().Location; "write-store"; file; string first ],
            RedirectStandardOutput = true
        )

    nonNull (Process.Start info)

/// What a shell command says that has a disk of its own, of 400 kB, at $0; $1 is this program.
let private onSmallDisk (folder: Folder) (command: string) = task {
    let info =
        ProcessStartInfo(
            "unshare",
            [
                "-rm"
                "sh"
                "-c"
                $"mount -t tmpfs -o size=400k tmpfs \"$0\" && {command}"
                folder.Path
                Assembly.GetExecutingAssembly().Location
            ],
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    use started =
        try
            nonNull (Process.Start info)
        with :? ComponentModel.Win32Exception ->
            skiptest "there is no unshare to make a small disk"

    let errors = started.StandardError.ReadToEndAsync()
    let! output = started.StandardOutput.ReadToEndAsync()
    let! errors = errors
    do! started.WaitForExitAsync()

    if errors.Contains "unshare" || errors.Contains "mount" then
        skiptest $"no disk can be made here: {errors}"

    Expect.equal started.ExitCode 0 (output + errors)
    return output
}

let private fullDisk =
    testCaseTask "A disk that is full fails the call, loses nothing that was stored, and with room it goes on"
    <| fun () -> task {
        use folder = new Folder()
        let! output = onSmallDisk folder "exec dotnet \"$1\" fill-store \"$0/knowledge.db\""
        Expect.stringContains output "the disk is full" "why"
        Expect.stringContains output "Make room" "what to do"
        Expect.stringContains output "lost 0\nthen 1" "all that was stored, and what comes after"
    }

let private readOnlyDisk =
    testCaseTask "A store on a disk that is read-only can be read, and is refused to write"
    <| fun () -> task {
        use folder = new Folder()
        let program = "dotnet \"$1\""
        let file = "\"$0/knowledge.db\""

        let! output =
            onSmallDisk
                folder
                $"{program} fill-store {file} && mount -o remount,ro \"$0\" && {program} read-store {file}"

        Expect.stringContains output "read it-" "to read"
        Expect.stringContains output "neither may be read-only" "to write"
    }

let private killed =
    testCaseTask "A process that is killed while it stores loses no iteration that was stored, and keeps their order"
    <| fun () -> task {
        use folder = new Folder()
        let random = Random 11
        let mutable first = 1

        for round in 1..4 do
            use started = start folder.Store first
            let mutable last = ""
            let enough = random.Next(5, 120)
            let mutable seen = 0
            let mutable isOpen = true

            while isOpen do
                match! started.StandardOutput.ReadLineAsync() with
                | null -> isOpen <- false
                | line ->
                    last <- line
                    seen <- seen + 1

                    if seen = enough / 2 then
                        use reading = KnowledgeStore.OpenForReading folder.Store
                        let said = line.Split ' '
                        let newest = int (ids(reading.History(said[2], 1)).Head.Substring 3)
                        Expect.isGreaterThanOrEqual newest (int said[1]) "it is read while it is written"

                    if seen = enough then
                        started.Kill()

            do! started.WaitForExitAsync()
            Expect.equal started.ExitCode 137 "SIGKILL"
            let said = last.Split ' '
            let number = int said[1]
            use reading = KnowledgeStore.OpenForReading folder.Store
            use store = openWith 50 folder.Store

            for policy in pair do
                let history = ids (store.History(policy, 999))
                let newest = int (history[0].Substring 3)
                // What was said last is there; what was under way may be.
                let least = if policy = "a" || said[2] = "b" then number else number - 1
                Expect.isGreaterThanOrEqual newest least $"round {round}: {last}"
                Expect.isLessThanOrEqual newest (number + 1) "and nothing else"
                let oldest = max 1 (newest - 49)
                Expect.equal history [ for n in newest .. -1 .. oldest -> $"it-{n}" ] "in order, without a hole"
                Expect.equal (ids (reading.History(policy, 999))) history "a reader sees the same"

                for one in store.Read policy do
                    if int (one.Id.Substring 3) < least then
                        Expect.equal [ yield! (nonNull one.Scaling).Notes ] [ one.Id.Substring 3 ] "completed"

            // The next process goes on where both have ended: holes would be seen.
            let newest = [ for policy in pair -> int ((store.History(policy, 1)[0]).Id.Substring 3) ]

            for policy, ended in List.zip pair newest do
                if ended < List.max newest then
                    store.Add(policy, iteration (List.max newest), null)
                    store.Complete(policy, $"it-{List.max newest}", ScalingResult([], [ string (List.max newest) ]))
                elif isNull (Seq.last (store.Read policy)).Scaling then
                    store.Complete(policy, $"it-{ended}", ScalingResult([], [ string ended ]))

            first <- List.max newest + 1
    }

let tests = testList "The knowledge store and its process" [ killed; fullDisk; readOnlyDisk ]
