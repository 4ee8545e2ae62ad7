using System.Globalization;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>Answers of Prometheus, and what may become of them.</summary>
internal static class PrometheusReplies
{
    internal const string Label = "topic";

    private static readonly string[] Values = ["5", "0", "1.2e-07", "1e+21", "-1", "NaN", "+Inf", "-Inf", "17.25", "123456789.123", "0.1"];

    private static readonly string[] Kinds = ["vector", "matrix", "scalar", "string"];

    /// <summary>What nodes are called.</summary>
    internal static string NameOf(int node) => $"n{node}";

    /// <summary>An answer; the same seed gives the same bytes.</summary>
    internal static byte[] Make(int seed) => Damage.Of(WellFormed, seed);

    private static string WellFormed(Random random)
    {
        var kind = Kinds[random.Next(20) switch { < 9 => 0, < 17 => 1, < 19 => 2, _ => 3 }];
        var time = 1_700_000_000 + (random.Next(4_000) / 1000.0);
        var result = kind switch
        {
            "vector" => List(Series(random).Select(labels => $$"""{"metric":{{labels}},"value":{{Sample(random, time)}}}""")),
            "matrix" => List(Series(random).Select(labels =>
                $$"""{"metric":{{labels}},"values":{{List(Enumerable.Range(0, random.Next(4)).Select(i => Sample(random, time + i)))}}}""")),
            _ => Sample(random, time),
        };
        var remarks = random.Next(6) switch
        {
            0 => ""","warnings":["a store is slow"]""",
            1 => ""","infos":["metric might not be a counter"],"isPartial":true""",
            _ => "",
        };
        return random.Next(30) == 0
            ? """{"status":"error","errorType":"execution","error":"found duplicate series","data":{"resultType":"vector","result":[]}}"""
            : $$"""{"status":"success","data":{"resultType":"{{kind}}","result":{{result}}}{{remarks}}}""";
    }

    private static IEnumerable<string> Series(Random random) => Enumerable.Range(0, random.Next(4))
        .Select(node => $$"""{"__name__":"lag","{{Label}}":"{{NameOf(node)}}"{{(random.Next(3) == 0 ? ",\"partition\":\"0\"" : "")}}}""");

    private static string Sample(Random random, double time) =>
        string.Create(CultureInfo.InvariantCulture, $"[{time},\"{Values[random.Next(Values.Length)]}\"]");

    private static string List(IEnumerable<string> items) => $"[{string.Join(",", items)}]";
}
