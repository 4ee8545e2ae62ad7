using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Unusual numbers. An integer beyond 64 bits needs a codec of its own.</summary>
internal sealed record Numbers(
    BigInteger Big, long Neg, double F, double Whole, double Exp, double Small, double Zero, double E16, double E15)
{
    internal static Numbers Unusual { get; } = new(
        BigInteger.Pow(2, 70), long.MinValue, 0.1 + 0.2, 1.0, 1e300, double.Epsilon, -0.0, 1e16, 1.2345678901234568e+17);

    internal static ResultCodec<Numbers> Codec { get; } = Functional.Codec.FromText<Numbers>(
        n => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"big":{{n.Big}},"neg":{{n.Neg}},"f":{{n.F}},"whole":{{n.Whole}},"exp":{{n.Exp}},"small":{{n.Small}},"zero":{{n.Zero}},"e16":{{n.E16}},"e15":{{n.E15}}}"""),
        text =>
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return new(
                BigInteger.Parse(root.GetProperty("big").GetRawText(), CultureInfo.InvariantCulture),
                root.GetProperty("neg").GetInt64(),
                root.GetProperty("f").GetDouble(),
                root.GetProperty("whole").GetDouble(),
                root.GetProperty("exp").GetDouble(),
                root.GetProperty("small").GetDouble(),
                root.GetProperty("zero").GetDouble(),
                root.GetProperty("e16").GetDouble(),
                root.GetProperty("e15").GetDouble());
        });
}
