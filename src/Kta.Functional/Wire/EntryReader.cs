using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Reads one entry of the history: checks it when the request arrives, takes it apart when it is looked at.</summary>
internal static class EntryReader
{
    internal static void Check(ref Utf8JsonReader reader, EntryPath path, NodeKeys keys, Problems problems) =>
        Read(ref reader, path, keys, problems, parts: null);

    /// <summary>Takes the entry at the beginning of a text apart, which <see cref="Check"/> has found to be in order.</summary>
    internal static EntryParts TakeApart(ReadOnlySpan<byte> entries, EntryPath path, NodeKeys keys, Topology topology)
    {
        var parts = EntryParts.For(topology);
        var problems = new Problems();
        var reader = new Utf8JsonReader(entries, new JsonReaderOptions { MaxDepth = DefaultJson.DeepestNesting });
        reader.Read();
        Read(ref reader, path, keys, problems, parts);
        parts.Length = (int)reader.BytesConsumed;
        return problems.Any ? throw problems.ToException() : parts;
    }

    private static void Read(ref Utf8JsonReader reader, EntryPath path, NodeKeys keys, Problems problems, EntryParts? parts)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.AddAndSkip(ref reader, path.Text, "an earlier iteration, an object");
            return;
        }

        var missing = Required.All | Required.Analyze;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Members.IsNamed(ref reader, WireNames.MonitorResult))
            {
                reader.Read();
                See(Required.Monitor, ".monitorResult");
                var slice = Members.ReadObject(ref reader, path, ".monitorResult", problems);
                parts?.MonitorResult = slice;
            }
            else if (Members.IsNamed(ref reader, WireNames.AnalyzeResult))
            {
                reader.Read();
                See(Required.Analyze, ".analyzeResult");
                var slice = Members.ReadObject(ref reader, path, ".analyzeResult", problems);
                parts?.AnalyzeResult = slice;
            }
            else if (Members.IsNamed(ref reader, WireNames.PlanResult))
            {
                reader.Read();
                See(Required.Plan, ".planResult");
                PlanReader.ReadPlanResult(ref reader, path, keys, problems, parts);
            }
            else if (Members.IsNamed(ref reader, WireNames.Parallelism))
            {
                reader.Read();
                See(Required.Parallelism, ".parallelism");
                PlanReader.ReadParallelism(ref reader, path, keys, problems, parts);
            }
            else if (Members.IsNamed(ref reader, WireNames.Id))
            {
                reader.Read();
                See(Required.Id, ".id");
                ReadId(ref reader, path, problems, parts);
            }
            else if (Members.IsNamed(ref reader, WireNames.Start))
            {
                reader.Read();
                See(Required.Start, ".udfStartTimestampMillis");
                var millis = Members.ReadMillis(ref reader, path, ".udfStartTimestampMillis", problems);
                parts?.Start = millis;
            }
            else if (Members.IsNamed(ref reader, WireNames.End))
            {
                reader.Read();
                See(Required.End, ".udfEndTimestampMillis");
                var millis = Members.ReadMillis(ref reader, path, ".udfEndTimestampMillis", problems);
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

        void See(Required member, string name)
        {
            if ((missing & member) == 0)
            {
                parts?.ReportTwice(path, name);
            }

            missing &= ~member;
        }
    }

    private static void ReadId(ref Utf8JsonReader reader, EntryPath path, Problems problems, EntryParts? parts)
    {
        if (parts is not null)
        {
            parts.Id = Members.ReadText(ref reader, path.Text + ".id", problems) ?? "";
        }
        else if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
        {
            Members.ReadText(ref reader, path.Text + ".id", problems);
        }
    }

    private static void ReportMissing(Required missing, EntryPath path, Problems problems)
    {
        Report(Required.Id, ".id", "text");
        Report(Required.Start, ".udfStartTimestampMillis", "milliseconds since 1970");
        Report(Required.End, ".udfEndTimestampMillis", "milliseconds since 1970");
        Report(Required.Monitor, ".monitorResult", "an object");
        Report(Required.Plan, ".planResult", "an object");
        Report(Required.Parallelism, ".parallelism", "an object");

        void Report(Required member, string name, string expected)
        {
            if (missing.HasFlag(member))
            {
                problems.Add(path.Text + name, expected, "nothing (names are case-sensitive)");
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

/// <summary>The JSON path of an entry, made into text only for a message.</summary>
internal readonly record struct EntryPath(int Index)
{
    internal string Text => $"$.resultHistory[{Index}]";
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
    internal void ReportTwice(EntryPath path, string name) =>
        Unreadable ??= new RequestProblem(path.Text + name, "this member once", "it again");

    /// <summary>Takes what was measured.</summary>
    internal void Take(int length, long start, long end, Slice monitorResult, Slice analyzeResult)
    {
        (Length, Start, End) = (length, start, end);
        (MonitorResult, AnalyzeResult) = (monitorResult, analyzeResult);
    }

    /// <summary>What the operator may keep and this version cannot hold: a node of an unknown kind, a plan that asks for nothing, a name that occurs twice.</summary>
    internal RequestProblem? Unreadable { get; set; }
}
