using System.Text.Json.Nodes;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>A fitted application for programs.</summary>
internal static class FitJson
{
    internal static JsonObject Of(ApplicationFit fit) => new()
    {
        ["application"] = fit.Application.Name,
        ["fidelity"] = new JsonObject(fit.Fidelity.Select(node => KeyValuePair.Create(node.Node.ToString(), (JsonNode?)new JsonObject
        {
            ["trueRate"] = Of(node.TrueProcessingRate),
            ["recordsIn"] = Of(node.RecordsIn),
            ["lagSeconds"] = Of(node.LagSeconds),
        }))),
        ["operators"] = new JsonArray([.. fit.Operators.Select(one => new JsonObject
        {
            ["id"] = one.Node.ToString(),
            ["ratePerInstance"] = one.RatePerInstance,
            ["rateError"] = one.RateError,
            ["exponent"] = one.Exponent,
            ["exponentError"] = one.ExponentError,
            ["selectivity"] = one.Selectivity,
            ["hasMeasuredSelectivity"] = one.HasMeasuredSelectivity,
            ["parallelisms"] = new JsonArray([.. one.Parallelisms.Select(count => JsonValue.Create(count))]),
            ["measurements"] = one.Measurements,
            ["confidence"] = Phrase.Confidence(one.Confidence),
            ["doubts"] = Texts(one.Doubts),
        })]),
        ["rescales"] = new JsonObject
        {
            ["count"] = fit.Rescales.Count,
            ["downtimeSeconds"] = fit.Rescales.Downtime.TotalSeconds,
            ["leastDowntimeSeconds"] = fit.Rescales.LeastDowntime.TotalSeconds,
            ["mostDowntimeSeconds"] = fit.Rescales.MostDowntime?.TotalSeconds,
            ["warmUpSeconds"] = fit.Rescales.WarmUp.TotalSeconds,
            ["confidence"] = Phrase.Confidence(fit.Rescales.Confidence),
            ["doubts"] = Texts(fit.Rescales.Doubts),
        },
        ["intervalSeconds"] = fit.Application.Interval.TotalSeconds,
        ["noise"] = fit.Application.Noise,
        ["notes"] = Texts(fit.Notes),
    };

    private static JsonObject? Of(FitError? error) => error is null ? null : new()
    {
        ["count"] = error.Count,
        ["meanAbsolute"] = error.MeanAbsolute,
        ["bias"] = error.Bias,
        ["meanRecorded"] = error.MeanRecorded,
        ["relative"] = error.Relative,
        ["relativeBias"] = error.RelativeBias,
    };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
