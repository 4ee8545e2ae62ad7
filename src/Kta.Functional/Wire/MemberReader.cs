using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Reads single members of the operator's objects; what does not fit becomes a problem.</summary>
internal static class MemberReader
{
    /// <summary>Whether the reader stands on this name. One that is not Unicode is nobody's name, and no error.</summary>
    internal static bool IsNamed(ref Utf8JsonReader reader, JsonEncodedText name)
    {
        try
        {
            return reader.ValueTextEquals(name.EncodedUtf8Bytes);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    internal static string? ReadText(ref Utf8JsonReader reader, ObjectPath of, JsonEncodedText member, RequestProblems problems)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            problems.AddAndSkip(ref reader, of.Member(member), "text");
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            problems.Add(of.Member(member), "Unicode text", "text with half a surrogate pair");
            return null;
        }
    }

    internal static long? ReadMillis(ref Utf8JsonReader reader, ObjectPath of, JsonEncodedText member, RequestProblems problems)
    {
        if (WireInteger.TryRead(ref reader, out var millis))
        {
            return millis;
        }

        problems.AddAndSkip(ref reader, of.Member(member), "a whole number of milliseconds within 64 bits");
        return null;
    }

    internal static Slice? ReadObject(ref Utf8JsonReader reader, ObjectPath of, JsonEncodedText member, RequestProblems problems)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.AddAndSkip(ref reader, of.Member(member), "an object ({} for none)");
            return null;
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new Slice(start, (int)reader.BytesConsumed - start);
    }
}
