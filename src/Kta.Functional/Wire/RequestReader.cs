using System.Text.Json;
using System.Text.Unicode;

namespace Kta.Functional.Wire;

/// <summary>Reads the operator's request in one pass: checks all of it, remembers where the user-defined parts are.</summary>
/// <remarks>
/// Twice at most: first in the hope that all is well, where a history costs little more than its bytes; if something is
/// wrong, again and with care, to say what and where.
/// </remarks>
internal static class RequestReader
{
    /// <exception cref="InvalidRequestException">The request is not valid; names every place.</exception>
    internal static ReceivedRequest Read(RequestBody body, int mostNodes) =>
        body.Read(new Slice(0, body.Length), (body, mostNodes), static (utf8, all) => Read(utf8.Span, all.body, all.mostNodes));

    private static ReceivedRequest Read(ReadOnlySpan<byte> utf8, RequestBody body, int mostNodes)
    {
        var parts = new Parts();
        if (!TryReadQuickly(utf8, mostNodes, ref parts))
        {
            parts = ReadCarefully(utf8, mostNodes);
        }

        return new ReceivedRequest
        {
            Body = body,
            Id = parts.Id!,
            UdfStartTimestampMillis = parts.Start!.Value,
            Topology = parts.Topology!,
            MonitorResult = parts.MonitorResult,
            AnalyzeResult = parts.AnalyzeResult,
            History = parts.History,
        };
    }

    private static bool TryReadQuickly(ReadOnlySpan<byte> utf8, int mostNodes, ref Parts parts)
    {
        var problems = new Problems();
        var reader = ReaderOf(utf8);
        try
        {
            return reader.Read()
                   && reader.TokenType == JsonTokenType.StartObject
                   && TryReadMembers(ref reader, utf8, mostNodes, ref parts, problems, isCareful: false)
                   && reader.TokenType == JsonTokenType.EndObject
                   && !reader.Read()
                   && parts.IsComplete
                   && !problems.Any
                   && Utf8.IsValid(utf8[..parts.History.Start])
                   && Utf8.IsValid(utf8[parts.History.End..]);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Parts ReadCarefully(ReadOnlySpan<byte> utf8, int mostNodes)
    {
        var problems = new Problems();
        if (!Utf8.IsValid(utf8))
        {
            problems.Add("$", "UTF-8", "bytes that are not UTF-8");
            throw problems.ToException(isUnreadable: true);
        }

        var reader = ReaderOf(utf8);
        var parts = new Parts();
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                TryReadMembers(ref reader, utf8, mostNodes, ref parts, problems, isCareful: true);
            }
            else
            {
                problems.AddAndSkip(ref reader, "$", "the operator's request, an object");
            }

            while (reader.Read())
            {
            }
        }
        catch (JsonException error)
        {
            throw SyntaxError(error, ref reader, utf8);
        }

        RequireMembers(in parts, problems);
        if (!problems.Any)
        {
            return parts;
        }

        var invalid = problems.ToException();
        invalid.IterationId = parts.Id;
        throw invalid;
    }

    private static Utf8JsonReader ReaderOf(ReadOnlySpan<byte> utf8) =>
        new(utf8, new JsonReaderOptions { MaxDepth = DefaultJson.DeepestNesting });

    private static bool TryReadMembers(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, int mostNodes, ref Parts parts, Problems problems, bool isCareful)
    {
        var origin = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberAt(ref reader);
            reader.Read();
            if (member is not Member.Unknown && !parts.IsFirst(member))
            {
                problems.AddAndSkip(ref reader, PathOf(member), "this member once", "it again");
                continue;
            }

            switch (member)
            {
                case Member.Id:
                    parts.Id = Members.ReadText(ref reader, "$.id", problems);
                    break;
                case Member.Start:
                    parts.Start = Members.ReadMillis(ref reader, "$.udfStartTimestampMillis", problems);
                    break;
                case Member.Topology:
                    parts.Topology = TopologyReader.Read(ref reader, utf8[origin..], mostNodes, problems);
                    break;
                case Member.MonitorResult:
                    parts.MonitorResult = Members.ReadObject(ref reader, "$.monitorResult", problems)?.Inside(origin);
                    break;
                case Member.AnalyzeResult:
                    parts.AnalyzeResult = Members.ReadObject(ref reader, "$.analyzeResult", problems)?.Inside(origin);
                    break;
                case Member.History when isCareful:
                    parts.History = ReadHistory(ref reader, new NodeKeys(parts.Topology), problems);
                    break;
                case Member.History when !HistoryReader.TryPass(ref reader, utf8, parts.Topology, ref origin, out parts.History):
                    return false;
                case Member.Unknown:
                    reader.Skip();
                    break;
            }
        }

        return true;
    }

    private static Member MemberAt(ref Utf8JsonReader reader) =>
        Members.IsNamed(ref reader, WireNames.Id) ? Member.Id
        : Members.IsNamed(ref reader, WireNames.Start) ? Member.Start
        : Members.IsNamed(ref reader, WireNames.Topology) ? Member.Topology
        : Members.IsNamed(ref reader, WireNames.MonitorResult) ? Member.MonitorResult
        : Members.IsNamed(ref reader, WireNames.AnalyzeResult) ? Member.AnalyzeResult
        : Members.IsNamed(ref reader, WireNames.ResultHistory) ? Member.History
        : Member.Unknown;

    private static string PathOf(Member member) => member switch
    {
        Member.Id => "$.id",
        Member.Start => "$.udfStartTimestampMillis",
        Member.Topology => "$.topology",
        Member.MonitorResult => "$.monitorResult",
        Member.AnalyzeResult => "$.analyzeResult",
        _ => "$.resultHistory",
    };

    private static Slice ReadHistory(ref Utf8JsonReader reader, NodeKeys keys, Problems problems)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.AddAndSkip(ref reader, "$.resultHistory", "a list of earlier iterations");
            return default;
        }

        var start = (int)reader.BytesConsumed;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            EntryReader.Check(ref reader, new EntryPath(index), keys, problems);
        }

        return new Slice(start, (int)reader.TokenStartIndex - start);
    }

    private static void RequireMembers(in Parts parts, Problems problems)
    {
        if (!problems.Any || (parts.Seen & Member.Required) != 0)
        {
            Require(parts.Seen.HasFlag(Member.Id), "$.id", "the id of the iteration, text");
            Require(parts.Seen.HasFlag(Member.Start), "$.udfStartTimestampMillis", "the start of the iteration, milliseconds since 1970");
            Require(parts.Seen.HasFlag(Member.Topology), "$.topology", "a list of at least one topology node");
        }

        void Require(bool present, string path, string expected)
        {
            if (!present)
            {
                problems.Add(path, expected, "nothing (names are case-sensitive)");
            }
        }
    }

    private static InvalidRequestException SyntaxError(JsonException error, ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var problems = new Problems();
        var depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
        if (depth >= DefaultJson.DeepestNesting)
        {
            problems.Add("$", $"at most {DefaultJson.DeepestNesting} levels of nesting", "more");
            return problems.ToException(isUnreadable: true);
        }

        problems.Add(
            "$",
            "JSON",
            utf8.IsEmpty
                ? "an empty body"
                : $"a syntax error at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} of the line: {JsonTroubles.Describe(error)}");
        return problems.ToException();
    }

    private struct Parts()
    {
        internal Member Seen = 0;
        internal string? Id = null;
        internal long? Start = null;
        internal Topology? Topology = null;
        internal Slice? MonitorResult = null;
        internal Slice? AnalyzeResult = null;
        internal Slice History = default;

        internal readonly bool IsComplete => (Seen & Member.Required) == Member.Required;

        /// <summary>Whether a member has not been there before.</summary>
        internal bool IsFirst(Member member)
        {
            var isFirst = (Seen & member) == 0;
            Seen |= member;
            return isFirst;
        }
    }

    [Flags]
    private enum Member
    {
        Unknown = 0,
        Id = 1,
        Start = 2,
        Topology = 4,
        Required = 7,
        MonitorResult = 8,
        AnalyzeResult = 16,
        History = 32,
    }
}
