namespace Kta.Functional.Algorithms;

/// <summary>What a node could do with each number of instances, as measured.</summary>
internal sealed class MeasuredCapacities
{
    private const double Artefact = 1e-9;

    private readonly List<(int Instances, double Capacity)> _points;

    /// <param name="measured">Instances and records per second, newest first: of several with as many instances the first counts.</param>
    internal MeasuredCapacities(IEnumerable<(int Instances, double Capacity)> measured)
    {
        _points = [.. measured.DistinctBy(point => point.Instances).OrderBy(point => point.Instances)];
        // More instances do not do less. What says so is noise or out of date, and the smaller number is the safe one.
        for (var i = _points.Count - 2; i >= 0; i--)
        {
            _points[i] = _points[i] with { Capacity = Math.Min(_points[i].Capacity, _points[i + 1].Capacity) };
        }
    }

    internal bool IsEmpty => _points.Count == 0;

    /// <summary>The instances for a rate, before rounding, and the measured numbers it lies between; both the same in proportion to one.</summary>
    internal (double Instances, (int Instances, double Capacity) Below, (int Instances, double Capacity) Above) For(double rate)
    {
        var above = _points.FindIndex(point => point.Capacity >= rate * (1 - Artefact));
        if (above <= 0)
        {
            var nearest = above == 0 ? _points[0] : _points[^1];
            return (rate * nearest.Instances / nearest.Capacity, nearest, nearest);
        }

        var (low, high) = (_points[above - 1], _points[above]);
        var share = (rate - low.Capacity) / (high.Capacity - low.Capacity);
        return (low.Instances + (share * (high.Instances - low.Instances)), low, high);
    }
}
