using System.Globalization;
using System.Text;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>Requests of the operator, and what may become of them: spelled differently, damaged, or both.</summary>
internal static class FuzzedRequest
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "0", "-1", "-0", "01", "1.", "1e5", "1E+400", "9223372036854775808",
        "\"\\u0000\"", "\"\\ud800\"", "\"\\x\"", "\t", "\n", "\u0001", "\"id\":1,", "\"planResult\":{},", "\"parallelism\":[],", "[[[[", "\u00e9",
    ];

    private static readonly string[] Numbers = ["1", "0", "-1", "1.0", "1e3", "17", "2147483648", "3.25", "-0", "10000000000", "1E5"];

    private static readonly string[] Scalars = ["0", "-1.5e3", "\"a\"", "\"\"", "true", "false", "null", "\"ü\"", "\"\\n\""];

    /// <summary>A request; the same seed gives the same bytes.</summary>
    internal static byte[] Make(int seed)
    {
        var random = new Random(seed);
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(WellFormed(random)));
        for (var damages = random.Next(4); damages > 0; damages--)
        {
            Damage(bytes, random);
        }

        return [.. bytes];
    }

    private static string WellFormed(Random random)
    {
        var nodes = Enumerable.Range(0, random.Next(1, 4)).Select(node => $"kind=Deployment|name=n{node}").ToArray();
        var entries = Enumerable.Range(0, random.Next(13)).Select(entry => Entry(random, nodes, entry));
        var space = random.Next(10) == 0 ? " " : "";
        var topology = string.Join(",", nodes.Select(fields => $$"""{"type":"scaleTargetRef","fields":"{{fields}}"}"""));
        List<string> members =
        [
            "\"id\":\"a\"", "\"udfStartTimestampMillis\":1700000000000", $"\"topology\":[{topology}]", "\"monitorResult\":{\"numInvocations\":3}",
            "\"analyzeResult\":{}", $"\"resultHistory\":[{space}{string.Join("," + space, entries)}{space}]",
        ];
        if (random.Next(8) == 0)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        }

        return "{" + string.Join(",", members) + "}";
    }

    private static string Entry(Random random, string[] nodes, int index)
    {
        var keys = nodes.Select(fields => $$"""{\"type\":\"scaleTargetRef\",\"fields\":\"{{fields}}\"}""").ToArray();
        random.Shuffle(keys);
        var odd = random.Next(20) == 0;
        var start = odd ? Numbers[random.Next(Numbers.Length)] : (1_700_000_000_000L + index).ToString(CultureInfo.InvariantCulture);
        var count = odd ? Numbers[random.Next(Numbers.Length)] : random.Next(1, 9).ToString(CultureInfo.InvariantCulture);
        var result = random.Next(6) switch
        {
            0 => """{"numInvocations":1,"text":"é\n"}""",
            1 => $$"""{"numInvocations":1,"lags":[{{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Scalars[random.Next(Scalars.Length)]))}}],"more":{{Scalars[random.Next(Scalars.Length)]}},"in":{"n":[[1],{} ] } }""",
            _ => $$"""{"numInvocations":{{index}}}""",
        };
        var plan = random.Next(15) == 0 && keys.Length == 1
            ? """{"parallelism":2}"""
            : "{" + string.Join(",", keys.Select(key => $$"""{{'"'}}{{key}}{{'"'}}:{"parallelism":{{count}}}""")) + "}";
        var applied = "{" + string.Join(",", keys.Select(key => $"\"{key}\":{count}")) + "}";
        return $$"""{"id":"{{random.Next()}}","udfStartTimestampMillis":{{start}},"udfEndTimestampMillis":{{start}},"monitorResult":{{result}},"analyzeResult":{"toggleState":{{random.Next(2)}}},"planResult":{{plan}},"parallelism":{{applied}}}""";
    }

    private static void Damage(List<byte> bytes, Random random)
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
            case 5: Replace(bytes, at, Numbers[random.Next(Numbers.Length)]); break;
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
