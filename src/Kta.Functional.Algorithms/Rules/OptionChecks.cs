using System.Globalization;

namespace Kta.Functional.Algorithms;

/// <summary>Collects everything that is wrong with the options of a rule into one message.</summary>
internal sealed class OptionChecks(string rule)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _options = [];

    /// <summary>The options that are wrong, in the order they were checked.</summary>
    internal IReadOnlyList<string> Options => _options;

    /// <summary>An option has to be in a range.</summary>
    internal OptionChecks Check(bool holds, string option, object? value, string range)
    {
        if (!holds)
        {
            _options.Add(option);
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value ?? "null"}, it has to be {range}"));
        }

        return this;
    }

    internal OptionChecks InRange(double value, double from, double to, string option, string unit = "") =>
        Check(
            value >= from && value <= to,
            option,
            value,
            string.Create(CultureInfo.InvariantCulture, $"from {from} to {to}{(unit.Length > 0 ? " " + unit : "")}"));

    internal OptionChecks Positive(TimeSpan value, string option) => Check(value > TimeSpan.Zero, option, value, "more than 0");

    internal OptionChecks NotNegative(TimeSpan value, string option) => Check(value >= TimeSpan.Zero, option, value, "at least 0");

    /// <exception cref="ArgumentException">Something is wrong.</exception>
    internal void Throw()
    {
        if (_problems.Count > 0)
        {
            throw new ArgumentException($"{rule} cannot work like this: {string.Join("; ", _problems)}.");
        }
    }
}
