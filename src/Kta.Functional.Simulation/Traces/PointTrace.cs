using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Rates that stay until the next one begins.</summary>
internal sealed class PointTrace : Trace
{
    private readonly string _kind;
    private readonly double[] _seconds;
    private readonly double[] _rates;

    internal PointTrace(string kind, IReadOnlyCollection<(double Second, double Rate)> points, TimeSpan? length)
    {
        _kind = kind;
        _seconds = [.. points.Select(point => point.Second)];
        _rates = [.. points.Select(point => point.Rate)];
        Length = length;
        if (_seconds.Length == 0 || _seconds[0] != 0)
        {
            throw new ArgumentException("The first point of a trace has to be at second 0.", nameof(points));
        }

        for (var i = 0; i < _seconds.Length; i++)
        {
            if (_rates[i] is not (>= 0 and <= LargestRate) || (i > 0 && !(_seconds[i] > _seconds[i - 1])))
            {
                throw new ArgumentException(
                    Invariant($"Point {i} of a trace is ({_seconds[i]}, {_rates[i]}): expected a second after that of the point before, and a rate of at least 0."),
                    nameof(points));
            }
        }
    }

    public override TimeSpan? Length { get; }

    internal override double At(double second) => _rates[PlaceAt(second)];

    internal override void Fill(long second, Span<double> rates)
    {
        var place = PlaceAt(second);
        for (var t = 0; t < rates.Length; t++)
        {
            while (place + 1 < _seconds.Length && _seconds[place + 1] <= second + t)
            {
                place++;
            }

            rates[t] = _rates[place];
        }
    }

    private protected override string Describe() =>
        _rates.Length == 1 ? $"constant {RateText.Range(_rates[0], _rates[0])}" : $"{_kind} {RateText.Range(_rates.Min(), _rates.Max())}";

    private int PlaceAt(double second)
    {
        var place = Array.BinarySearch(_seconds, second);
        return place >= 0 ? place : Math.Max(0, ~place - 1);
    }
}
