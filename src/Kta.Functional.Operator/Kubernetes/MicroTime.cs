namespace Kta.Functional.Operator.Kubernetes;

/// <summary>Times of which the API server wants six digits behind the point.</summary>
internal static class MicroTime
{
    /// <summary>The same time, a microsecond later if it is a whole second: the client leaves the digits out then, and is refused.</summary>
    internal static DateTime Of(DateTime time) => time.Ticks % TimeSpan.TicksPerSecond == 0 ? time.AddMicroseconds(1) : time;
}
