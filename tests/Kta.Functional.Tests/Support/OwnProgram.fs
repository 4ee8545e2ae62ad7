/// A program of one's own that serves an algorithm, as a process: it passes its arguments on and sets nothing itself.
module Kta.Functional.Tests.OwnProgram

open System.Diagnostics
open System.Threading.Tasks

let path =
    Repository.path "tests/Kta.Functional.Tests.Program/bin/Release/net10.0/Kta.Functional.Tests.Program.dll"

let startWith (environment: (string * string) list) (arguments: string list) : Process =
    Processes.startWith environment (path :: arguments)

let start = startWith []

/// Everything it still says on both of its outputs, and how it ends.
let rest (started: Process) : Task<string * int> = task {
    let errors = started.StandardError.ReadToEndAsync()
    let! output = started.StandardOutput.ReadToEndAsync()
    let! errors = errors
    do! started.WaitForExitAsync()
    return output + errors, started.ExitCode
}
