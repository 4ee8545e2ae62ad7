using System.Text.Json;
using static System.FormattableString;

namespace Kta.Functional.Wire;

/// <summary>Reads what an earlier iteration planned and what was applied.</summary>
internal static class PlanReader
{
    private const string ExpectedCount = "a whole number within 32 bits";

    /// <summary>A map from node to <c>{"parallelism":n}</c>, one such object for all nodes, or <c>{}</c>.</summary>
    internal static void ReadPlanResult(
        ref Utf8JsonReader reader, ObjectPath path, NodeKeyCache keys, RequestProblems problems, EntryParts? parts)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.AddAndSkip(ref reader, path.Member(WireNames.PlanResult), "an object from topology node to parallelism");
            return;
        }

        var isSingle = IsSingle(reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isSingle)
            {
                var counts = MemberReader.IsNamed(ref reader, WireNames.Parallelism);
                reader.Read();
                if (!counts)
                {
                    reader.Skip();
                }
                else if (TryPlanned(ref reader, out var single))
                {
                    if (parts?.SinglePlan is not null)
                    {
                        parts.ReportTwice(path, WireNames.PlanResult, $".{WireNames.Parallelism}");
                    }

                    parts?.SinglePlan = single;
                    ReportNothingPlanned(path, single, parts);
                }
                else
                {
                    problems.AddAndSkip(ref reader, path.Member(WireNames.PlanResult, $".{WireNames.Parallelism}"), ExpectedCount);
                }
            }
            else
            {
                ReadPlannedNode(ref reader, path, keys, problems, parts);
            }
        }
    }

    /// <summary>A map from node to the parallelism that was applied; any sign, for it is the operator's word.</summary>
    internal static void ReadParallelism(
        ref Utf8JsonReader reader, ObjectPath path, NodeKeyCache keys, RequestProblems problems, EntryParts? parts)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.AddAndSkip(ref reader, path.Member(WireNames.Parallelism), "an object from topology node to a whole number");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var node = keys.Read(ref reader);
            Report(node, path, WireNames.Parallelism, problems, parts);
            reader.Read();
            if (!WireInteger.TryRead(ref reader, out var count) || count is < int.MinValue or > int.MaxValue)
            {
                problems.AddAndSkip(ref reader, path.Member(WireNames.Parallelism, $"[{Label(node)}]"), ExpectedCount);
            }
            else if (parts is not null && node.Node is not null && !parts.Parallelism.TryAdd(node.Node, (int)count))
            {
                parts.ReportTwice(path, WireNames.Parallelism, $"[{Label(node)}]");
            }
        }
    }

    private static void ReadPlannedNode(
        ref Utf8JsonReader reader, ObjectPath path, NodeKeyCache keys, RequestProblems problems, EntryParts? parts)
    {
        var node = keys.Read(ref reader);
        Report(node, path, WireNames.PlanResult, problems, parts);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.AddAndSkip(ref reader, path.Member(WireNames.PlanResult, $"[{Label(node)}]"), """an object such as {"parallelism":3}""");
            return;
        }

        int? planned = null;
        var isRefused = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var counts = MemberReader.IsNamed(ref reader, WireNames.Parallelism);
            reader.Read();
            if (!counts)
            {
                reader.Skip();
            }
            else if (TryPlanned(ref reader, out var count))
            {
                if (planned is not null)
                {
                    parts?.ReportTwice(path, WireNames.PlanResult, $"[{Label(node)}].{WireNames.Parallelism}");
                }

                planned = count;
            }
            else
            {
                isRefused = true;
                problems.AddAndSkip(ref reader, path.Member(WireNames.PlanResult, $"[{Label(node)}].{WireNames.Parallelism}"), ExpectedCount);
            }
        }

        if (planned is null && !isRefused)
        {
            problems.Add(path.Member(WireNames.PlanResult, $"[{Label(node)}].{WireNames.Parallelism}"), ExpectedCount, "nothing");
        }
        else if (parts is not null && node.Node is not null && planned is { } known)
        {
            ReportNothingPlanned(path, known, parts);
            if (!parts.Plan.TryAdd(node.Node, known))
            {
                parts.ReportTwice(path, WireNames.PlanResult, $"[{Label(node)}]");
            }
        }
    }

    private static bool IsSingle(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            if (MemberReader.IsNamed(ref ahead, WireNames.Parallelism))
            {
                return true;
            }

            if (ahead.ValueSpan.StartsWith("{"u8))
            {
                return false;
            }

            ahead.Read();
            ahead.Skip();
        }

        return false;
    }

    /// <summary>The operator keeps a 0 of another SDK in its history, or what a cast made of infinity; no plan of ours can hold it.</summary>
    private static void ReportNothingPlanned(ObjectPath path, int planned, EntryParts? parts)
    {
        if (planned is < 1 or int.MaxValue)
        {
            parts?.Unreadable ??= new RequestProblem(
                path.Member(WireNames.PlanResult), planned < 1 ? "a parallelism of at least 1" : "a parallelism of less than 2147483647", Invariant($"{planned}"));
        }
    }

    private static bool TryPlanned(ref Utf8JsonReader reader, out int planned)
    {
        var fits = WireInteger.TryRead(ref reader, out var count) && count is >= int.MinValue and <= int.MaxValue;
        planned = fits ? (int)count : 0;
        return fits;
    }

    private static void Report(NodeReading node, ObjectPath path, JsonEncodedText member, RequestProblems problems, EntryParts? parts)
    {
        if (node.Node is not null)
        {
            return;
        }

        if (node.Malformed)
        {
            problems.Add(path.Member(member), $"keys such as {NodeNotation.Example}", $"a key that is no topology node: {node.Problem}");
        }
        else
        {
            parts?.Unreadable ??= new RequestProblem(path.Member(member), "topology nodes of a known kind", node.Problem!);
        }
    }

    private static string Label(NodeReading node) => node.Node?.ToString() ?? "?";
}
