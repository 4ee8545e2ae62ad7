/// Files that are part of the package.
module internal Kta.Functional.Http.Resource

open System.IO
open System.Reflection
open System.Text

let text (name: string) : string =
    use stream =
        match Assembly.GetExecutingAssembly().GetManifestResourceStream name with
        | null -> failwith $"The package lacks its resource {name}."
        | stream -> stream

    use reader = new StreamReader(stream, Encoding.UTF8)
    reader.ReadToEnd()
