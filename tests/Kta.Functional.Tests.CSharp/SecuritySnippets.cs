using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using Kta.Functional.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kta.Functional.Tests.CSharp;

/// <summary>docs/security.md, called by Http/SecurityTests.</summary>
public static class SecuritySnippets
{
    /// <summary>Steps for clients with a certificate of this authority, probes for everybody.</summary>
    public static HttpBackendOptions WithClientCertificates(X509Certificate2 authority)
    {
        bool IsOurs(X509Certificate2 certificate)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2")); // client authentication
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(certificate);
        }

        var options = new HttpBackendOptions
        {
            ConfigureKestrel = server => server.ConfigureHttpsDefaults(https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => IsOurs(certificate);
            }),
            ConfigureApp = app => app.Use((context, next) =>
                context.Request.Path.StartsWithSegments("/health") || context.Connection.ClientCertificate is not null
                    ? next(context)
                    : Results.Json(new { message = "A client certificate is needed." }, statusCode: 401).ExecuteAsync(context)),
        };

        return options;
    }

    /// <summary>Steps for those who know the token.</summary>
    public static WebApplication WithToken(Algorithm algorithm, string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddKta(algorithm);
        builder.Services.AddAuthentication("Token").AddScheme<TokenOptions, TokenHandler>("Token", options =>
            options.Token = builder.Configuration["Token"] ?? throw new InvalidOperationException("Set Token."));
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.MapKta().RequireAuthorization();

        return app;
    }
}

#pragma warning disable CA1812 // Made by the application.

internal sealed class TokenOptions : AuthenticationSchemeOptions
{
    public string Token { get; set; } = "";
}

internal sealed class TokenHandler(IOptionsMonitor<TokenOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<TokenOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Encoding.UTF8.GetBytes(Request.Headers.Authorization.ToString());
        var wanted = Encoding.UTF8.GetBytes($"Bearer {Options.Token}");
        if (!CryptographicOperations.FixedTimeEquals(given, wanted))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var caller = new ClaimsPrincipal(new ClaimsIdentity(Scheme.Name));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme.Name)));
    }
}
