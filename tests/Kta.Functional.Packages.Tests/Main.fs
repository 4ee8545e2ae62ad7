module Kta.Functional.Packages.Tests.Main

open Expecto

let all =
    testList "Kta.Functional.Packages" [ ContentTests.tests; BillTests.tests; TemplateTests.tests; ConsumerTests.tests ]

[<EntryPoint>]
let main args = all |> runTestsWithCLIArgs [] args
