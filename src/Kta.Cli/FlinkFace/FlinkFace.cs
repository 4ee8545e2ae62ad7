using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kta.Functional.Simulation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Kta.Cli;

/// <summary>A simulated application that answers like the job manager of a Flink cluster it runs in.</summary>
/// <example>
/// <code>
/// await using var flink = await FlinkFace.StartAsync(application, new FlinkFaceOptions { Clock = clock });
/// using var client = new HttpClient { BaseAddress = flink.Address };
/// </code>
/// </example>
internal sealed class FlinkFace : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly WebApplication _server;
    private readonly FlinkCluster _cluster;

    private FlinkFace(WebApplication server, FlinkCluster cluster)
    {
        (_server, _cluster) = (server, cluster);
        var address = new UriBuilder(server.Urls.First());
        address.Host = address.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        Address = address.Uri;
    }

    /// <summary>Where a client on this machine finds it.</summary>
    internal Uri Address { get; }

    /// <summary>The id of the job, which comes from the name of the application.</summary>
    internal string JobId => _cluster.JobId;

    internal int Slots => _cluster.Slots;

    /// <summary>How many seconds of the simulation have passed when it was asked last.</summary>
    internal long Second => _cluster.Second;

    /// <summary>Starts it.</summary>
    /// <exception cref="CommandFailedException">The application has no vertices of Flink, the state is of another one, or the port is taken.</exception>
    internal static async Task<FlinkFace> StartAsync(Application application, FlinkFaceOptions options, CancellationToken cancellationToken = default)
    {
        var cluster = new FlinkCluster(application, options);
        try
        {
            // Settings of an application that happens to stand in the current folder are not ours.
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls($"http://{options.Host}:{options.Port}");
            var server = builder.Build();
            var routes = new FlinkRoutes(cluster);
            server.Run(context => AnswerAsync(routes, context));
            try
            {
                await server.StartAsync(cancellationToken);
            }
            catch (Exception error) when (error is IOException or InvalidOperationException or FormatException or SocketException)
            {
                await server.DisposeAsync();
                throw new CommandFailedException($"Nothing can listen at {options.Host}:{options.Port}: {error.Message} Give another --host or --port.", error);
            }

            return new(server, cluster);
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop, or the token fires.</summary>
    internal async Task WaitForShutdownAsync(CancellationToken cancellationToken) => await _server.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cluster.Dispose();
    }

    private static async Task AnswerAsync(FlinkRoutes routes, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var reply = routes.Answer(context.Request.Method, target, body.ToArray());
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        var answer = Encoding.UTF8.GetBytes(reply.Body.ToJsonString(s_format));
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }
}
