using System.Globalization;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Reads rows of seconds and rates, which come in even steps.</summary>
internal sealed class CsvTrace(string file)
{
    private const string Header = "seconds,rate";
    private const double Rounding = 1e-6;

    private readonly List<FileProblem> _problems = [];
    private readonly List<(double Second, double Rate)> _points = [];
    private double? _step;

    /// <exception cref="FileProblemException">Something cannot be read; names every line.</exception>
    internal static Trace Read(TextReader reader, string file)
    {
        var csv = new CsvTrace(file);
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            csv.ReadLine(++number, line.Trim('\uFEFF', ' ', '\t'));
        }

        if (csv._points.Count < 2 && csv._problems.Count == 0)
        {
            csv.Add(0, Invariant($"expected at least two rows of {Header}, found {csv._points.Count}"));
        }

        return csv._problems.Count == 0 ? csv.ToTrace() : throw new FileProblemException(csv._problems);
    }

    private PointTrace ToTrace()
    {
        var (start, end) = (_points[0].Second, _points[^1].Second);
        return new PointTrace(
            Path.GetFileName(file),
            [.. _points.Select(point => (point.Second - start, point.Rate))],
            TimeSpan.FromSeconds(end - start + _step!.Value));
    }

    private void ReadLine(int number, string line)
    {
        if (line.Length == 0 || line[0] == '#' || (_points.Count == 0 && line.Replace(" ", "").Equals(Header, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != 2)
        {
            Add(number, $"expected {Header}, found \"{SafeExcerpt.Of(line)}\"");
            AssumeNext();
            return;
        }

        var (second, rate) = (Number(number, cells[0], "a number of seconds, at least 0"), Number(number, cells[1], "records per second, at least 0"));
        if (second is null || rate is null)
        {
            AssumeNext();
            return;
        }

        if (Follows(number, second.Value))
        {
            _points.Add((second.Value, rate.Value));
        }
    }

    /// <summary>The step is that from the first row to the second.</summary>
    private bool Follows(int number, double second)
    {
        if (_points.Count == 0)
        {
            return true;
        }

        var before = _points[^1].Second;
        if (second <= before)
        {
            Add(number, Invariant($"seconds have to grow: {second} comes after {before}"));
            return false;
        }

        _step ??= second - before;
        if (Math.Abs(second - before - _step.Value) > Rounding * _step.Value)
        {
            Add(number, Invariant($"rows have to come every {_step} s, as the first two do: after {before} expected {before + _step}, found {second}"));
        }

        return true;
    }

    /// <summary>A row that cannot be read shall not be reported as a gap, too.</summary>
    private void AssumeNext()
    {
        if (_points.Count > 0 && _step is { } step)
        {
            _points.Add((_points[^1].Second + step, 0));
        }
    }

    private double? Number(int number, string cell, string expected)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= Trace.LargestRate)
        {
            return value;
        }

        Add(number, $"expected {expected}, found \"{SafeExcerpt.Of(cell)}\"");
        return null;
    }

    private void Add(int line, string message) => _problems.Add(new(file, line, null, message));
}
