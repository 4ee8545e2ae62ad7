using System.Collections;
using System.Runtime.ExceptionServices;

namespace Kta.Functional;

/// <summary>The earlier iterations of the loop, newest first: <c>history[0]</c> is the last one.</summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
/// <remarks>
/// <para>Entries are decoded when they are first looked at, in order, and once. A policy that runs for months sends
/// megabytes of history with every call; reading the first <c>k</c> entries costs <c>k</c>. <see cref="Count"/> has to
/// look at all of them; prefer <see cref="IsEmpty"/> and <see cref="Latest"/>.</para>
/// <para>An entry whose results do not fit your types (an older version of them, or another policy's: operators of
/// version 0.1.0-alpha.1 share one history among all policies) is treated as <see cref="UnreadableHistory"/> says;
/// by default it is left out.</para>
/// <para>The history can be empty at any time: the operator keeps it in memory only.</para>
/// </remarks>
public sealed class History<TMonitor, TAnalyze> : IReadOnlyList<HistoryEntry<TMonitor, TAnalyze>>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly List<HistoryEntry<TMonitor, TAnalyze>> _read = [];
    private readonly List<(int Position, IReadOnlyDictionary<TopologyNode, int>? Applied)> _gaps = [];
    private IEnumerator<HistoryEntry<TMonitor, TAnalyze>>? _rest;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes a history, for tests.</summary>
    /// <param name="entries">The entries, newest first. They are taken one by one, when they are looked at.</param>
    public History(IEnumerable<HistoryEntry<TMonitor, TAnalyze>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _rest = entries.GetEnumerator();
    }

    /// <summary>A history without entries.</summary>
    public static History<TMonitor, TAnalyze> Empty { get; } = new([]);

    /// <summary>Whether there is no entry. Looks at the newest one only.</summary>
    public bool IsEmpty => !TryRead(0);

    /// <summary>The newest entry, or null.</summary>
    public HistoryEntry<TMonitor, TAnalyze>? Latest => TryRead(0) ? _read[0] : null;

    /// <summary>The number of entries. Looks at all of them.</summary>
    public int Count
    {
        get
        {
            TryRead(int.MaxValue);
            return _read.Count;
        }
    }

    /// <summary>An entry by age: 0 is the newest.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The history has fewer entries.</exception>
    public HistoryEntry<TMonitor, TAnalyze> this[int index] =>
        index >= 0 && TryRead(index)
            ? _read[index]
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"The history has {_read.Count} entries; 0 is the newest. Ask IsEmpty or Latest first.");

    /// <summary>The entries about exactly these nodes: leaves out those of other policies and of earlier topologies.</summary>
    /// <param name="topology">Usually <c>ctx.Topology</c>.</param>
    public History<TMonitor, TAnalyze> About(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return new(this.Where(entry => entry.IsAbout(topology)));
    }

    /// <inheritdoc/>
    public IEnumerator<HistoryEntry<TMonitor, TAnalyze>> GetEnumerator()
    {
        for (var i = 0; TryRead(i); i++)
        {
            yield return _read[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// The entry at a position if it and all newer ones are about these nodes and can be read, otherwise null: nothing is known about
    /// what is behind a gap, and nothing behind it is decoded.
    /// </summary>
    internal HistoryEntry<TMonitor, TAnalyze>? Uninterrupted(int index, Topology topology) =>
        TryRead(index, stopsAtGaps: true) && (_gaps.Count == 0 || index < _gaps[0].Position) && _read[index].IsAbout(topology) ? _read[index] : null;

    /// <summary>Whether there are so many entries, all of them readable, and somebody has looked for more.</summary>
    internal bool EndsAt(int count)
    {
        lock (_read)
        {
            return _rest is null && _gaps.Count == 0 && _read.Count == count;
        }
    }

    /// <summary>What was applied last to these nodes, also if it stands in an entry whose results cannot be read; null if nobody knows.</summary>
    internal IReadOnlyDictionary<TopologyNode, int>? AppliedTo(Topology topology)
    {
        for (int i = 0, gap = 0; ;)
        {
            var isThere = TryRead(i, stopsAtGaps: false);
            for (; gap < _gaps.Count && _gaps[gap].Position <= i; gap++)
            {
                if (_gaps[gap].Applied is { } applied && HistoryEntry<TMonitor, TAnalyze>.Names(applied, topology))
                {
                    return applied;
                }
            }

            if (!isThere || _read[i++].IsAbout(topology))
            {
                return isThere ? _read[i - 1].Parallelism : null;
            }
        }
    }

    private bool TryRead(int index, bool stopsAtGaps = false)
    {
        lock (_read)
        {
            while (_read.Count <= index && _rest is not null && !(stopsAtGaps && _gaps.Count > 0))
            {
                // An enumerator that has thrown says that it is at its end, which would pass for a shorter history.
                _failure?.Throw();
                ReadNext(_rest);
            }

            return index < _read.Count;
        }
    }

    private void ReadNext(IEnumerator<HistoryEntry<TMonitor, TAnalyze>> rest)
    {
        try
        {
            if (rest.MoveNext())
            {
                if (rest.Current is { IsUnreadable: true } unreadable)
                {
                    _gaps.Add((_read.Count, unreadable.Parallelism.Count > 0 ? unreadable.Parallelism : null));
                }
                else
                {
                    _read.Add(rest.Current);
                }
            }
            else
            {
                rest.Dispose();
                _rest = null;
            }
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            throw;
        }
    }
}
