using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>
/// Remembers the node keys of a request by their bytes: a history names the same few nodes thousands of times.
/// </summary>
internal sealed class NodeKeys
{
    private const int Most = 512;
    private readonly List<(byte[] Text, NodeReading Reading)> _known = [];

    internal NodeReading Read(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        foreach (var (known, reading) in _known)
        {
            if (text.SequenceEqual(known))
            {
                return reading;
            }
        }

        var fresh = Parse(ref reader);
        if (_known.Count < Most)
        {
            _known.Add((text.ToArray(), fresh));
        }

        return fresh;
    }

    private static NodeReading Parse(ref Utf8JsonReader reader)
    {
        try
        {
            return NodeText.ParseKey(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return NodeReading.Failed("the text is not Unicode (half a surrogate pair)", malformed: true);
        }
    }
}
