using k8s.LeaderElection;
using Kta.Functional.Operator.Kubernetes;

namespace Kta.Functional.Operator;

/// <summary>The right to be the one of several processes that acts, held by a Lease of Kubernetes.</summary>
/// <example><code>
/// await using var leadership = await Leadership.AcquireAsync(cluster, "shop", "kta-run", identity, cancellationToken: stopping);
/// await LoopAsync(leadership.Lost);
/// </code></example>
public sealed class Leadership : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly LeaseHolder _lease;
    private readonly LeaderElector _elector;
    private readonly TaskCompletionSource _acquired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    private Leadership(LeaseHolder lease, LeadershipOptions options)
    {
        _lease = lease;
        _elector = new(new LeaderElectionConfig(lease)
        {
            LeaseDuration = options.LeaseDuration,
            RenewDeadline = options.RenewDeadline,
            RetryPeriod = options.RetryPeriod,
        });
        _elector.OnStartedLeading += () => _acquired.TrySetResult();
        _elector.OnStoppedLeading += () =>
        {
            // The elector would go on trying to renew in the background, and take the lease without leading.
            _ending.Cancel();
            _lost.Cancel();
        };
        _elector.OnNewLeader += leader => options.OnNote?.Invoke(leader.Length == 0 ? $"{lease.Name}: nobody leads." : $"{lease.Name}: {leader} leads.");
    }

    /// <summary>Fires when somebody else may lead from now on: what is under way has to end.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Waits until this process leads.</summary>
    /// <param name="connection">Where the lease is.</param>
    /// <param name="namespace">The namespace of the lease.</param>
    /// <param name="name">The name of the lease. It is made if there is none.</param>
    /// <param name="identity">What tells this process from the others, such as the name of its pod.</param>
    /// <param name="options">The times; null for the defaults.</param>
    /// <param name="cancellationToken">Ends waiting. It does not end leading.</param>
    /// <returns>The leadership; give it back by disposing it, and another process leads at once.</returns>
    /// <exception cref="ArgumentException">The options do not fit.</exception>
    /// <exception cref="OperationCanceledException">Waiting was ended.</exception>
    /// <remarks>A lease that cannot be read or written is tried again and again, and told to <see cref="LeadershipOptions.OnNote"/>.</remarks>
    public static async Task<Leadership> AcquireAsync(
        KubernetesConnection connection,
        string @namespace,
        string name,
        string identity,
        LeadershipOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(identity);
        var times = (options ?? new()).Checked();
        var leadership = new Leadership(new(connection, @namespace, name, identity, times), times);
        try
        {
            await leadership.StartAsync(cancellationToken).ConfigureAwait(false);
            return leadership;
        }
        catch
        {
            await leadership.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives it back, if it still is ours.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        try
        {
            await _running.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        await _lost.CancelAsync().ConfigureAwait(false);
        if (_acquired.Task.IsCompletedSuccessfully)
        {
            await _lease.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var ending = cancellationToken.Register(_ending.Cancel).ConfigureAwait(false);
        _running = _elector.RunUntilLeadershipLostAsync(_ending.Token);
        await Task.WhenAny(_acquired.Task, _running).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_acquired.Task.IsCompleted)
        {
            await _running.ConfigureAwait(false);
        }
    }
}
