namespace Kta.Functional.Simulation;

internal sealed class CombinedTrace : Trace
{
    private readonly string _kind;
    private readonly Trace[] _traces;
    private readonly Func<double, double, double> _combine;

    internal CombinedTrace(string kind, Trace[] traces, Func<double, double, double> combine)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (traces.Length == 0 || traces.Contains(null))
        {
            throw new ArgumentException($"A {kind} is made of at least one trace, and none of them is null.", nameof(traces));
        }

        _kind = kind;
        _traces = [.. traces];
        _combine = combine;
    }

    public override TimeSpan? Length => _traces.Min(trace => trace.Length);

    internal override Trace Seeded(long seed) => new CombinedTrace(
        _kind, [.. _traces.Select((trace, i) => trace.Seeded(new RandomNumbers(seed).Derived((ulong)i)))], _combine);

    internal override double At(double second) => Possible(_traces.Skip(1).Aggregate(_traces[0].At(second), (all, trace) => _combine(all, trace.At(second))));

    internal override void Fill(long second, Span<double> rates)
    {
        _traces[0].Fill(second, rates);
        var next = new double[rates.Length];
        foreach (var trace in _traces.AsSpan(1))
        {
            trace.Fill(second, next);
            for (var t = 0; t < rates.Length; t++)
            {
                rates[t] = _combine(rates[t], next[t]);
            }
        }

        for (var t = 0; t < rates.Length; t++)
        {
            rates[t] = Possible(rates[t]);
        }
    }

    private protected override string Describe() => $"{_kind} of {string.Join(", ", (object[])_traces)}";
}

internal sealed class NoisyTrace(Trace trace, double amount, double every, long? seed) : Trace
{
    private readonly RandomNumbers _random = new(seed ?? DefaultSeed);

    public override TimeSpan? Length => trace.Length;

    internal override Trace Seeded(long seedForAll) => new NoisyTrace(
        trace.Seeded(new RandomNumbers(seedForAll).Derived(0)), amount, every, seed ?? new RandomNumbers(seedForAll).Derived(1));

    internal override double At(double second) => trace.At(second) * Factor(Math.Floor(second / every));

    internal override void Fill(long second, Span<double> rates)
    {
        trace.Fill(second, rates);
        var (draw, factor) = (-1.0, 0.0);
        for (var t = 0; t < rates.Length; t++)
        {
            var next = Math.Floor((second + t) / every);
            (draw, factor) = (next, next == draw ? factor : Factor(next));
            rates[t] *= factor;
        }
    }

    private protected override string Describe() => FormattableString.Invariant($"{trace}, noise {amount:0.###}");

    private double Factor(double draw) => Math.Max(0, 1 + (amount * _random.Normal((ulong)draw)));
}

internal sealed class LaterTrace(Trace trace, TimeSpan offset) : Trace
{
    private readonly double _seconds = offset.TotalSeconds;

    public override TimeSpan? Length => trace.Length is { } length ? (length > offset ? length - offset : TimeSpan.Zero) : null;

    internal override Trace Seeded(long seed) => new LaterTrace(trace.Seeded(seed), offset);

    internal override double At(double second) => trace.At(second + _seconds);

    private protected override string Describe() => $"{trace} from {offset}";
}
