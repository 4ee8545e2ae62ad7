using Kta.Functional.Operator;
using Spectre.Console;

namespace Kta.Cli;

/// <summary>One run of the loops, with everything that shows them.</summary>
internal sealed class RunSession(Terminal terminal, string storeFile, bool hasTable) : IAsyncDisposable
{
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(500);
    private readonly RunMetrics _metrics = new();
    private readonly RunTable _table = new(TimeProvider.System);
    private volatile bool _decides;

    internal Task<string> ServeAsync(string host, int port, CancellationToken cancellationToken) => _metrics.ServeAsync(host, port, () => _decides, cancellationToken);

    /// <summary>Waits until no other process decides with this store, nor by this election, and then runs until it is to end.</summary>
    internal async Task RunAsync(Func<WatchedPolicies> files, Func<Action<string>, OperatedPolicies> operated, Election? election, CancellationToken stop)
    {
        // Before a lock is made beside it: a file of somebody else is left alone.
        KnowledgeStore.ThrowIfForeign(storeFile);
        using var held = await InstanceLock.AcquireAsync(
            storeFile, () => terminal.Note($"Another kta run decides with {storeFile}: waiting to take over."), stop);
        using var store = KnowledgeStore.Open(storeFile);
        while (!stop.IsCancellationRequested)
        {
            await using var leadership = election is null ? null : await election.WinAsync(stop);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(stop, leadership?.Lost ?? CancellationToken.None);
            await TurnAsync(store, files(), operated, election?.Grace, until.Token);
            if (!stop.IsCancellationRequested)
            {
                terminal.Note("This process does not lead any more: waiting to take over.");
            }
        }
    }

    /// <summary>Runs until it is to end.</summary>
    private async Task TurnAsync(
        KnowledgeStore store, WatchedPolicies files, Func<Action<string>, OperatedPolicies> operated, TimeSpan? grace, CancellationToken stop)
    {
        var options = new OperatorLoopOptions { OnEvent = Show };
        await using var loop = new OperatorLoop(store, grace is { } shorter && shorter < options.Grace ? options with { Grace = shorter } : options);
        var run = new FollowedPolicies(files, loop, operated(new Notes(NoteOf, TimeProvider.System).Tell), (policy, text) => Show(new RunNote(policy, DateTimeOffset.UtcNow, text)), Remove);
        run.Start();
        _decides = true;
        if (hasTable)
        {
            await terminal.Notes.Live(_table.ToRenderable()).StartAsync(async context =>
            {
                var following = run.FollowAsync(stop);
                while (!following.IsCompleted)
                {
                    await Task.WhenAny(following, Task.Delay(s_frame, CancellationToken.None));
                    context.UpdateTarget(_table.ToRenderable());
                }

                await following;
            });
        }
        else
        {
            await run.FollowAsync(stop);
        }

        _decides = false;
        terminal.Note("Stopping: steps under way may end, and what is stored is scaled.");
    }

    /// <summary>A line beside a table that is drawn again and again would be torn by it.</summary>
    private void NoteOf(string sentence)
    {
        if (hasTable)
        {
            Show(new RunNote("", DateTimeOffset.UtcNow, sentence));
        }
        else
        {
            terminal.Note(sentence);
        }
    }

    public ValueTask DisposeAsync() => _metrics.DisposeAsync();

    private void Show(RunEvent what)
    {
        _metrics.Add(what);
        if (hasTable)
        {
            _table.Add(what);
            return;
        }

        lock (_metrics)
        {
            terminal.Result(RunLines.Of(what));
        }
    }

    private void Remove(string policy)
    {
        _metrics.Remove(policy);
        _table.Remove(policy);
    }
}
