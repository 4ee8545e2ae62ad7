using Kta.Functional.Operator;

namespace Kta.Cli;

/// <summary>Which of several processes decides, by a Lease of Kubernetes.</summary>
internal sealed class Election
{
    private readonly string _namespace;
    private readonly string _name;
    private readonly string _identity = $"{Environment.MachineName}_{Guid.NewGuid().ToString("N")[..8]}";
    private readonly ClusterAccess _cluster;
    private readonly LeadershipOptions _options;

    /// <param name="lease">The lease, as <c>namespace/name</c>.</param>
    /// <param name="seconds">How long a leader that is not heard of is waited for.</param>
    /// <param name="cluster">Where the lease is.</param>
    /// <param name="note">Is told who leads, and what is wrong.</param>
    /// <exception cref="UsageException">It is no such lease.</exception>
    internal Election(string lease, int seconds, ClusterAccess cluster, Action<string> note)
    {
        (_namespace, _name) = lease.Split('/') is [{ Length: > 0 } space, { Length: > 0 } name]
            ? (space, name)
            : throw new UsageException($"--leader-election {lease}: write namespace/name of a lease, such as shop/kta-run.");
        var duration = seconds is >= 1 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException("--lease-seconds has to be from 1 to 3600.");
        _cluster = cluster;
        _options = new() { LeaseDuration = duration, RenewDeadline = duration * 2 / 3, RetryPeriod = duration * 2 / 15, OnNote = note };
    }

    /// <summary>The time to end everything after leadership is lost, before somebody else may lead.</summary>
    internal TimeSpan Grace => (_options.LeaseDuration - _options.RenewDeadline) * 0.8;

    /// <summary>Waits until this process leads.</summary>
    internal Task<Leadership> WinAsync(CancellationToken cancellationToken) =>
        Leadership.AcquireAsync(_cluster.Connection, _namespace, _name, _identity, _options, cancellationToken);
}
