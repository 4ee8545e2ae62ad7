namespace Kta.Functional.Simulation;

/// <summary>A queue in front of a capacity: how it goes on, and how long it is too long.</summary>
/// <param name="unit">Fewer records than half of this are none.</param>
/// <param name="largest">More than this are not told apart.</param>
internal sealed class Backlog(double unit, double largest)
{
    /// <summary>Backlogs closer to each other than this are one.</summary>
    private const double Ratio = 1.14;

    private static readonly double s_log = Math.Log(Ratio);

    /// <summary>How many are told apart.</summary>
    internal int Count { get; } = 2 + (int)Math.Ceiling(Math.Log(largest / unit) / s_log);

    internal int Bucket(double backlog) =>
        backlog <= unit / 2 ? 0 : Math.Clamp(1 + (int)Math.Round(Math.Log(backlog / unit) / s_log), 1, Count - 1);

    /// <summary>The backlog after some seconds, and in how many of them it was above a limit.</summary>
    internal static (double Backlog, double Late) After(double backlog, double growth, double limit, double seconds)
    {
        limit = Math.Max(0, limit);
        var late =
            growth > 0 ? seconds - Math.Clamp(Math.Floor((limit - backlog) / growth), 0, seconds)
            : growth < 0 ? Math.Clamp(Math.Ceiling((backlog - limit) / -growth) - 1, 0, seconds)
            : backlog > limit ? seconds : 0;
        return (Math.Max(0, backlog + (growth * seconds)), late);
    }
}
