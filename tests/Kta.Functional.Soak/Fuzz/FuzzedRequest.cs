using System.Globalization;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>Requests of the operator, and what may become of them: spelled differently, damaged, or both.</summary>
internal static class FuzzedRequest
{
    private static readonly string[] Scalars = ["0", "-1.5e3", "\"a\"", "\"\"", "true", "false", "null", "\"ü\"", "\"\\n\""];

    /// <summary>A request; the same seed gives the same bytes.</summary>
    internal static byte[] Make(int seed) => Damage.Of(WellFormed, seed);

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
        var start = odd ? Damage.Number(random) : (1_700_000_000_000L + index).ToString(CultureInfo.InvariantCulture);
        var count = odd ? Damage.Number(random) : random.Next(1, 9).ToString(CultureInfo.InvariantCulture);
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
}
