using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Reads single members of the operator's objects; what does not fit becomes a problem.</summary>
internal static class Members
{
    /// <summary>Whether the reader stands on this name. One that is not Unicode is nobody's name, and no error.</summary>
    internal static bool IsNamed(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    internal static string? ReadText(ref Utf8JsonReader reader, string path, Problems problems)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            problems.AddAndSkip(ref reader, path, "text");
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            problems.Add(path, "Unicode text", "text with half a surrogate pair");
            return null;
        }
    }

    internal static long? ReadMillis(ref Utf8JsonReader reader, string path, Problems problems) =>
        WireInteger.TryRead(ref reader, out var millis) ? millis : NoMillis(ref reader, path, problems);

    internal static long? ReadMillis(ref Utf8JsonReader reader, EntryPath entry, string member, Problems problems) =>
        WireInteger.TryRead(ref reader, out var millis) ? millis : NoMillis(ref reader, entry.Text + member, problems);

    internal static Slice? ReadObject(ref Utf8JsonReader reader, string path, Problems problems) =>
        reader.TokenType == JsonTokenType.StartObject ? Measure(ref reader) : NoObject(ref reader, path, problems);

    internal static Slice? ReadObject(ref Utf8JsonReader reader, EntryPath entry, string member, Problems problems) =>
        reader.TokenType == JsonTokenType.StartObject ? Measure(ref reader) : NoObject(ref reader, entry.Text + member, problems);

    private static Slice Measure(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new Slice(start, (int)reader.BytesConsumed - start);
    }

    private static long? NoMillis(ref Utf8JsonReader reader, string path, Problems problems)
    {
        problems.AddAndSkip(ref reader, path, "a whole number of milliseconds within 64 bits");
        return null;
    }

    private static Slice? NoObject(ref Utf8JsonReader reader, string path, Problems problems)
    {
        problems.AddAndSkip(ref reader, path, "an object ({} for none)");
        return null;
    }
}
