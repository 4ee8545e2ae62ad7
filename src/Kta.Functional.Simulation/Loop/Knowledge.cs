using System.Collections;

namespace Kta.Functional.Simulation;

/// <summary>The finished iterations of a policy. What it has shown does not change when it grows.</summary>
internal sealed class Knowledge
{
    private readonly List<FinishedIteration> _finished = [];

    internal void Add(FinishedIteration finished) => _finished.Add(finished);

    /// <summary>The newest iterations, as they are now.</summary>
    /// <param name="length">How many at most.</param>
    internal IReadOnlyList<FinishedIteration> View(int length) => new NewestFirst(_finished, _finished.Count, Math.Min(length, _finished.Count));

    /// <summary>A part of a list that only grows.</summary>
    private sealed class NewestFirst(List<FinishedIteration> finished, int end, int count) : IReadOnlyList<FinishedIteration>
    {
        public int Count => count;

        public FinishedIteration this[int index] =>
            index >= 0 && index < count ? finished[end - 1 - index] : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<FinishedIteration> GetEnumerator()
        {
            for (var i = 0; i < count; i++)
            {
                yield return finished[end - 1 - i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
