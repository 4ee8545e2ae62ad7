/// docs/security.md, called by Http/SecurityTests.
module Kta.Functional.Tests.FSharp.SecuritySnippets

open System
open System.Security.Claims
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open System.Text
open System.Text.Encodings.Web
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Http
open Microsoft.AspNetCore.Authentication
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Server.Kestrel.Core
open Microsoft.AspNetCore.Server.Kestrel.Https
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging
open Microsoft.Extensions.Options

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

type TokenOptions() =
    inherit AuthenticationSchemeOptions()
    member val Token = "" with get, set

type TokenHandler(options: IOptionsMonitor<TokenOptions>, logger: ILoggerFactory, encoder: UrlEncoder) =
    inherit AuthenticationHandler<TokenOptions>(options, logger, encoder)

    override this.HandleAuthenticateAsync() =
        let given = Encoding.UTF8.GetBytes(string this.Request.Headers.Authorization)
        let wanted = Encoding.UTF8.GetBytes $"Bearer {this.Options.Token}"

        if CryptographicOperations.FixedTimeEquals(given, wanted) then
            let caller = ClaimsPrincipal(ClaimsIdentity this.Scheme.Name)
            Task.FromResult(AuthenticateResult.Success(AuthenticationTicket(caller, this.Scheme.Name)))
        else
            Task.FromResult(AuthenticateResult.NoResult())

let withToken (algorithm: Algorithm) (args: string array) =
    let builder = WebApplication.CreateBuilder args
    builder.Services.AddKta algorithm |> ignore

    builder.Services
        .AddAuthentication("Token")
        .AddScheme<TokenOptions, TokenHandler>(
            "Token",
            fun options -> options.Token <- nonNull builder.Configuration["Token"]
        )
    |> ignore

    builder.Services.AddAuthorization() |> ignore

    let app = builder.Build()
    app.MapKta().RequireAuthorization() |> ignore

    app
