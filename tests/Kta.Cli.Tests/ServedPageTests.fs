/// The page at /docs of a server in a real browser. Where there is none, the test is skipped.
module Kta.Cli.Tests.ServedPageTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Cli.Tests.Reports.Browser

/// Sends the request of the first trial, and gives what the page then shows of the reply.
let private trying =
    """new Promise(done => {
        const trial = document.querySelector(".trial");
        const output = trial.querySelector("pre");
        new MutationObserver(() => { if (/^\d/.test(output.textContent)) done(output.textContent); })
            .observe(output, { childList: true });
        trial.querySelector("button").click();
    })"""

/// Looks at the page in every way a reader may.
let private visit (address: string) : Task<unit> = task {
    use! page = Page.Start()
    let mutable lines = Set.empty

    for width, hasTouch in [ 1280, false; 400, true ] do
        for scheme in [ "light"; "dark" ] do
            do! page.LooksLike width scheme hasTouch
            do! page.Visit(Uri(address + "/docs"))
            let! overflow = page.Text "document.documentElement.scrollWidth > innerWidth"
            Expect.equal overflow "False" $"nothing sticks out at {width} pixels"
            let! line = page.Text "getComputedStyle(document.querySelector('h2')).borderTopColor"
            lines <- lines.Add line

    Expect.hasLength lines 2 "light and dark differ"
    let! shown = page.Text trying
    Expect.stringStarts shown "200 OK" "the server's reply"
    Expect.stringContains shown "numInvocations" "what monitor answers"
    Expect.equal page.Problems [] "nothing goes wrong in the page"

    let strangers =
        page.Requests
        |> List.filter (fun one -> not (one.StartsWith "data:" || one.StartsWith(address + "/")))

    Expect.equal strangers [] "nothing is asked of others"
}

let tests =
    testList "The page of a server" [
        testCaseTask "looks right in any light and on a phone, sends a request, and asks nobody else"
        <| fun () -> task {
            if installed.IsNone then
                skiptest "Needs Chromium: apt-get install chromium"

            let backend =
                HttpBackend(
                    HttpBackendOptions(
                        Host = "127.0.0.1",
                        Port = Nullable 0,
                        Args = [| "--Logging:LogLevel:Default=None" |]
                    )
                )

            backend.Setup(DummyAutoscaler.Create())
            let! server = backend.StartAsync CancellationToken.None
            use _ = server :> IAsyncDisposable
            do! visit (server.BaseAddress.GetLeftPart UriPartial.Authority)
        }
    ]
