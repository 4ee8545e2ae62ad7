using System.Collections.Concurrent;
using Kta.Functional.Files;
using Kta.Functional.Operator.Kubernetes;
using static System.FormattableString;

namespace Kta.Functional.Operator;

/// <summary>Scales objects of Kubernetes by their scale subresource: Deployments, StatefulSets, and any kind that has one.</summary>
/// <remarks>Nothing is sent where the number of replicas is right. What happened is also told as an event on the object.</remarks>
/// <example><code>
/// using var cluster = KubernetesConnection.Open();
/// await using var driver = new KubernetesScaleDriver(target, "shop", cluster);
/// ScalingResult result = await driver.ScaleAsync(decision, cancellationToken);
/// </code></example>
public sealed class KubernetesScaleDriver : ScaleDriver
{
    private readonly KubernetesTarget _target;
    private readonly string _namespace;
    private readonly KubernetesConnection _connection;
    private readonly KubernetesScaleDriverOptions _options;
    private readonly ScalingEvents _events;
    private readonly ConcurrentDictionary<TopologyNode, int> _told = [];
    private string _policy = "";

    /// <summary>Scales objects.</summary>
    /// <param name="target">Which ones.</param>
    /// <param name="namespace">Their namespace, that of the policy.</param>
    /// <param name="connection">Where they are. It stays open when the driver ends.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options do not fit.</exception>
    public KubernetesScaleDriver(KubernetesTarget target, string @namespace, KubernetesConnection connection, KubernetesScaleDriverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentNullException.ThrowIfNull(connection);
        (_target, _namespace, _connection, _options) = (target, @namespace, connection, (options ?? new()).Checked());
        _events = new(connection, @namespace, _options);
    }

    /// <inheritdoc/>
    public override string Target => $"{_target.Objects.Count} object{(_target.Objects.Count == 1 ? "" : "s")} in namespace {_namespace} of {_connection.Name}";

    /// <inheritdoc/>
    public override async Task<ScalingResult> ScaleAsync(Decision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        _policy = decision.Policy;
        var scaled = await Task.WhenAll(_target.Objects.Where(one => decision.Parallelism.ContainsKey(one.Node))
            .Select(one => ScaleAsync(one, decision, cancellationToken))).ConfigureAwait(false);
        var strangers = decision.Parallelism.Where(one => _target.Objects.All(known => known.Node != one.Key))
            .Select(one => new NodeScaling(one.Key, null, one.Value, ScalingOutcome.Failed, $"The policy names no object for {one.Key}."));
        return new([.. scaled.Select(one => one.Node), .. strangers], [.. scaled.SelectMany(one => one.Notes).Distinct()]);
    }

    /// <inheritdoc/>
    public override Task TellFailureAsync(string problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Task.WhenAll(_target.Objects.Where(_events.IsDue).Select(one => TellFailureAsync(one, problem, cancellationToken)));
    }

    private async Task TellFailureAsync(ScaledObject one, string problem, CancellationToken cancellationToken)
    {
        var scale = ScaleOf(one);
        try
        {
            await scale.ReadAsync(cancellationToken).ConfigureAwait(false);
            await _events.WriteAsync(one, scale.Uid, ScalingEvent.Failed(_policy, problem), cancellationToken).ConfigureAwait(false);
        }
        catch (ScalingException)
        {
            // There is no object to tell it of, or nobody who could: whoever tells the failure has told it elsewhere too.
        }
    }

    private ObjectScale ScaleOf(ScaledObject one) => new(_connection, _namespace, one.ApiVersion, one.Kind, one.Name, _options);

    private async Task<(NodeScaling Node, IReadOnlyList<string> Notes)> ScaleAsync(ScaledObject one, Decision decision, CancellationToken cancellationToken)
    {
        var wanted = decision.Parallelism[one.Node];
        var scale = ScaleOf(one);
        try
        {
            var change = await scale.ChangeAsync(wanted, cancellationToken).ConfigureAwait(false);
            string[] drift = _told.TryGetValue(one.Node, out var told) && told != change.Before
                ? [Invariant($"{scale.Name}: somebody else has set {change.Before} replicas instead of the {told} of the decision before.")]
                : [];
            var isDone = change.IsSent && !_options.DryRun;
            if (isDone || !change.IsSent)
            {
                _told[one.Node] = wanted;
            }

            var outcome = !change.IsSent ? ScalingOutcome.Unchanged : isDone ? ScalingOutcome.Sent : ScalingOutcome.Recommended;
            var problem = !change.IsSent && change.Running < wanted
                ? Invariant($"{scale.Name} has {change.Running} of {wanted} replicas: its other pods are not there yet. See its events if it stays like this; nodes or a quota may be full.")
                : null;
            var node = new NodeScaling(one.Node, change.Running ?? change.Before, wanted, outcome, problem);
            return (node, [.. drift, .. await TellAsync(one, scale.Uid, decision, node, change.Before, cancellationToken).ConfigureAwait(false)]);
        }
        catch (ScalingException error)
        {
            var node = new NodeScaling(one.Node, null, wanted, ScalingOutcome.Failed, error.Message);
            return (node, await TellAsync(one, scale.Uid, decision, node, null, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <returns>Why it could not be told; nothing if all is well.</returns>
    private async Task<string[]> TellAsync(
        ScaledObject one, string? uid, Decision decision, NodeScaling node, int? before, CancellationToken cancellationToken) =>
        uid is not null && ScalingEvent.Of(decision, node, before) is { } what && await _events.WriteAsync(one, uid, what, cancellationToken).ConfigureAwait(false) is { } problem
            ? [problem]
            : [];
}
