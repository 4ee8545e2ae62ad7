using System.Collections.Concurrent;

namespace Kta.Functional.Tests.CSharp;

/// <summary>The calls of a step, kept where no look at the step's own code can see it, and a way to wait for them.</summary>
public sealed class CallLog : IDisposable
{
    private readonly ConcurrentQueue<string> _ids = new();
    private readonly SemaphoreSlim _noted = new(0);
    private int _count;

    /// <summary>The ids of all calls so far, in order.</summary>
    public IReadOnlyList<string> Ids => [.. _ids];

    /// <summary>Takes down a call; gives its number, from 1.</summary>
    public int Note(string id)
    {
        _ids.Enqueue(id);
        var number = Interlocked.Increment(ref _count);
        _noted.Release();
        return number;
    }

    /// <summary>Completes when so many more calls were made.</summary>
    public async Task AwaitAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!await _noted.WaitAsync(TimeSpan.FromSeconds(60)))
            {
                throw new TimeoutException($"{i} of {count} calls were made.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _noted.Dispose();
}
