using System.Collections;

namespace Kta.Functional.Algorithms;

/// <summary>An earlier iteration, as a rule sees it.</summary>
/// <param name="StartedAt">When it started, by the operator's clock.</param>
/// <param name="Measurements">What was measured then.</param>
/// <param name="Parallelism">What the operator applied at its end.</param>
public sealed record PastIteration(
    DateTimeOffset StartedAt, Measurements Measurements, IReadOnlyDictionary<TopologyNode, int> Parallelism)
{
    /// <summary>Whether it changed anything; null if nobody knows.</summary>
    /// <param name="before">The iteration before it; null if it is not known.</param>
    internal bool? HasChanged(PastIteration? before) => Parallelism
        .Select(pair => (Then: CountBefore(pair.Key, before), Applied: pair.Value))
        .Aggregate((bool?)false, (changed, node) => changed is true || (node.Then is { } then && then != node.Applied) ? true : node.Then is null ? null : changed);

    /// <summary>How many instances a node had when it started: as applied before, otherwise as measured; null if nobody knows.</summary>
    private int? CountBefore(TopologyNode node, PastIteration? before) =>
        before is not null && before.Parallelism.TryGetValue(node, out var applied) ? applied : (int?)Measurements[node].Parallelism.LastValue;
}

/// <summary>Earlier iterations about the same nodes, newest first, as far as there is no gap. Nothing is decoded beyond what is looked at.</summary>
public sealed class PastIterations : IEnumerable<PastIteration>
{
    private readonly IReadOnlyList<PastIteration>? _given;
    private readonly List<PastIteration> _read = [];
    private IEnumerator<PastIteration>? _rest;

    internal PastIterations(IEnumerable<PastIteration> iterations)
    {
        _given = iterations as IReadOnlyList<PastIteration>;
        _rest = _given is null ? iterations.GetEnumerator() : null;
    }

    /// <summary>How many there are, if somebody has looked at the last one and wanted to go on; null as long as nobody has.</summary>
    internal (int Count, DateTimeOffset? Oldest)? End
    {
        get
        {
            lock (_read)
            {
                return _given is null && _rest is null ? (_read.Count, _read.Count > 0 ? _read[^1].StartedAt : null) : null;
            }
        }
    }

    /// <summary>An iteration by age, or null if there are not so many.</summary>
    /// <param name="index">0 for the newest.</param>
    public PastIteration? At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (_given is not null)
        {
            return index < _given.Count ? _given[index] : null;
        }

        lock (_read)
        {
            while (_read.Count <= index && _rest is not null)
            {
                if (_rest.MoveNext())
                {
                    _read.Add(_rest.Current);
                }
                else
                {
                    _rest.Dispose();
                    _rest = null;
                }
            }

            return index < _read.Count ? _read[index] : null;
        }
    }

    /// <summary>Whether an iteration changed anything; null if nobody knows.</summary>
    internal bool? HasChangedAt(int index) => At(index)?.HasChanged(At(index + 1));

    /// <summary>How many instances a node had when an iteration started: as measured, otherwise as applied before; null if nobody knows.</summary>
    internal int? ParallelismAt(int index, TopologyNode node) =>
        At(index)?.Measurements[node].Parallelism.Value is { } measured ? (int)measured
        : At(index + 1) is { } before && before.Parallelism.TryGetValue(node, out var applied) ? applied
        : null;

    /// <inheritdoc/>
    public IEnumerator<PastIteration> GetEnumerator()
    {
        for (var i = 0; At(i) is { } iteration; i++)
        {
            yield return iteration;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
