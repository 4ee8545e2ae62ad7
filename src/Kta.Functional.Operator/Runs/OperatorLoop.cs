using System.Collections.Concurrent;

namespace Kta.Functional.Operator;

/// <summary>The loops of several policies side by side. None holds up another, whatever happens to it.</summary>
/// <example><code>
/// using var store = KnowledgeStore.Open("kta.db");
/// await using var loop = new OperatorLoop(store);
/// loop.Start(policy);
/// </code></example>
public sealed class OperatorLoop : IAsyncDisposable
{
    private static readonly TimeSpan s_spread = TimeSpan.FromMilliseconds(20);
    private readonly KnowledgeStore _store;
    private readonly OperatorLoopOptions _options;
    private readonly ConcurrentDictionary<string, Running> _running = new();

    /// <summary>A loop without policies.</summary>
    /// <param name="store">Where everything is kept. It stays open when the loop ends.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    public OperatorLoop(KnowledgeStore store, OperatorLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _options) = (store, options ?? new OperatorLoopOptions());
    }

    /// <summary>Starts the loop of a policy, and returns.</summary>
    /// <param name="policy">The policy with who decides, and what is scaled.</param>
    /// <exception cref="InvalidOperationException">There is a policy of that name already.</exception>
    public void Start(OperatedPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var running = new Running(policy);
        if (!_running.TryAdd(policy.Policy.FullName, running))
        {
            throw new InvalidOperationException($"There is a policy {policy.Policy.FullName} already: stop it before it is started anew.");
        }

        // Loops that start together would call together for ever.
        running.Task = Task.Run(() => RunAsync(running, s_spread * (_running.Count - 1)));
    }

    /// <summary>Ends the loop of a policy: the step under way may end, and what is stored is scaled.</summary>
    /// <param name="policy">The policy, as <c>namespace/name</c>; one that does not run is ended already.</param>
    public async Task StopAsync(string policy)
    {
        if (_running.TryRemove(policy, out var running))
        {
            await EndAsync([running]).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all loops: steps under way may end, and what is stored is scaled, within <see cref="OperatorLoopOptions.Grace"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        var all = _running.Values.ToList();
        _running.Clear();
        await EndAsync(all).ConfigureAwait(false);
    }

    private async Task RunAsync(Running running, TimeSpan first)
    {
        var name = running.Policy.Policy.FullName;
        try
        {
            await Task.Delay(first, _options.Clock, running.Leave.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var runner = new PolicyRunner(running.Policy, _store, _options.Clock, Tell);
            await runner.RunAsync(running.Leave.Token, running.Abort.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var problem = error is KnowledgeStoreException ? error.Message : PolicyRunner.OurError(error);
            Tell(new IterationFailed(name, _options.Clock.GetUtcNow(), "loop", problem, 1, Timeout.InfiniteTimeSpan));
        }
        finally
        {
            await running.Policy.Driver.DisposeAsync().ConfigureAwait(false);
            running.Policy.Owned?.Dispose();
        }
    }

    private void Tell(RunEvent what) => _options.OnEvent?.Invoke(what);

    private async Task EndAsync(List<Running> all)
    {
        all.ForEach(one => one.Leave.Cancel());
        var ended = Task.WhenAll(all.Select(one => one.Task));
        try
        {
            await ended.WaitAsync(_options.Grace, _options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            all.ForEach(one => one.Abort.Cancel());
            await ended.ConfigureAwait(false);
        }

        all.ForEach(one => one.Dispose());
    }

    private sealed class Running(OperatedPolicy policy) : IDisposable
    {
        internal OperatedPolicy Policy { get; } = policy;

        internal CancellationTokenSource Leave { get; } = new();

        internal CancellationTokenSource Abort { get; } = new();

        internal Task Task { get; set; } = Task.CompletedTask;

        public void Dispose()
        {
            Leave.Dispose();
            Abort.Dispose();
        }
    }
}
