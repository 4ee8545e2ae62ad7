namespace Kta.Functional.Wire;

/// <summary>What can be said about JSON without reading it.</summary>
internal static class JsonText
{
    /// <summary>Whether well-formed JSON is <c>{}</c>, with any white space inside.</summary>
    internal static bool IsEmptyObject(ReadOnlySpan<byte> json) =>
        json is [(byte)'{', .., (byte)'}'] && SpaceLength(json[1..]) == json.Length - 2;

    /// <summary>The length of the white space at the beginning.</summary>
    internal static int SpaceLength(ReadOnlySpan<byte> json)
    {
        var length = 0;
        while (length < json.Length && json[length] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            length++;
        }

        return length;
    }
}
