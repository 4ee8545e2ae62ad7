using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Flink;

namespace Kta.Functional.Operator.Flink;

/// <summary>Looks at a job while it rescales, in the background. One rescale at a time.</summary>
internal sealed class RescaleWatcher(JobClient client, FlinkScaleDriverOptions options) : IAsyncDisposable
{
    private CancellationTokenSource _ending = new();
    private RescaleWatch? _watch;
    private Rescale? _last;

    /// <summary>The last one that was seen from its beginning to its end.</summary>
    internal Rescale? Last => _watch?.Seen ?? _last;

    /// <summary>Completes when nothing is watched any more.</summary>
    internal Task Watching { get; private set; } = Task.CompletedTask;

    /// <summary>Takes a look into account that somebody else had.</summary>
    internal void See(FlinkJob job) => _watch?.See(job);

    /// <summary>Watches another rescale; one that is under way goes over into it.</summary>
    internal void Watch(string id, FlinkJob before, DateTimeOffset askedAt)
    {
        End();
        (_last, _ending) = (Last, new());
        _watch = new(before, askedAt, options.Clock);
        Watching = WatchAsync(id, _watch, _ending.Token);
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await Watching.ConfigureAwait(false);
    }

    private void End() => _ending.Cancel();

    private async Task WatchAsync(string id, RescaleWatch watch, CancellationToken cancellationToken)
    {
        var began = options.Clock.GetTimestamp();
        while (watch.Seen is null && options.Clock.GetElapsedTime(began) < options.WatchLimit)
        {
            try
            {
                await Task.Delay(options.WatchInterval, options.Clock, cancellationToken).ConfigureAwait(false);
                var job = await client.ReadAsync(id, cancellationToken).ConfigureAwait(false);
                if (job.HasEnded)
                {
                    return;
                }

                watch.See(job);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (MonitoringException error) when (error.Status == 404)
            {
                return;
            }
            catch (MonitoringException)
            {
                // A job manager that is away for a moment does not end the rescale; the next decision tells what is wrong with it.
            }
        }
    }
}
