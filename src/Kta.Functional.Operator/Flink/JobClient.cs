using System.Globalization;
using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Flink;
using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Operator.Flink;

/// <summary>One job of a job manager: what is asked about it, each within a time limit.</summary>
internal sealed class JobClient : IDisposable
{
    private const string OnlyAdaptive = "Only the adaptive scheduler changes the parallelism of a running job: set jobmanager.scheduler: adaptive in Flink's configuration, and start the job again.";

    private readonly Server _server;
    private readonly FlinkRest _rest;
    private readonly string _wanted;
    private readonly TimeSpan _limit;

    /// <exception cref="ArgumentException">The options do not fit.</exception>
    internal JobClient(ServerOptions server, string job, TimeSpan limit)
    {
        _server = new("Flink", server);
        _rest = new(_server);
        (_wanted, _limit) = (job, limit);
    }

    /// <summary>Where it is, for messages.</summary>
    internal string Server => _server.Name;

    public void Dispose() => _server.Dispose();

    /// <summary>The job as it is now, whatever its id is now.</summary>
    /// <exception cref="MonitoringException">There is none, or it cannot be read.</exception>
    internal async Task<(string Id, FlinkJob Job)> FindAsync(CancellationToken cancellationToken)
    {
        var id = await WithinAsync("GET /jobs/overview", new FlinkJobs(_rest, _wanted).FindAsync, cancellationToken).ConfigureAwait(false);
        return (id, await ReadAsync(id, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc cref="FindAsync"/>
    internal async Task<FlinkJob> ReadAsync(string id, CancellationToken cancellationToken) =>
        FlinkJob.Read(await GetAsync($"jobs/{id}", cancellationToken).ConfigureAwait(false));

    /// <summary>What the job has been asked for.</summary>
    /// <exception cref="MonitoringException">It cannot be read, or the job's scheduler has no requirements.</exception>
    internal async Task<JobRequirements> RequirementsAsync(string id, FlinkJob job, CancellationToken cancellationToken)
    {
        var path = RequirementsOf(id);
        if (job.Scheduler is { } other and not "Adaptive")
        {
            throw _rest.Failure($"jobs/{id}", $"says that {job} runs with the scheduler {SafeExcerpt.Of(other)}.", OnlyAdaptive);
        }

        try
        {
            return JobRequirements.Read(await GetAsync(path, cancellationToken).ConfigureAwait(false), job.Vertices.Keys);
        }
        catch (MonitoringException error) when (error.Status == 500 && error.Message.Contains("AdaptiveScheduler", StringComparison.Ordinal))
        {
            throw _rest.Failure(path, $"says that the scheduler of {job} cannot change its parallelism.", OnlyAdaptive);
        }
    }

    /// <summary>Asks for something else.</summary>
    /// <exception cref="MonitoringException">It is refused.</exception>
    internal Task RequireAsync(string id, JobRequirements requirements, CancellationToken cancellationToken) =>
        WithinAsync(
            $"PUT /{RequirementsOf(id)}",
            async token =>
            {
                await _rest.PutAsync(RequirementsOf(id), requirements.Json, "The job has ended meanwhile: start it again.", token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>How many slots no job uses, and how many there are; null if it cannot be read.</summary>
    internal async Task<(int Free, int All)?> SlotsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var overview = await GetAsync("overview", cancellationToken).ConfigureAwait(false);
            return ((int)overview["slots-available"].Number(), (int)overview["slots-total"].Number());
        }
        catch (MonitoringException)
        {
            return null;
        }
    }

    internal MonitoringException Failure(string id, string problem, string remedy) => _rest.Failure($"jobs/{id}", problem, remedy);

    private static string RequirementsOf(string id) => $"jobs/{id}/resource-requirements";

    private Task<ReplyNode> GetAsync(string path, CancellationToken cancellationToken) =>
        WithinAsync($"GET /{path}", token => _rest.GetAsync(path, "The job has ended meanwhile: start it again.", token), cancellationToken);

    private async Task<T> WithinAsync<T>(string query, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_limit);
        try
        {
            return await call(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var limit = _limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            throw _server.Failure(query, $"was not answered within {limit} s.", "Is the job manager overloaded, or is something on the way that holds requests back?", inner: error);
        }
    }
}
