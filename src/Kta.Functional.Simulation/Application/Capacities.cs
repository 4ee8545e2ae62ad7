namespace Kta.Functional.Simulation;

/// <summary>Records per second the operators can take in, would take in if all instances were always busy, and what their buffers hold.</summary>
internal sealed record Capacities(double[] Limit, double[] Nominal, double[] Buffer)
{
    internal static Capacities Of(FluidModel model, int[] parallelism)
    {
        var operators = model.Application.Operators;
        double[] limit = [.. operators.Select((one, i) => one.CapacityAt(parallelism[i]))];
        return new(
            limit,
            [.. operators.Select((one, i) => one.NominalAt(parallelism[i]))],
            Array.ConvertAll(limit, capacity => capacity * model.Application.BufferSeconds));
    }

    /// <summary>With only a part of the instances at work; the buffers are there all the same.</summary>
    internal Capacities At(FluidModel model, Func<int, double> working)
    {
        double[] factors = [.. model.Application.Operators.Select((one, i) => Math.Pow(working(i), one.Exponent))];
        return this with { Limit = [.. Limit.Select((limit, i) => limit * factors[i])], Nominal = [.. Nominal.Select((nominal, i) => nominal * factors[i])] };
    }
}
