using System.Text.Json;
using System.Text.Unicode;

namespace Kta.Functional.Wire;

/// <summary>Reads the operator's request in one pass: checks all of it, remembers where the user-defined parts are.</summary>
/// <remarks>
/// Twice at most: first in the hope that all is well, where a history costs little more than its bytes; if something is
/// wrong, again and with care, to say what and where.
/// </remarks>
internal sealed class RequestReader(int mostNodes)
{
    private readonly TopologyReader _topologies = new(mostNodes);
    private CanonicalEntryReader? _spare;

    /// <exception cref="InvalidRequestException">The request is not valid; names every place.</exception>
    internal ReceivedRequest Read(RequestBody body) =>
        body.InUtf8().Read(new Slice(0, body.Length), (Reader: this, body), static (utf8, all) => all.Reader.Read(utf8.Span, all.body));

    private ReceivedRequest Read(ReadOnlySpan<byte> utf8, RequestBody body)
    {
        var parts = new Parts();
        if (!TryReadQuickly(utf8, ref parts))
        {
            parts = ReadCarefully(utf8);
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

    private bool TryReadQuickly(ReadOnlySpan<byte> utf8, ref Parts parts)
    {
        var problems = new RequestProblems();
        var reader = ReaderOf(utf8);
        try
        {
            return reader.Read()
                   && reader.TokenType == JsonTokenType.StartObject
                   && TryReadMembers(ref reader, utf8, ref parts, problems, isCareful: false)
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

    private Parts ReadCarefully(ReadOnlySpan<byte> utf8)
    {
        var problems = new RequestProblems();
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
                TryReadMembers(ref reader, utf8, ref parts, problems, isCareful: true);
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
        new(utf8, JsonFormat.Reading);

    private bool TryReadMembers(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref Parts parts, RequestProblems problems, bool isCareful)
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
                    parts.Id = MemberReader.ReadText(ref reader, ObjectPath.Request, WireNames.Id, problems);
                    break;
                case Member.Start:
                    parts.Start = MemberReader.ReadMillis(ref reader, ObjectPath.Request, WireNames.Start, problems);
                    break;
                case Member.Topology:
                    parts.Topology = _topologies.Read(ref reader, utf8[origin..], problems);
                    break;
                case Member.MonitorResult:
                    parts.MonitorResult = MemberReader.ReadObject(ref reader, ObjectPath.Request, WireNames.MonitorResult, problems)?.Offset(origin);
                    break;
                case Member.AnalyzeResult:
                    parts.AnalyzeResult = MemberReader.ReadObject(ref reader, ObjectPath.Request, WireNames.AnalyzeResult, problems)?.Offset(origin);
                    break;
                case Member.History when isCareful:
                    parts.History = ReadHistory(ref reader, new NodeKeyCache(parts.Topology), problems);
                    break;
                case Member.History when !HistoryReader.TryPass(ref _spare, ref reader, utf8, parts.Topology, ref origin, out parts.History):
                    return false;
                case Member.Unknown:
                    reader.Skip();
                    break;
            }
        }

        return true;
    }

    private static Member MemberAt(ref Utf8JsonReader reader) =>
        MemberReader.IsNamed(ref reader, WireNames.Id) ? Member.Id
        : MemberReader.IsNamed(ref reader, WireNames.Start) ? Member.Start
        : MemberReader.IsNamed(ref reader, WireNames.Topology) ? Member.Topology
        : MemberReader.IsNamed(ref reader, WireNames.MonitorResult) ? Member.MonitorResult
        : MemberReader.IsNamed(ref reader, WireNames.AnalyzeResult) ? Member.AnalyzeResult
        : MemberReader.IsNamed(ref reader, WireNames.ResultHistory) ? Member.History
        : Member.Unknown;

    private static string PathOf(Member member) => ObjectPath.Request.Member(member switch
    {
        Member.Id => WireNames.Id,
        Member.Start => WireNames.Start,
        Member.Topology => WireNames.Topology,
        Member.MonitorResult => WireNames.MonitorResult,
        Member.AnalyzeResult => WireNames.AnalyzeResult,
        _ => WireNames.ResultHistory,
    });

    private static Slice ReadHistory(ref Utf8JsonReader reader, NodeKeyCache keys, RequestProblems problems)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.AddAndSkip(ref reader, PathOf(Member.History), "a list of earlier iterations");
            return default;
        }

        var start = (int)reader.BytesConsumed;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            LenientEntryReader.Check(ref reader, new ObjectPath(index), keys, problems);
        }

        return new Slice(start, (int)reader.TokenStartIndex - start);
    }

    private static void RequireMembers(in Parts parts, RequestProblems problems)
    {
        var seen = parts.Seen;
        if (!problems.Any || (seen & Member.Required) != 0)
        {
            Require(Member.Id, "the id of the iteration, text");
            Require(Member.Start, "the start of the iteration, milliseconds since 1970");
            Require(Member.Topology, "a list of at least one topology node");
        }

        void Require(Member member, string expected)
        {
            if (!seen.HasFlag(member))
            {
                problems.Add(PathOf(member), expected, "nothing (names are case-sensitive)");
            }
        }
    }

    private static InvalidRequestException SyntaxError(JsonException error, ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var problems = new RequestProblems();
        var depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
        if (depth >= JsonFormat.DeepestNesting)
        {
            problems.Add("$", $"at most {JsonFormat.DeepestNesting} levels of nesting", "more");
            return problems.ToException(isUnreadable: true);
        }

        problems.Add(
            "$",
            "JSON",
            utf8.IsEmpty
                ? "an empty body"
                : $"a syntax error at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} of the line: {JsonErrorText.Describe(error)}");
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
