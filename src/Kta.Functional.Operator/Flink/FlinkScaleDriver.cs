using Kta.Functional.Files;
using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Flink;
using Kta.Functional.Operator.Flink;

namespace Kta.Functional.Operator;

/// <summary>Scales the vertices of a Flink job with the adaptive scheduler, over the job manager's REST interface.</summary>
/// <remarks>
/// <para>What was decided becomes the upper bound of a vertex; its lower bound stays, for a minimum above the free slots can stop a job that
/// runs. Vertices outside of the topology keep what they were asked for. Nothing is sent while Flink has been asked for the same already.</para>
/// <para>Task managers are added before the vertices grow, and taken away with the first decision that finds them unused.</para>
/// </remarks>
/// <example><code>
/// await using var flink = new FlinkScaleDriver(new FlinkTarget(new Uri("http://jobmanager:8081"), "orders", null), topology);
/// ScalingResult result = await flink.ScaleAsync(decision, cancellationToken);
/// </code></example>
public sealed class FlinkScaleDriver : ScaleDriver
{
    private readonly FlinkTarget _target;
    private readonly Topology _topology;
    private readonly FlinkScaleDriverOptions _options;
    private readonly JobClient _client;
    private readonly TaskManagers? _taskManagers;
    private readonly RescaleWatcher _watcher;
    private readonly Dictionary<string, int> _told = [];

    /// <summary>Scales a job.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="topology">Its vertices that are decided about.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options do not fit.</exception>
    public FlinkScaleDriver(FlinkTarget target, Topology topology, FlinkScaleDriverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(topology);
        (_target, _topology, _options) = (target, topology, (options ?? new()).Checked());
        _client = new(_options.Server ?? new(target.JobManager.OriginalString), target.JobId, _options.CallLimit);
        _taskManagers = target.TaskManagers is { } deployment ? new(deployment, _options.TaskManagers) : null;
        _watcher = new(_client, _options);
    }

    /// <inheritdoc/>
    public override string Target => $"job {_target.JobId} of {_client.Server}";

    /// <inheritdoc/>
    /// <remarks>Measured by the job manager's clock: from when the first task was seen not to run until all of them ran again.</remarks>
    public override Rescale? LastRescale => _watcher.Last;

    /// <summary>Completes when no rescale is watched.</summary>
    internal Task Watching => _watcher.Watching;

    /// <inheritdoc/>
    public override async Task<ScalingResult> ScaleAsync(Decision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var notes = new List<string>();
        try
        {
            return new(await ScaleAsync(decision, notes, cancellationToken).ConfigureAwait(false), notes);
        }
        catch (MonitoringException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new([.. WantedBy(decision).Select(one => new NodeScaling(one.Key, null, one.Value, ScalingOutcome.Failed, error.Message))], notes);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<NodeScaling>> ScaleAsync(Decision decision, List<string> notes, CancellationToken cancellationToken)
    {
        var (id, job) = await _client.FindAsync(cancellationToken).ConfigureAwait(false);
        _watcher.See(job);
        VertexScaling[] vertices = [.. WantedBy(decision).Select(one => VertexScaling.Of(one.Key, one.Value, job))];
        if (!job.IsRunning)
        {
            if (job.IsStarting)
            {
                await AdjustAsync(job, vertices, mayShrink: false, notes, cancellationToken).ConfigureAwait(false);
            }

            throw NotRunning(id, job);
        }

        var requirements = await _client.RequirementsAsync(id, job, cancellationToken).ConfigureAwait(false);
        var known = vertices.Where(one => one.Vertex is not null).ToList();
        notes.AddRange(known.Where(one => _told.TryGetValue(one.Vertex!.Id, out var told) && told != requirements[one.Vertex.Id].Upper)
            .Select(one => FormattableString.Invariant(
                $"{one.Vertex}: somebody else has asked Flink for {requirements[one.Vertex!.Id].Upper} instances instead of the {_told[one.Vertex.Id]} of the decision before.")));
        var different = known.Where(one => requirements[one.Vertex!.Id].Upper != one.Told).ToList();
        await AdjustAsync(job, vertices, different.Count == 0, notes, cancellationToken).ConfigureAwait(false);
        var refusal = different.Count > 0 ? await RequireAsync(id, job, requirements, different, decision, cancellationToken).ConfigureAwait(false) : null;
        var slots = known.Exists(one => one.Observed != one.Told && !different.Contains(one))
            ? await _client.SlotsAsync(cancellationToken).ConfigureAwait(false)
            : null;
        return
        [
            .. vertices.Select(one => one.Vertex is null
                ? one.Failed(StrangerIn(id, job, one.Node).Message)
                : !different.Contains(one) ? one.Unchanged(slots) : refusal is null ? one.Sent() : one.Failed(refusal)),
        ];
    }

    /// <returns>Why it was refused; null if it was not.</returns>
    private async Task<string?> RequireAsync(
        string id, FlinkJob job, JobRequirements requirements, List<VertexScaling> different, Decision decision, CancellationToken cancellationToken)
    {
        try
        {
            var askedAt = _options.Clock.GetUtcNow();
            var wanted = requirements.With(different.ToDictionary(one => one.Vertex!.Id, one => one.Told));
            await _client.RequireAsync(id, wanted, cancellationToken).ConfigureAwait(false);
            different.ForEach(one => _told[one.Vertex!.Id] = one.Told);
            if (different.Exists(one => one.Observed != one.Told))
            {
                _watcher.Watch(id, job, askedAt);
            }

            return null;
        }
        catch (MonitoringException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return error.Message;
        }
    }

    private async Task AdjustAsync(
        FlinkJob job, IReadOnlyList<VertexScaling> vertices, bool mayShrink, List<string> notes, CancellationToken cancellationToken)
    {
        if (_taskManagers is null || (mayShrink && _options.TaskManagers is null))
        {
            return;
        }

        var told = vertices.Where(one => one.Vertex is not null).ToDictionary(one => one.Vertex!.Id, one => one.Told);
        var observed = job.Vertices.Values.ToDictionary(vertex => vertex.Id, vertex => VertexScaling.InstancesOf(vertex) ?? 1);
        var needed = _taskManagers.NeededFor(observed.Select(one => told.GetValueOrDefault(one.Key, one.Value)));
        try
        {
            var areOthersUnused = mayShrink && _taskManagers.NeededFor(observed.Values) <= needed;
            if (await _taskManagers.AdjustAsync(needed, areOthersUnused, cancellationToken).ConfigureAwait(false) is { } done)
            {
                notes.Add(done);
            }
        }
        catch (ScalingException error)
        {
            notes.Add(error.Message);
        }
    }

    /// <summary>In the order of the topology.</summary>
    private IEnumerable<KeyValuePair<TopologyNode, int>> WantedBy(Decision decision) =>
        _topology.Where(decision.Parallelism.ContainsKey)
            .Concat(decision.Parallelism.Keys.Except(_topology))
            .Select(node => KeyValuePair.Create(node, decision.Parallelism[node]));

    private MonitoringException StrangerIn(string id, FlinkJob job, TopologyNode node) =>
        _client.Failure(id, $"says that {job} has no vertex {node}.", job.NameOthers);

    private MonitoringException NotRunning(string id, FlinkJob job) => _client.Failure(
        id,
        $"says that {job} is {job.State}: nothing was sent.",
        job.IsStarting
            ? "It is tried again with the next decision. If it stays like this, see the exceptions of the job in Flink, and whether there are slots for its least requirements."
            : "It can be scaled when it runs again.");
}
