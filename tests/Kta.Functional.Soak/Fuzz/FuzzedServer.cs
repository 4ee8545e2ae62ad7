using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>A server on a free port that answers each request with bytes.</summary>
internal static class FuzzedServer
{
    internal static async Task<WebApplication> StartAsync(Func<HttpRequest, byte[]> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context => await context.Response.Body.WriteAsync(answer(context.Request)));
        await app.StartAsync();
        return app;
    }
}
