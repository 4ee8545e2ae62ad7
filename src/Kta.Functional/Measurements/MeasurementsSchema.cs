using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>The JSON Schema of what <see cref="MeasurementsReader"/> reads: shapes are fixed, and all else is left out if it is unknown.</summary>
internal static class MeasurementsSchema
{
    /// <summary>Names of nodes; what is no name may hold anything.</summary>
    private const string NodePattern = "^[^{|=/][^|=]*[^|=/]$|^[^{|=/]$";

    internal static JsonObject Make() => new()
    {
        ["type"] = "object",
        ["description"] = "What is known about nodes. Ages are seconds, moments milliseconds since 1970; rates are records per second.",
        ["properties"] = new JsonObject
        {
            ["nodes"] = Nodes("The numbers of nodes whose source is not named."),
            ["sources"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject
                    {
                        ["name"] = Lenient("The name of the source, text."),
                        ["age"] = Lenient("How old the numbers are, in seconds."),
                        ["staleAfter"] = Lenient("The age from which on they are not believed, in seconds."),
                        ["at"] = Lenient("When they were measured, in milliseconds since 1970."),
                        ["nodes"] = Nodes("The numbers of nodes from this source."),
                    },
                },
            },
            ["edges"] = new JsonObject
            {
                ["description"] = "Which node feeds which: pairs of names, \"keyed\" behind them if the records go by key.",
                ["type"] = new JsonArray("array", "null"),
                ["items"] = new JsonObject { ["type"] = "array" },
            },
        },
        ["examples"] = new JsonArray(new JsonObject
        {
            ["nodes"] = new JsonObject
            {
                ["Deployment/orders"] = new JsonObject { ["recordsIn"] = 12000, ["busy"] = 0.8, ["trueRate"] = 15000, ["lag"] = 0, ["parallelism"] = 2 },
            },
        }),
    };

    private static JsonObject Nodes(string description)
    {
        var numbers = new JsonObject();
        foreach (var name in Quantities.Names)
        {
            numbers[name] = Lenient("A number; anything else is an absent one.");
        }

        numbers["instances"] = Lenient("A list of objects with state, usage and request.");
        return new()
        {
            ["type"] = "object",
            ["description"] = description,
            ["patternProperties"] = new JsonObject
            {
                [NodePattern] = new JsonObject { ["type"] = "object", ["properties"] = numbers },
            },
        };
    }

    /// <summary>Whatever it is, it is no error.</summary>
    private static JsonObject Lenient(string description) => new() { ["description"] = description };
}
