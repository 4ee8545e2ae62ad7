using Kta.Functional.Monitoring.Flink;

namespace Kta.Functional.Operator.Flink;

/// <summary>A rescale from when it was asked for until the job runs again as a whole.</summary>
/// <param name="before">The job as it was asked.</param>
/// <param name="askedAt">When it was asked.</param>
/// <param name="clock">The time, where the job manager does not tell its own.</param>
internal sealed class RescaleWatch(FlinkJob before, DateTimeOffset askedAt, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private DateTimeOffset? _downSince;

    /// <summary>How it went; null while it goes on.</summary>
    internal Rescale? Seen { get; private set; }

    /// <summary>Takes a look at the job into account, by the job manager's clock.</summary>
    internal void See(FlinkJob job)
    {
        lock (_gate)
        {
            var now = job.Now ?? clock.GetUtcNow();
            if (Seen is not null)
            {
                return;
            }

            if (!IsWhole(job))
            {
                _downSince ??= job.State == "RESTARTING" && Since(job, "RESTARTING") is { } stopped && !(stopped < before.Now) ? stopped : now;
            }
            else if (_downSince is { } since)
            {
                // The clock of another job manager may be behind.
                Seen = new(askedAt, now > since ? now - since : TimeSpan.Zero);
            }
            else if (Since(job, "RUNNING") is { } up && up > Since(before, "RUNNING"))
            {
                // It was over between two looks: what is known then is from the new execution on.
                Seen = new(askedAt, Since(job, "CREATED") is { } created && created < up && created > before.Now ? up - created : TimeSpan.Zero);
            }
        }
    }

    /// <summary>All of its tasks run, or have done all they had to.</summary>
    private static bool IsWhole(FlinkJob job) => job.IsRunning && job.Vertices.Values.All(vertex => vertex.Status is "RUNNING" or "FINISHED");

    private static DateTimeOffset? Since(FlinkJob job, string state) => job.Since.TryGetValue(state, out var at) ? at : null;
}
