namespace Kta.Functional.Wire;

internal static class JsonObjects
{
    /// <summary>Whether well-formed JSON is <c>{}</c>, with any white space inside.</summary>
    internal static bool IsEmpty(ReadOnlySpan<byte> json) =>
        json is [(byte)'{', .., (byte)'}'] && json[1..^1].IndexOfAnyExcept(" \t\r\n"u8) < 0;
}
