/// What native compilation is told about this assembly.
module internal Kta.Functional.FSharp.Trimming

open System.Diagnostics.CodeAnalysis

// F# passes no annotation of a type parameter on to closures, so the result types are kept otherwise.
[<assembly: UnconditionalSuppressMessage("Trimming",
                                         "IL2091",
                                         Scope = "module",
                                         Justification =
                                             "Kta.Functional.targets keeps the program's own types, and others are refused when the algorithm is made.")>]
do ()
