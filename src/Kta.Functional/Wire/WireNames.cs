namespace Kta.Functional.Wire;

/// <summary>The member names of the operator's requests and replies.</summary>
internal static class WireNames
{
    internal static ReadOnlySpan<byte> Id => "id"u8;

    internal static ReadOnlySpan<byte> Start => "udfStartTimestampMillis"u8;

    internal static ReadOnlySpan<byte> End => "udfEndTimestampMillis"u8;

    internal static ReadOnlySpan<byte> Topology => "topology"u8;

    internal static ReadOnlySpan<byte> MonitorResult => "monitorResult"u8;

    internal static ReadOnlySpan<byte> AnalyzeResult => "analyzeResult"u8;

    internal static ReadOnlySpan<byte> PlanResult => "planResult"u8;

    internal static ReadOnlySpan<byte> ResultHistory => "resultHistory"u8;

    internal static ReadOnlySpan<byte> Parallelism => "parallelism"u8;

    internal static ReadOnlySpan<byte> Message => "message"u8;
}
