using System.Globalization;

namespace Kta.Functional.Algorithms;

/// <summary>A number of a reason as people read it: <c>12,400</c>, <c>4.68</c>, <c>?</c>, <c>∞</c>.</summary>
internal readonly record struct Rate(double Value) : IFormattable
{
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        double.IsNaN(Value) ? "?" : double.IsPositiveInfinity(Value) ? "∞" : Value.ToString(Math.Abs(Value) >= 100 ? "N0" : "F2", formatProvider);

    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);
}
