namespace Kta.Functional.Simulation;

internal sealed class CosineTrace(double mean, double amplitude, double period) : Trace
{
    internal override double At(double second) => Math.Max(0, mean + (amplitude * Math.Cos(2 * Math.PI * second / period)));

    private protected override string Describe() => $"cosine {RateText.Range(Math.Max(0, mean - amplitude), mean + amplitude)}";
}

internal sealed class RampTrace(double from, double to, double over) : Trace
{
    internal override double At(double second) => from + ((to - from) * Math.Min(1, second / over));

    private protected override string Describe() => $"ramp {RateText.Range(from, to)}";
}

internal sealed class SpikeTrace(double low, double height, double first, double every, double length) : Trace
{
    internal override double At(double second) => second >= first && (second - first) % every < length ? height : low;

    private protected override string Describe() => $"spikes {RateText.Range(low, height)}";
}

internal sealed class OwnTrace(string name, Func<TimeSpan, double> rateAt) : Trace
{
    internal override double At(double second) => Possible(rateAt(TimeSpan.FromSeconds(second)));

    private protected override string Describe() => name;
}
