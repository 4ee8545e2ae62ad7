using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>The member names of the operator's requests and replies.</summary>
internal static class WireNames
{
    internal static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    internal static readonly JsonEncodedText Start = JsonEncodedText.Encode("udfStartTimestampMillis");
    internal static readonly JsonEncodedText End = JsonEncodedText.Encode("udfEndTimestampMillis");
    internal static readonly JsonEncodedText Topology = JsonEncodedText.Encode("topology");
    internal static readonly JsonEncodedText MonitorResult = JsonEncodedText.Encode("monitorResult");
    internal static readonly JsonEncodedText AnalyzeResult = JsonEncodedText.Encode("analyzeResult");
    internal static readonly JsonEncodedText PlanResult = JsonEncodedText.Encode("planResult");
    internal static readonly JsonEncodedText ResultHistory = JsonEncodedText.Encode("resultHistory");
    internal static readonly JsonEncodedText Parallelism = JsonEncodedText.Encode("parallelism");
    internal static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
    internal static readonly JsonEncodedText Plan = JsonEncodedText.Encode("plan");
    internal static readonly JsonEncodedText Reasons = JsonEncodedText.Encode("reasons");
    internal static readonly JsonEncodedText HeldBack = JsonEncodedText.Encode("heldBack");
    internal static readonly JsonEncodedText LacksData = JsonEncodedText.Encode("lacksData");
}
