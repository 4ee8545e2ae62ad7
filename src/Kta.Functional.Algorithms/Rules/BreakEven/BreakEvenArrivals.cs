namespace Kta.Functional.Algorithms;

/// <summary>What arrived at the sources, as far as it is known of all of them.</summary>
internal sealed class BreakEvenArrivals
{
    private readonly BreakEvenInput _input;
    private readonly double[] _newestFirst;

    internal BreakEvenArrivals(BreakEvenInput input)
    {
        _input = input;
        Sources = [.. input.Graph.Order.Where(input.Graph.IsSource)];
        var (times, sums, each) = (new List<double>(input.Count), new List<double>(input.Count), new List<double>(input.Count * Sources.Length));
        Span<double> now = stackalloc double[Math.Min(Sources.Length, 64)];
        now = Sources.Length > now.Length ? new double[Sources.Length] : now;
        for (var k = 0; k < input.Count; k++)
        {
            var sum = 0.0;
            for (var s = 0; s < Sources.Length; s++)
            {
                now[s] = Of(k, Sources[s]);
                sum += now[s];
            }

            if (!double.IsNaN(sum))
            {
                times.Add(input.Times[k]);
                sums.Add(sum);
                foreach (var arrived in now)
                {
                    each.Add(arrived);
                }
            }
        }

        IsKnownNow = times.Count > 0 && times[0] == input.Now;
        _newestFirst = [.. each];
        times.Reverse();
        sums.Reverse();
        (Times, Sums) = ([.. times], [.. sums]);
    }

    /// <summary>The sources, by position in the graph, upstream first.</summary>
    internal int[] Sources { get; }

    internal bool IsKnownNow { get; }

    /// <summary>When arrivals were known, oldest first.</summary>
    internal double[] Times { get; }

    /// <summary>Records per second of all sources together at these times.</summary>
    internal double[] Sums { get; }

    /// <summary>What arrived at a source just now.</summary>
    internal double NowAt(int source) => _newestFirst[source];

    /// <summary>The part of the arrivals that comes through a source: of the last three times, or of all if nothing came then.</summary>
    internal double ShareOf(int position)
    {
        var source = Array.IndexOf(Sources, position);
        var most = Whole(3) > 0 ? 3 : Sums.Length;
        var whole = Whole(most);
        return whole > 0 ? Part(source, most) / whole : 1.0 / Sources.Length;
    }

    private double Whole(int most)
    {
        var whole = 0.0;
        for (var s = 0; s < Sources.Length; s++)
        {
            whole += Part(s, most);
        }

        return whole;
    }

    private double Part(int source, int most)
    {
        var part = 0.0;
        for (var k = 0; k < Math.Min(most, Sums.Length); k++)
        {
            part += _newestFirst[(k * Sources.Length) + source];
        }

        return part;
    }

    /// <summary>What arrived: as measured, else what was taken in plus what the lag grew by, else what was taken in.</summary>
    private double Of(int index, int node)
    {
        ref readonly var sample = ref _input.At(index, node);
        if (Numbers.Is(sample.Arrivals))
        {
            return Numbers.Larger(0, sample.Arrivals);
        }

        if (!Numbers.Is(sample.RecordsIn))
        {
            return double.NaN;
        }

        if (index + 1 < _input.Count)
        {
            ref readonly var before = ref _input.At(index + 1, node);
            if (before.Parallelism.Equals(sample.Parallelism) && Numbers.Is(sample.Lag) && Numbers.Is(before.Lag))
            {
                return Numbers.Larger(0, sample.RecordsIn + ((sample.Lag - before.Lag) / (_input.Times[index] - _input.Times[index + 1])));
            }
        }

        return Numbers.Larger(0, sample.RecordsIn);
    }
}
