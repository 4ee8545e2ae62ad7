/// What every page has: one file that names no host, its script and style inside.
module internal Kta.Functional.Reports.Page

open System
open System.IO
open System.Reflection
open Giraffe.ViewEngine
open Kta.Functional.Simulation

let private assembly = typeof<ReportDetails>.Assembly

let private resource (assembly: Assembly) (isWanted: string -> bool) =
    let name = assembly.GetManifestResourceNames() |> Array.find isWanted

    match assembly.GetManifestResourceStream name with
    | null -> raise (FileNotFoundException $"The resource {name} of {assembly} cannot be read.")
    | stream ->
        use reader = new StreamReader(stream)
        reader.ReadToEnd()

let private ours (name: string) = resource assembly (fun found -> found = name)

/// The drawing library as Plotly.NET carries it.
let private plotly =
    lazy resource typeof<Plotly.NET.Layout>.Assembly (fun name -> name.Contains "plotly-" && name.EndsWith ".js")

let private versionOf (assembly: Assembly) =
    match assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>() with
    | null -> string (assembly.GetName().Version)
    | version -> version.InformationalVersion.Split('+')[0]

/// What made the page.
let versions =
    lazy [ "Kta.Functional", versionOf typeof<SimulatedRun>.Assembly; ".NET", string Environment.Version ]

/// Text of an element: what could begin a tag or end an entity is escaped, and everything else stays readable in the file.
let text (words: string) =
    words.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;") |> rawText

/// A JSON text as an element that a script reads; nothing in it can end the element.
let json (id: string) (content: string) =
    script [ _type "application/json"; _id id ] [ rawText (content.Replace("<", "\\u003c")) ]

/// Names and what they mean, as a list.
let definitions (rows: (string * string) list) =
    dl [] [
        for name, value in rows do
            dt [] [ text name ]
            dd [] [ text value ]
    ]

/// A figure that stands nowhere else on the page, to be found by its name with all its digits.
let figure (name: string) (value: float) (shown: string) =
    span [
        attr "data-figure" name
        attr "data-value" (value.ToString("R", Globalization.CultureInfo.InvariantCulture))
    ] [ text shown ]

/// Nothing is fetched from anywhere, whatever the drawing library would like.
let private policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"

/// The whole page.
let create (title: string) (scripts: string list) (content: XmlNode list) =
    html [ _lang "en" ] [
        head [] [
            meta [ _charset "utf-8" ]
            meta [ attr "http-equiv" "Content-Security-Policy"; _content policy ]
            meta [ _name "viewport"; _content "width=device-width, initial-scale=1" ]
            meta [ _name "color-scheme"; _content "light dark" ]
            tag "title" [] [ text title ]
            tag "style" [] [ rawText (ours "page.css") ]
        ]
        body [] [
            main [] content
            script [] [ rawText plotly.Value ]
            for name in "page.js" :: scripts do
                script [] [ rawText (ours name) ]
        ]
    ]
    |> RenderView.AsString.htmlDocument
