using Kta.Functional.Simulation;

namespace Kta.Functional.Operator;

/// <summary>The iterations that a request tells, newest first, as many as the policy wants. Each is kept in one piece, as it is stored.</summary>
/// <param name="length">How many at most, at least 1.</param>
/// <param name="stored">What is stored, newest first.</param>
internal sealed class RecentIterations(int length, IReadOnlyList<FinishedIteration> stored)
{
    private readonly LinkedList<FinishedIteration> _iterations = new(stored.Take(length));

    private readonly StoredEntry _entries = new();

    internal int Count => _iterations.Count;

    internal FinishedIteration? Newest => _iterations.First?.Value;

    internal IReadOnlyList<FinishedIteration> Newests() => [.. _iterations];

    internal void Add(FinishedIteration finished)
    {
        _iterations.AddFirst(_entries.Read(finished.ToUtf8().ToArray()));
        if (_iterations.Count > length)
        {
            _iterations.RemoveLast();
        }
    }
}
