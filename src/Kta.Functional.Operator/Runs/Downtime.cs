namespace Kta.Functional.Operator;

/// <summary>How long a rescale takes here: the median of the last few that were watched.</summary>
internal sealed class Downtime
{
    private const int Few = 5;
    private readonly KnowledgeStore _store;
    private readonly string _policy;
    private DateTimeOffset? _newest;

    internal Downtime(KnowledgeStore store, string policy)
    {
        (_store, _policy) = (store, policy);
        Read();
    }

    /// <summary>The typical time, in whole seconds so that it seldom changes; null until a rescale was watched.</summary>
    internal TimeSpan? Typical { get; private set; }

    internal void Observe(Rescale? rescale)
    {
        if (rescale is null || rescale.StartedAt <= _newest)
        {
            return;
        }

        _store.AddRescale(_policy, rescale);
        Read();
    }

    private void Read()
    {
        var rescales = _store.Rescales(_policy, Few);
        _newest = rescales.Count > 0 ? rescales[0].StartedAt : null;
        var times = rescales.Select(one => one.Took).Order().ToList();
        Typical = times.Count == 0 ? null : TimeSpan.FromSeconds(Math.Max(1, Math.Round(times[times.Count / 2].TotalSeconds)));
    }
}
