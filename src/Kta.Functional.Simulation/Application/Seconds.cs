namespace Kta.Functional.Simulation;

/// <summary>Times as whole seconds, the steps of the model.</summary>
internal static class Seconds
{
    internal static bool AreWhole(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0;

    internal static long Of(TimeSpan time) => time.Ticks / TimeSpan.TicksPerSecond;

    internal static TimeSpan Time(long seconds) => new(seconds * TimeSpan.TicksPerSecond);
}
