/// The middleware that applications put in front of a server.
module Kta.Functional.Tests.Http.Middleware

open System
open System.Collections.Generic
open System.IO
open System.Security.Claims
open System.Threading.RateLimiting
open System.Threading.Tasks
open Kta.Functional.Http
open Microsoft.AspNetCore.Authentication
open Microsoft.AspNetCore.Authorization
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.HttpLogging
open Microsoft.AspNetCore.HttpOverrides
open Microsoft.AspNetCore.RateLimiting
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging
open Microsoft.Extensions.Options

/// Knows who sends the header x-key.
type private KeyAuthentication(options, loggers, encoder) =
    inherit AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)

    override this.HandleAuthenticateAsync() =
        if this.Request.Headers.ContainsKey "x-key" then
            let user = ClaimsPrincipal(ClaimsIdentity([ Claim("name", "operator") ], "key"))
            Task.FromResult(AuthenticateResult.Success(AuthenticationTicket(user, "key")))
        else
            Task.FromResult(AuthenticateResult.NoResult())

type Middleware = {
    Name: string
    Services: IServiceCollection -> unit
    Use: WebApplication -> unit
}

let private onlyUsed name (added: WebApplication -> IApplicationBuilder) = {
    Name = name
    Services = ignore
    Use = added >> ignore
}

let httpLogging = {
    Name = "HTTP logging with bodies"
    Services =
        fun services ->
            services.AddHttpLogging(fun (logging: HttpLoggingOptions) -> logging.LoggingFields <- HttpLoggingFields.All)
            |> ignore

            // It reads no bodies for a log that is not written.
            services.AddLogging(fun logging ->
                logging.AddFilter("Microsoft.AspNetCore.HttpLogging", LogLevel.Information)
                |> ignore)
            |> ignore
    Use = fun app -> app.UseHttpLogging() |> ignore
}

let responseCaching = {
    Name = "response caching"
    Services = fun services -> services.AddResponseCaching() |> ignore
    Use = fun app -> app.UseResponseCaching() |> ignore
}

let outputCaching = {
    Name = "output caching"
    Services =
        fun services ->
            services.AddOutputCache(fun caching -> caching.AddBasePolicy(fun policy -> policy.Cache() |> ignore))
            |> ignore
    Use = fun app -> app.UseOutputCache() |> ignore
}

let responseCompression = {
    Name = "response compression"
    Services = fun services -> services.AddResponseCompression() |> ignore
    Use = fun app -> app.UseResponseCompression() |> ignore
}

let requestDecompression = {
    Name = "request decompression"
    Services = fun services -> services.AddRequestDecompression() |> ignore
    Use = fun app -> app.UseRequestDecompression() |> ignore
}

/// Keeps what comes behind it until it has all of it, as signing or rewriting middleware does.
let replacedBody =
    onlyUsed "a replaced response body" (fun app ->
        app.Use(fun (ctx: HttpContext) (next: RequestDelegate) ->
            task {
                let original = ctx.Response.Body
                use kept = new MemoryStream()
                ctx.Response.Body <- kept

                try
                    do! next.Invoke ctx
                finally
                    ctx.Response.Body <- original

                kept.Position <- 0L
                do! kept.CopyToAsync original
            }
            :> Task))

let authentication = {
    Name = "authentication with a fallback policy"
    Services =
        fun services ->
            services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyAuthentication>("key", null)
            |> ignore

            let policy = AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()
            services.AddAuthorizationBuilder().SetFallbackPolicy policy |> ignore
    Use = fun app -> app.UseAuthentication().UseAuthorization() |> ignore
}

let cors = {
    Name = "CORS"
    Services = fun services -> services.AddCors() |> ignore
    Use =
        fun app ->
            app.UseCors(fun policy -> policy.AllowAnyOrigin().AllowAnyHeader() |> ignore)
            |> ignore
}

let forwardedHeaders =
    onlyUsed "forwarded headers" (fun app ->
        app.UseForwardedHeaders(ForwardedHeadersOptions(ForwardedHeaders = ForwardedHeaders.All)))

let pathBase = onlyUsed "a path base" _.UsePathBase("/scaling")

let limiting (permits: int) = {
    Name = "rate limiting"
    Services =
        fun services ->
            services.AddRateLimiter(fun limits ->
                limits.GlobalLimiter <-
                    PartitionedRateLimiter.Create<HttpContext, string>(fun _ ->
                        RateLimitPartition.GetConcurrencyLimiter(
                            "all",
                            fun _ -> ConcurrencyLimiterOptions(PermitLimit = permits, QueueLimit = 0)
                        )))
            |> ignore
    Use = fun app -> app.UseRateLimiter() |> ignore
}

let rateLimiting = limiting 100

let all = [
    httpLogging
    responseCaching
    outputCaching
    responseCompression
    requestDecompression
    replacedBody
    authentication
    cors
    forwardedHeaders
    pathBase
    rateLimiting
    {
        Name = "all of it"
        Services =
            fun services ->
                for one in [ httpLogging; responseCaching; outputCaching; responseCompression ] do
                    one.Services services

                for one in [ requestDecompression; authentication; cors; rateLimiting ] do
                    one.Services services
        Use =
            fun app ->
                for one in [ forwardedHeaders; pathBase; httpLogging; responseCaching ] do
                    one.Use app

                for one in [ requestDecompression; cors; authentication; rateLimiting; outputCaching ] do
                    one.Use app

                for one in [ responseCompression; replacedBody ] do
                    one.Use app
    }
]

/// A server with this in front.
let inFront (middleware: Middleware) (options: HttpBackendOptions) =
    let configured = options.ConfigureBuilder

    options.ConfigureBuilder <-
        Action<WebApplicationBuilder>(fun builder ->
            configured |> Option.ofObj |> Option.iter _.Invoke(builder)
            middleware.Services builder.Services)

    options.ConfigureApp <- Action<WebApplication>(fun app -> middleware.Use app)
