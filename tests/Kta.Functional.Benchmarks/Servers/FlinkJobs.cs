using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kta.Functional.Benchmarks.Servers;

/// <summary>Job managers of one job each, one below each path, as far as a scale driver asks them. They rescale at once.</summary>
internal static class FlinkJobs
{
    internal const string JobId = "0123456789abcdef0123456789abcdef";

    internal static async Task<WebApplication> StartAsync(string[] vertices)
    {
        var jobs = new ConcurrentDictionary<string, Job>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
            var job = jobs.GetOrAdd(path[0], _ => new(vertices.ToDictionary(vertex => vertex, _ => 1), DateTimeOffset.UtcNow));
            if (context.Request.Method == "PUT")
            {
                var asked = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
                jobs[path[0]] = new(asked.ToDictionary(one => one.Key, one => one.Value!["parallelism"]!["upperBound"]!.GetValue<int>()), DateTimeOffset.UtcNow);
            }

            await context.Response.WriteAsync(path[1..] switch
            {
                ["jobs", "overview"] => $$"""{"jobs":[{"jid":"{{JobId}}","name":"job","state":"RUNNING"}]}""",
                ["jobs", _, "resource-requirements"] => Requirements(job),
                ["jobs", _] => Details(job),
                _ => """{"slots-total":100,"slots-available":50}""",
            });
        });
        await app.StartAsync();
        return app;
    }

    private static string Requirements(Job job) => new JsonObject(job.Parallelism.Select(one => KeyValuePair.Create<string, JsonNode?>(
        one.Key, new JsonObject { ["parallelism"] = new JsonObject { ["lowerBound"] = 1, ["upperBound"] = one.Value } }))).ToJsonString();

    private static string Details(Job job)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var since = job.Since.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var vertices = string.Join(',', job.Parallelism.Select(one => string.Create(
            CultureInfo.InvariantCulture, $$"""{"id":"{{one.Key}}","name":"{{one.Key}}","maxParallelism":128,"parallelism":{{one.Value}},"status":"RUNNING"}""")));
        var nodes = string.Join(',', job.Parallelism.Keys.Select(vertex => $$"""{"id":"{{vertex}}"}"""));
        return $$$"""{"jid":"{{{JobId}}}","name":"job","state":"RUNNING","now":{{{now}}},"timestamps":{"CREATED":{{{since}}},"RUNNING":{{{since}}},"RESTARTING":0},"vertices":[{{{vertices}}}],"plan":{"nodes":[{{{nodes}}}]}}""";
    }

    private sealed record Job(Dictionary<string, int> Parallelism, DateTimeOffset Since);
}
