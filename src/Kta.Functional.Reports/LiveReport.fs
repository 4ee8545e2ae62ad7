namespace Kta.Functional.Reports

open System.IO

/// Writes a live run as one HTML page.
[<AbstractClass; Sealed>]
type internal LiveReport =

    static member Write(path: string, run: LiveRun) : unit = File.WriteAllText(path, LivePage.create run)
