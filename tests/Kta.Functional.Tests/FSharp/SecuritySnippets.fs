/// docs/security.md, called by Http/SecurityTests.
module Kta.Functional.Tests.FSharp.SecuritySnippets

open System
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open Kta.Functional
open Kta.Functional.Http
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Server.Kestrel.Core
open Microsoft.AspNetCore.Server.Kestrel.Https

let withClientCertificates (authority: X509Certificate2) =
    let isOurs (certificate: X509Certificate2) =
        use chain = new X509Chain()
        chain.ChainPolicy.TrustMode <- X509ChainTrustMode.CustomRootTrust
        chain.ChainPolicy.CustomTrustStore.Add authority |> ignore
        chain.ChainPolicy.ApplicationPolicy.Add(Oid "1.3.6.1.5.5.7.3.2") |> ignore // client authentication
        chain.ChainPolicy.RevocationMode <- X509RevocationMode.NoCheck
        chain.Build certificate

    let answer (context: HttpContext) (next: RequestDelegate) =
        if
            context.Request.Path.StartsWithSegments(PathString "/health")
            || not (isNull context.Connection.ClientCertificate)
        then
            next.Invoke context
        else
            context.Response.StatusCode <- 401

            context.Response.WriteAsJsonAsync {|
                message = "A client certificate is needed."
            |}

    HttpBackendOptions(
        ConfigureKestrel =
            Action<KestrelServerOptions>(fun server ->
                server.ConfigureHttpsDefaults(fun https ->
                    https.ClientCertificateMode <- ClientCertificateMode.AllowCertificate
                    https.ClientCertificateValidation <- fun certificate _ _ -> isOurs certificate)),
        ConfigureApp = Action<WebApplication>(fun app -> app.Use answer |> ignore)
    )
