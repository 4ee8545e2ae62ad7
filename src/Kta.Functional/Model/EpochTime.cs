namespace Kta.Functional;

internal static class EpochTime
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    internal static DateTimeOffset At(long millis) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(millis, Earliest, Latest));
}
