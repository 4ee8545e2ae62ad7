using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Reads one entry of the history: checks it when the request arrives, takes it apart when it is looked at.</summary>
internal static class LenientEntryReader
{
    internal static void Check(ref Utf8JsonReader reader, ObjectPath path, NodeKeyCache keys, RequestProblems problems) =>
        Read(ref reader, path, keys, problems, parts: null);

    /// <summary>Takes the entry at the beginning of a text apart, which <see cref="Check"/> has found to be in order.</summary>
    internal static EntryParts TakeApart(ReadOnlySpan<byte> entries, ObjectPath path, NodeKeyCache keys, Topology topology)
    {
        var parts = EntryParts.For(topology);
        var problems = new RequestProblems();
        var reader = new Utf8JsonReader(entries, JsonFormat.Reading);
        reader.Read();
        Read(ref reader, path, keys, problems, parts);
        parts.Length = (int)reader.BytesConsumed;
        return problems.Any ? throw problems.ToException() : parts;
    }

    private static void Read(ref Utf8JsonReader reader, ObjectPath path, NodeKeyCache keys, RequestProblems problems, EntryParts? parts)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.AddAndSkip(ref reader, path.Text, "an earlier iteration, an object");
            return;
        }

        var missing = Required.All | Required.Analyze;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, WireNames.MonitorResult, Required.Monitor))
            {
                var slice = MemberReader.ReadObject(ref reader, path, WireNames.MonitorResult, problems);
                parts?.MonitorResult = slice;
            }
            else if (Is(ref reader, WireNames.AnalyzeResult, Required.Analyze))
            {
                var slice = MemberReader.ReadObject(ref reader, path, WireNames.AnalyzeResult, problems);
                parts?.AnalyzeResult = slice;
            }
            else if (Is(ref reader, WireNames.PlanResult, Required.Plan))
            {
                PlanReader.ReadPlanResult(ref reader, path, keys, problems, parts);
            }
            else if (Is(ref reader, WireNames.Parallelism, Required.Parallelism))
            {
                PlanReader.ReadParallelism(ref reader, path, keys, problems, parts);
            }
            else if (Is(ref reader, WireNames.Id, Required.Id))
            {
                ReadId(ref reader, path, problems, parts);
            }
            else if (Is(ref reader, WireNames.Start, Required.Start))
            {
                var millis = MemberReader.ReadMillis(ref reader, path, WireNames.Start, problems);
                parts?.Start = millis;
            }
            else if (Is(ref reader, WireNames.End, Required.End))
            {
                var millis = MemberReader.ReadMillis(ref reader, path, WireNames.End, problems);
                parts?.End = millis;
            }
            else
            {
                reader.Skip();
            }
        }

        if ((missing & Required.All) != 0)
        {
            ReportMissing(missing, path, problems);
        }

        // Moves to the value of a member of this name, and notes that it is there.
        bool Is(ref Utf8JsonReader at, JsonEncodedText name, Required member)
        {
            if (!MemberReader.IsNamed(ref at, name))
            {
                return false;
            }

            at.Read();
            if ((missing & member) == 0)
            {
                parts?.ReportTwice(path, name);
            }

            missing &= ~member;
            return true;
        }
    }

    private static void ReadId(ref Utf8JsonReader reader, ObjectPath path, RequestProblems problems, EntryParts? parts)
    {
        if (parts is not null)
        {
            parts.Id = MemberReader.ReadText(ref reader, path, WireNames.Id, problems) ?? "";
        }
        else if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
        {
            MemberReader.ReadText(ref reader, path, WireNames.Id, problems);
        }
    }

    private static void ReportMissing(Required missing, ObjectPath path, RequestProblems problems)
    {
        Report(Required.Id, WireNames.Id, "text");
        Report(Required.Start, WireNames.Start, "milliseconds since 1970");
        Report(Required.End, WireNames.End, "milliseconds since 1970");
        Report(Required.Monitor, WireNames.MonitorResult, "an object");
        Report(Required.Plan, WireNames.PlanResult, "an object");
        Report(Required.Parallelism, WireNames.Parallelism, "an object");

        void Report(Required member, JsonEncodedText name, string expected)
        {
            if (missing.HasFlag(member))
            {
                problems.Add(path.Member(name), expected, "nothing (names are case-sensitive)");
            }
        }
    }

    [Flags]
    private enum Required
    {
        Id = 1,
        Start = 2,
        End = 4,
        Monitor = 8,
        Plan = 16,
        Parallelism = 32,
        All = 63,

        /// <summary>May be missing.</summary>
        Analyze = 64,
    }
}

/// <summary>What an entry holds. The slices are relative to the entry.</summary>
/// <param name="nodes">How many nodes the entry probably names.</param>
internal sealed class EntryParts(int nodes)
{
    private const int MostReserved = 16;

    /// <summary>Parts of an entry that is probably about this topology.</summary>
    internal static EntryParts For(Topology topology) => new(Math.Min(topology.Count, MostReserved));

    /// <summary>The number of bytes of the entry.</summary>
    internal int Length { get; set; }

    internal string Id { get; set; } = "";

    internal long? Start { get; set; }

    internal long? End { get; set; }

    internal Slice? MonitorResult { get; set; }

    internal Slice? AnalyzeResult { get; set; }

    internal int? SinglePlan { get; set; }

    internal Dictionary<TopologyNode, int> Plan { get; } = new(nodes);

    internal Dictionary<TopologyNode, int> Parallelism { get; } = new(nodes);

    /// <summary>Something is there twice, and other readers take the first one, or the last.</summary>
    internal void ReportTwice(ObjectPath of, JsonEncodedText member, string inside = "") =>
        Unreadable ??= new RequestProblem(of.Member(member, inside), "this member once", "it again");

    /// <summary>Takes what was measured.</summary>
    internal void Take(int length, long start, long end, Slice monitorResult, Slice analyzeResult)
    {
        (Length, Start, End) = (length, start, end);
        (MonitorResult, AnalyzeResult) = (monitorResult, analyzeResult);
    }

    /// <summary>What the operator may keep and this version cannot hold: a node of an unknown kind, a plan that asks for nothing, a name that occurs twice.</summary>
    internal RequestProblem? Unreadable { get; set; }
}
