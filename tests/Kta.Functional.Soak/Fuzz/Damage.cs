using System.Text;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>What may happen to JSON on its way.</summary>
internal static class Damage
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "0", "-1", "-0", "01", "1.", "1e5", "1E+400", "9223372036854775808",
        "\"\\u0000\"", "\"\\ud800\"", "\"\\x\"", "\t", "\n", "\u0001", "\"id\":1,", "\"planResult\":{},", "\"parallelism\":[],", "[[[[", "\u00e9",
    ];

    private static readonly string[] Numbers = ["1", "0", "-1", "1.0", "1e3", "17", "2147483648", "3.25", "-0", "10000000000", "1E5"];

    /// <summary>A number in some notation, or what looks like one.</summary>
    internal static string Number(Random random) => Numbers[random.Next(Numbers.Length)];

    /// <summary>A text that may be damaged in some places; the same seed gives the same bytes.</summary>
    internal static byte[] Of(Func<Random, string> wellFormed, int seed)
    {
        var random = new Random(seed);
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(wellFormed(random)));
        for (var damages = random.Next(4); damages > 0; damages--)
        {
            To(bytes, random);
        }

        return [.. bytes];
    }

    private static void To(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0)
        {
            return;
        }

        var at = random.Next(bytes.Count);
        switch (random.Next(9))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes.RemoveAt(at); break;
            case 3: bytes.Insert(at, bytes[random.Next(bytes.Count)]); break;
            case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)])); break;
            case 5: Replace(bytes, at, Number(random)); break;
            case 6 when random.Next(4) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
            case 7: Copy(bytes, at, random); break;
            case 8: bytes.Insert(at, (byte)' '); break;
        }
    }

    /// <summary>Another number in the place of the next one.</summary>
    private static void Replace(List<byte> bytes, int at, string number)
    {
        var start = bytes.FindIndex(at, value => value is >= (byte)'0' and <= (byte)'9');
        if (start >= 0)
        {
            var end = bytes.FindIndex(start, value => value is < (byte)'0' or > (byte)'9');
            bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
            bytes.InsertRange(start, Encoding.ASCII.GetBytes(number));
        }
    }

    private static void Copy(List<byte> bytes, int at, Random random)
    {
        var piece = bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at));
        bytes.InsertRange(random.Next(bytes.Count), piece);
    }
}
