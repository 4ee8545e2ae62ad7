namespace Kta.Functional.Algorithms;

/// <summary>What an instance or operator did in a window of time: true rates while it worked, observed rates over the whole window.</summary>
/// <param name="TrueProcessing">Records per second of useful time taken in; NaN without useful time.</param>
/// <param name="TrueOutput">Records per second of useful time given out; NaN without useful time.</param>
/// <param name="ObservedProcessing">Records per second of the window taken in.</param>
/// <param name="ObservedOutput">Records per second of the window given out.</param>
internal readonly record struct Ds2Rates(double TrueProcessing, double TrueOutput, double ObservedProcessing, double ObservedOutput)
{
    internal static Ds2Rates Of(double recordsIn, double recordsOut, double usefulSeconds, double windowSeconds) => new(
        usefulSeconds > 0 ? recordsIn / usefulSeconds : double.NaN,
        usefulSeconds > 0 ? recordsOut / usefulSeconds : double.NaN,
        recordsIn / windowSeconds,
        recordsOut / windowSeconds);
}

/// <summary>What the model knows about an operator. NaN where it is not known.</summary>
/// <param name="Parallelism">The present number of instances.</param>
/// <param name="TrueProcessing">The true processing rate, summed over the instances.</param>
/// <param name="TrueOutput">The true output rate, summed over the instances.</param>
/// <param name="LastSelectivity">Records out per record in when it last worked.</param>
internal readonly record struct Ds2Operator(int Parallelism, double TrueProcessing, double TrueOutput, double LastSelectivity = double.NaN)
{
    internal double Selectivity =>
        TrueProcessing > 0 && !double.IsNaN(TrueOutput) ? TrueOutput / TrueProcessing : LastSelectivity;

    internal double PerInstance => TrueProcessing / Parallelism;
}

/// <summary>What the model says about an operator.</summary>
/// <param name="TargetRate">The input it has to sustain, in records per second; NaN if that cannot be told.</param>
/// <param name="Unrounded">The number of instances for that, before rounding; NaN if that cannot be told.</param>
/// <param name="Parallelism">The number of instances: for the target, or the present one where that cannot be told.</param>
internal readonly record struct Ds2Size(double TargetRate, double Unrounded, int Parallelism)
{
    /// <summary>Whether the number of instances is for the target.</summary>
    internal bool IsSized => Unrounded < int.MaxValue;
}

/// <summary>The scaling model of the paper, section 4.1.</summary>
internal static class Ds2Model
{
    /// <summary>What IEEE division leaves above a whole number does not make an instance.</summary>
    private const double Artefact = 1e-9;

    /// <summary>One rate for each operator: the sum over its instances.</summary>
    internal static Ds2Rates Sum(IEnumerable<Ds2Rates> instances)
    {
        var sum = default(Ds2Rates);
        foreach (var rates in instances)
        {
            sum = new(
                sum.TrueProcessing + rates.TrueProcessing,
                sum.TrueOutput + rates.TrueOutput,
                sum.ObservedProcessing + rates.ObservedProcessing,
                sum.ObservedOutput + rates.ObservedOutput);
        }

        return sum;
    }

    /// <summary>Sizes every operator for what the sources offer. An operator without input is a source: it offers, and is not sized.</summary>
    /// <param name="graph">Who feeds whom; everything goes from each operator to each it feeds.</param>
    /// <param name="operators">What is known about each position of the graph; what stands at a source does not matter.</param>
    /// <param name="offered">Records per second at each position that is a source.</param>
    /// <param name="scalingFactor">Added to what is needed before it is rounded; downstream does not see it.</param>
    internal static Ds2Size[] Evaluate(
        Graph graph, ReadOnlySpan<Ds2Operator> operators, ReadOnlySpan<double> offered, double scalingFactor)
    {
        var sizes = new Ds2Size[graph.Count];
        var output = new double[graph.Count];
        foreach (var i in graph.Order)
        {
            if (graph.IsSource(i))
            {
                output[i] = offered[i];
                sizes[i] = new(offered[i], double.NaN, operators[i].Parallelism);
                continue;
            }

            var target = 0.0;
            foreach (var from in graph.Upstream[i])
            {
                target += output[from];
            }

            var needed = operators[i].TrueProcessing > 0 ? target / operators[i].PerInstance : double.NaN;
            sizes[i] = new(target, needed, Ceiling(needed * (1 + scalingFactor), operators[i].Parallelism));
            // Of nothing comes nothing, whatever the selectivity.
            output[i] = target == 0 ? 0 : operators[i].Selectivity * target;
        }

        return sizes;
    }

    /// <summary>The number of workers where each of them runs all operators, as in Timely Dataflow: all together, rounded up.</summary>
    internal static int TimelyWorkers(IEnumerable<double> unrounded) => Ceiling(unrounded.Sum(), otherwise: 1);

    /// <summary>Whole instances, at least 1; what is not known, or more than there can be, stays as it is.</summary>
    internal static int Ceiling(double instances, int otherwise) =>
        instances < int.MaxValue ? (int)Math.Max(1, Math.Ceiling(instances - Artefact)) : otherwise;
}
