namespace Kta.Functional.Monitoring.Flink;

/// <summary>Finds the job that is meant among those Flink knows.</summary>
internal sealed class FlinkJobs(FlinkRest rest, string? wanted)
{
    private static readonly string[] s_ending = ["CANCELLING", "FAILING"];

    /// <summary>The states of jobs that will never run again.</summary>
    internal static IReadOnlyList<string> Ended { get; } = ["FINISHED", "FAILED", "CANCELED", "SUSPENDED"];

    internal async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        const string Query = "jobs/overview";
        var jobs = (await rest.GetAsync(Query, "Is this the address of a job manager?", cancellationToken).ConfigureAwait(false))["jobs"].Items()
            .Select(job => (Id: job["jid"].Text(), Name: job["name"].Text(), State: job["state"].Text()))
            .ToList();
        var known = jobs.Count == 0 ? "It has no jobs." : $"It has: {string.Join(", ", jobs.Take(20).Select(job => $"{SafeExcerpt.Of(job.Name)} ({job.Id}, {job.State})"))}.";
        var meant = wanted is null ? jobs : [.. jobs.Where(job => job.Name == wanted || job.Id.Equals(wanted, StringComparison.OrdinalIgnoreCase))];
        var alive = meant.Where(job => !Ended.Contains(job.State)).ToList();
        // The one that is started again while the one before it is still going away.
        alive = alive.Exists(job => !s_ending.Contains(job.State)) ? alive.FindAll(job => !s_ending.Contains(job.State)) : alive;
        return alive switch
        {
            [var one] => one.Id,
            [] when meant.Count > 0 => throw rest.Failure(Query, $"names no job{Named} that runs.", $"{known} Start the job again."),
            [] => throw rest.Failure(Query, $"names no job{Named}.", $"{known} Check the name of the job, and that it has been submitted."),
            _ => throw rest.Failure(Query, $"names {alive.Count} jobs{Named} that run.", $"{known} Say which one is meant by its {(wanted is null ? "name" : "id")}."),
        };
    }

    private string Named => wanted is null ? "" : $" '{SafeExcerpt.Of(wanted)}'";
}
