using Kta.Functional.Files;
using Kta.Functional.Operator;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>The loops of the policies in some files, kept as the files say while these change.</summary>
/// <param name="files">The files.</param>
/// <param name="loop">Runs them.</param>
/// <param name="operated">Finds out who decides, and what is scaled.</param>
/// <param name="tell">Is told a sentence about a policy, or about all (an empty name).</param>
/// <param name="removed">Is told that a policy is gone.</param>
internal sealed class FollowedPolicies(WatchedPolicies files, OperatorLoop loop, OperatedPolicies operated, Action<string, string> tell, Action<string> removed)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, KtaPolicy> _running = [];

    /// <summary>Starts what the files say.</summary>
    /// <exception cref="FileProblemException">A file is wrong.</exception>
    /// <exception cref="UsageException">Nobody decides for a policy.</exception>
    internal void Start()
    {
        var read = files.ReadIfChanged() ?? [];
        TellNotes(read);
        var policies = read.SelectMany(file => file.Policies).ToList();
        if (policies.Count == 0)
        {
            tell("", "There is no policy in these files yet: waiting until one comes.");
        }

        // All of them first: a run that starts is one that can decide everything it was given.
        foreach (var policy in policies.Select(operated.Of).ToList())
        {
            Start(policy);
        }
    }

    /// <summary>Looks at the files again and again, until it is to end.</summary>
    internal async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(s_poll, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested)
            {
                await ReadAgainAsync();
            }
        }
    }

    private async Task ReadAgainAsync()
    {
        IReadOnlyList<PolicyFile>? read;
        try
        {
            read = files.ReadIfChanged();
        }
        catch (Exception error) when (error is FileProblemException or IOException or UnauthorizedAccessException)
        {
            tell("", $"{error.Message} What was read before goes on.");
            return;
        }

        if (read is null)
        {
            return;
        }

        TellNotes(read);
        var policies = read.SelectMany(file => file.Policies).ToDictionary(policy => policy.FullName);
        foreach (var gone in _running.Keys.Except(policies.Keys).ToList())
        {
            await loop.StopAsync(gone);
            _running.Remove(gone);
            removed(gone);
            tell(gone, "is no longer in the files: it is not scaled any more");
        }

        foreach (var policy in policies.Values.Where(policy => _running.GetValueOrDefault(policy.FullName) != policy))
        {
            await ReplaceAsync(policy);
        }
    }

    private async Task ReplaceAsync(KtaPolicy policy)
    {
        OperatedPolicy next;
        try
        {
            next = operated.Of(policy);
        }
        catch (UsageException error)
        {
            tell(policy.FullName, $"{error.Message} What was read before goes on.");
            return;
        }

        if (_running.TryGetValue(policy.FullName, out var before))
        {
            await loop.StopAsync(policy.FullName);
            tell(policy.FullName, $"changed: {string.Join("; ", KtaPolicy.Differences(before, policy))}");
        }
        else
        {
            tell(policy.FullName, "is new");
        }

        Start(next);
    }

    private void Start(OperatedPolicy policy)
    {
        _running[policy.Policy.FullName] = policy.Policy;
        loop.Start(policy);
    }

    private void TellNotes(IEnumerable<PolicyFile> read)
    {
        foreach (var note in read.SelectMany(file => file.Notes))
        {
            tell("", note);
        }
    }
}
