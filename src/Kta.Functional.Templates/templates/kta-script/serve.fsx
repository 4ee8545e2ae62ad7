// dotnet fsi serve.fsx: what the operator calls.
#load "scaling.fsx"

open Kta.Functional.FSharp

HttpBackend.run Scaling.autoscaler
