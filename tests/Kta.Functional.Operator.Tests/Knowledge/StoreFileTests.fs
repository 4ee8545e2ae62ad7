/// Files that are no store, or one that has been harmed.
module Kta.Functional.Operator.Tests.Knowledge.StoreFileTests

open System
open System.IO
open Expecto
open Microsoft.Data.Sqlite
open Kta.Functional
open Kta.Functional.Operator
open Kta.Functional.Simulation
open Kta.Functional.Operator.Tests.Knowledge.Stored

/// Runs a statement in a file, as somebody with another program.
let private sql (file: string) (statement: string) =
    use database = new SqliteConnection($"Data Source={file};Pooling=False")
    database.Open()
    use command = database.CreateCommand()
    command.CommandText <- statement
    command.ExecuteNonQuery() |> ignore

let private storeWith (file: string) (iterations: int) =
    use store = open' file

    for n in 1..iterations do
        store.Add("p", iteration n, null)

let private refusedAndUntouched (file: string) (expected: string list) =
    let before = File.ReadAllBytes file

    for opening in [ (fun () -> openWith 9 file); (fun () -> KnowledgeStore.OpenForReading file) ] do
        let said = refusal opening

        for part in file :: expected do
            Expect.stringContains said part "the message"

    Expect.equal (File.ReadAllBytes file) before "the file is left as it is"

let tests =
    testList "The knowledge store and its file" [
        test "a file that is no database is refused, and left as it is" {
            use folder = new Folder()
            File.WriteAllText(folder.Store, String.replicate 50 "{\"v\":1,\"step\":\"plan\"}\n")
            refusedAndUntouched folder.Store [ "not a SQLite database"; "--store"; "move it away" ]
        }

        test "a database of another program is refused, and left as it is" {
            use folder = new Folder()
            sql folder.Store "CREATE TABLE users (name TEXT)"
            refusedAndUntouched folder.Store [ "a SQLite database of another program"; "--store"; "move it away" ]
            sql folder.Store "PRAGMA application_id = 1234; DROP TABLE users"
            refusedAndUntouched folder.Store [ "a SQLite database of another program" ]
        }

        test "a store of a newer version is refused, and left as it is" {
            use folder = new Folder()
            storeWith folder.Store 2
            sql folder.Store "PRAGMA user_version = 99"
            refusedAndUntouched folder.Store [ "a newer version"; "its schema is 99"; "Update" ]
        }

        test "an empty file becomes a store, and is none to read" {
            use folder = new Folder()
            File.WriteAllText(folder.Store, "")

            Expect.stringContains
                (refusal (fun () -> KnowledgeStore.OpenForReading folder.Store))
                "it is empty"
                "to read"

            storeWith folder.Store 1
            use store = KnowledgeStore.OpenForReading folder.Store
            Expect.hasLength (store.History("p", 9)) 1 "a store"
        }

        test "a missing folder, a folder instead of a file, and a missing file are told apart" {
            use folder = new Folder()
            let missing = Path.Combine(folder.Path, "none", "a.db")
            Expect.stringContains (refusal (fun () -> open' missing)) "there is no folder" "no folder"
            Expect.stringContains (refusal (fun () -> open' folder.Path)) "is a folder" "a folder"

            Expect.stringContains
                (refusal (fun () -> KnowledgeStore.OpenForReading folder.Path))
                "is a folder"
                "to read"

            Expect.stringContains
                (refusal (fun () -> KnowledgeStore.OpenForReading missing))
                "There is no knowledge store"
                "no file"
        }

        test "a file that another process has locked is refused after a while" {
            use folder = new Folder()
            storeWith folder.Store 1
            use other = new SqliteConnection($"Data Source={folder.Store};Pooling=False")
            other.Open()
            use _ = other.BeginTransaction(deferred = false)

            Expect.stringContains
                (refusal (fun () -> openWith 9 folder.Store))
                "is locked by another process"
                "to write"

            use store = KnowledgeStore.OpenForReading folder.Store
            Expect.hasLength (store.History("p", 9)) 1 "to read it is enough that nothing is half written"
        }

        test "a file that cannot be written is refused to write, and can be read" {
            use folder = new Folder()
            storeWith folder.Store 1
            File.SetUnixFileMode(folder.Store, UnixFileMode.UserRead)

            let mayWriteAnyway =
                try
                    use _ = File.OpenWrite folder.Store
                    true
                with :? UnauthorizedAccessException ->
                    false

            if mayWriteAnyway then
                skiptest "this user may write everything"

            Expect.stringContains (refusal (fun () -> openWith 9 folder.Store)) "read-only" "to write"
            use store = KnowledgeStore.OpenForReading folder.Store
            Expect.hasLength (store.History("p", 9)) 1 "to read"
        }

        test "a rescale is given back to the tick, so that it is not taken for a new one" {
            use folder = new Folder()
            use store = open' folder.Store
            let rescale = Rescale((second 3).AddTicks 1234567L, TimeSpan.FromTicks 987654321L)
            store.AddRescale("p", rescale)
            let offset = Rescale((second 5).AddTicks(1L).ToOffset(TimeSpan.FromHours 2.0), TimeSpan.Zero)
            store.AddRescale("p", offset)
            Expect.equal (List.ofSeq (store.Rescales("p", 2))) [ offset; rescale ] "as they were"
        }

        test "nodes that are no longer decided about stay in the history" {
            use folder = new Folder()
            use store = open' folder.Store
            store.Add("p", iteration 1, null)

            let other =
                FinishedIteration(
                    Id = "later",
                    UdfStartTimestampMillis = 1L,
                    UdfEndTimestampMillis = 2L,
                    MonitorResult = utf8 "{}",
                    AnalyzeResult = utf8 "{}",
                    PlanResult = counts [ ScaleTargetRef("StatefulSet", "é/x"), 3 ],
                    Parallelism = counts [ ScaleTargetRef("StatefulSet", "é/x"), 3 ]
                )

            store.Add("p", other, null)

            Expect.equal
                [ for one in store.History("p", 9) -> text one ]
                [ text other; text (iteration 1) ]
                "both, each with its nodes"
        }

        test "an entry that cannot be read is left out with a note, and the others are there" {
            use folder = new Folder()
            storeWith folder.Store 5

            for id, entry in
                [
                    "it-2", "{\"id\":\"it-2\""
                    "it-3", "{}"
                    "it-4", """{"id":"x","udfStartTimestampMillis":1e99}"""
                ] do
                sql folder.Store $"UPDATE iteration SET entry = '{entry}' WHERE id = '{id}'"

            sql folder.Store "UPDATE iteration SET scaling = '[' WHERE id = 'it-5'"
            use store = open' folder.Store
            Expect.equal (ids (store.History("p", 9))) [ "it-5"; "it-1" ] "history"
            Expect.equal [ for one in store.Read "p" -> one.Id ] [ "it-1" ] "with what stands beside it"
            Expect.equal (List.ofSeq store.Notes |> List.length) 4 "a note for each"
            Expect.all store.Notes (_.Contains("of p cannot be read and is left out")) "which"
            store.Add("p", iteration 6, null)
            Expect.equal (ids (store.History("p", 9))) [ "it-6"; "it-5"; "it-1" ] "and it goes on"
        }

        test "bytes that are damaged anywhere are refused, or lose no more than they hit" {
            use folder = new Folder()
            let written = set [ for n in 1..200 -> text (iteration n) ]
            storeWith folder.Store 200
            let sound = File.ReadAllBytes folder.Store
            let random = Random 7
            let mutable refused, read = 0, 0

            for _ in 1..150 do
                let bytes = Array.copy sound
                let at = random.Next bytes.Length

                for i in at .. min (bytes.Length - 1) (at + random.Next 64) do
                    bytes[i] <- byte (random.Next 256)

                let file = folder.File "damaged.db"
                File.Delete(file + "-wal")
                File.Delete(file + "-shm")
                File.WriteAllBytes(file, bytes)

                for opening in [ (fun () -> KnowledgeStore.OpenForReading file); (fun () -> open' file) ] do
                    try
                        use store = opening ()
                        let found = store.History("p", 999)
                        read <- read + 1
                        Expect.isGreaterThanOrEqual (found.Count + store.Notes.Count) 190 "the others are there"

                        Expect.isGreaterThanOrEqual
                            (found |> Seq.filter (text >> written.Contains) |> Seq.length)
                            190
                            "as they were"
                    with :? KnowledgeStoreException as error ->
                        refused <- refused + 1
                        Expect.stringContains error.Message file "which file"

            Expect.isGreaterThan refused 5 "some are refused"
            Expect.isGreaterThan read 5 "some are read"
        }
    ]
