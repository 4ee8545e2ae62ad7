namespace Kta.Cli;

/// <summary>The time of the simulation as Flink tells times: milliseconds since 1970.</summary>
/// <param name="StartedAt">When the job was submitted.</param>
/// <param name="Milliseconds">Since then.</param>
internal readonly record struct FlinkClock(long StartedAt, long Milliseconds)
{
    internal long Now => StartedAt + Milliseconds;

    internal long At(long second) => StartedAt + (second * 1000);
}
