using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>What an operator can do, by what was measured of it.</summary>
internal static class OperatorFit
{
    /// <summary>A measurement of an overloaded stretch counts so much.</summary>
    private const double InOverload = 0.25;

    /// <summary>Idle instances count a little: what they did shows in their true rate, too.</summary>
    private const double Least = 0.02;

    /// <summary>Where busy times below this are all there is, the rate is a projection.</summary>
    private const double HardlyBusy = 0.1;

    private const double LargestRateError = 0.03;
    private const double LargestExponentError = 0.03;
    private const int FewMeasurements = 5;

    internal static (FittedOperator Operator, double Noise) Of(TopologyNode node, IReadOnlyList<Observation> observations, bool isSink)
    {
        var seen = observations.Select(one => Point.Of(node, one)).OfType<Point>().ToList();
        var doubts = new List<string>();
        var (selectivity, isMeasured) = SelectivityOf(node, observations);
        if (!isMeasured && !isSink)
        {
            doubts.Add("what it gives out was not measured: a selectivity of 1 is assumed");
        }

        if (seen.Count == 0)
        {
            doubts.Add("its true processing rate was not measured, nor records and busy time: it is assumed never to be the bottleneck");
            return (new(node, LargestIntake(node, observations), null, 1, null, selectivity, isMeasured, [], 0, doubts), 0);
        }

        var groups = seen.GroupBy(point => point.Working).OrderBy(group => group.Key).Select(group => (
            X: Math.Log(group.Key), Y: WeightedSample.Median(group.Select(point => (point.LogRate, point.Weight))), Weight: group.Sum(point => point.Weight))).ToList();
        var (intercept, slope, interceptError, slopeError) = groups.Count > 1
            ? WeightedSample.Line(groups)
            : (groups[0].Y - groups[0].X, 1, 1 / Math.Sqrt(groups[0].Weight), double.NaN);
        var exponent = Math.Clamp(WeightedSample.Rounded(slope, 5), 0.01, 2);
        var residuals = seen.ConvertAll(point => (point.LogRate - (intercept + (slope * Math.Log(point.Working))), point.Weight));
        var deviation = WeightedSample.Deviation(residuals);
        // Errors count as many measurements as their weights are worth; a median knows 4/5 of what a mean does.
        var perWeight = seen.Sum(point => point.Weight) / WeightedSample.EffectiveCount(seen.ConvertAll(point => point.Weight));
        var unit = 1.2533 * deviation * Math.Sqrt(perWeight);
        var (rateError, exponentError) = (Error(unit * interceptError), groups.Count > 1 ? Error(unit * slopeError) : (double?)null);
        doubts.AddRange(DoubtsOf(seen, groups.Count, rateError, exponentError));
        return (
            new(
                node, WeightedSample.Rounded(Math.Exp(intercept), 6), rateError, exponent, exponentError, selectivity, isMeasured,
                [.. seen.Select(point => point.Parallelism).Distinct().Order()], seen.Count, doubts),
            deviation);
    }

    /// <summary>Below a millionth it is that of the arithmetic.</summary>
    private static double Error(double error) => error < 1e-6 ? 0 : WeightedSample.Rounded(error, 3);

    private static IEnumerable<string> DoubtsOf(List<Point> seen, int parallelisms, double rateError, double? exponentError)
    {
        if (parallelisms == 1)
        {
            yield return Invariant($"only {seen[0].Parallelism} {(seen[0].Parallelism == 1 ? "instance was" : "instances were")} seen: an exponent of 1 is assumed, and other numbers of instances are a guess");
        }

        if (exponentError > LargestExponentError)
        {
            yield return Invariant($"the parallelisms are too close for the noise: the exponent is ± {exponentError:0.00}");
        }

        if (rateError > LargestRateError)
        {
            yield return Invariant($"the rate per instance is ± {100 * rateError:0} %");
        }

        if (seen.Count < FewMeasurements)
        {
            yield return Invariant($"only {seen.Count} {(seen.Count == 1 ? "measurement was" : "measurements were")} of use");
        }

        if (seen.Max(point => point.Busy ?? 1) is < HardlyBusy and var busiest)
        {
            yield return Invariant($"it was never more than {100 * busiest:0} % busy: its rate is a projection");
        }

        var overloaded = seen.Count(point => point.IsOverloaded);
        if (2 * overloaded > seen.Count)
        {
            yield return Invariant($"{overloaded} of {seen.Count} measurements are from overloaded stretches");
        }
    }

    /// <summary>By what it gave out for what it took in; the median, so that a few odd ones do not matter.</summary>
    private static (double Selectivity, bool IsMeasured) SelectivityOf(TopologyNode node, IReadOnlyList<Observation> observations)
    {
        var ratios = observations.Select(one => one.Numbers[node])
            .Where(numbers => numbers.RecordsIn.Value > 0 && numbers.RecordsOut.Value is not null)
            .Select(numbers => (numbers.RecordsOut.Value!.Value / numbers.RecordsIn.Value!.Value, numbers.RecordsIn.Value.Value))
            .ToList();
        return ratios.Count == 0 ? (1, false) : (WeightedSample.Rounded(WeightedSample.Median(ratios), 5), true);
    }

    /// <summary>One instance alone could take in the most that was ever seen anywhere.</summary>
    private static double LargestIntake(TopologyNode node, IReadOnlyList<Observation> observations)
    {
        var own = Largest(one => one.Numbers[node].RecordsIn.Value);
        return WeightedSample.Rounded(own > 0 ? own : Math.Max(1, 10 * Largest(one => one.Numbers.Values.Max(numbers =>
            Math.Max(numbers.RecordsOut.Value ?? 0, Math.Max(numbers.RecordsIn.Value ?? 0, numbers.ArrivalRate.Value ?? 0))))), 6);

        double Largest(Func<Observation, double?> of) => observations.Max(one => of(one) ?? 0);
    }

    /// <summary>One measurement of the rate.</summary>
    /// <param name="Parallelism">With so many instances.</param>
    /// <param name="Working">Of which so many had something to do.</param>
    /// <param name="LogRate">The logarithm of what those can take in together.</param>
    /// <param name="Busy">How busy they were; null if that is not known.</param>
    /// <param name="IsOverloaded">Whether a lag grew meanwhile.</param>
    /// <param name="Weight">How much it counts.</param>
    private sealed record Point(int Parallelism, int Working, double LogRate, double? Busy, bool IsOverloaded, double Weight)
    {
        internal static Point? Of(TopologyNode node, Observation one)
        {
            var numbers = one.Numbers[node];
            var busy = numbers.Busy.Value;
            var rate = numbers.TrueProcessingRate.Value ?? (busy > Least ? numbers.RecordsIn.Value / busy : null);
            if (rate is not > 0)
            {
                return null;
            }

            var parallelism = one.Parallelism[node];
            var working = Math.Min(parallelism, (int?)numbers.Partitions.Value ?? int.MaxValue);
            var isOverloaded = one.Overloaded.Count > 0;
            var weight = Math.Max(Least, busy ?? 0.5) * Math.Max(Least, 1 - (numbers.BackPressured.Value ?? 0)) * (isOverloaded ? InOverload : 1);
            // Instances without a partition are counted in the mean of the busy times.
            return new(parallelism, working, Math.Log(rate.Value * working / parallelism), busy, isOverloaded, weight);
        }
    }
}
