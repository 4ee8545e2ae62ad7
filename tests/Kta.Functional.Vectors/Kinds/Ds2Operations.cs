using System.Text.Json.Nodes;
using Kta.Functional.Algorithms;

namespace Kta.Functional.Vectors.Kinds;

internal static class Ds2Operations
{
    private static readonly Ds2ManagerSettings s_defaults = new();

    internal static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["rates"] = Rates,
        ["evaluate"] = Evaluate,
        ["evaluateInstances"] = EvaluateInstances,
        ["timelyWorkers"] = given => new JsonObject
        {
            ["workers"] = Ds2Model.TimelyWorkers(given["unrounded"].Items.Select(item => item.Number)),
        },
        ["considerChange"] = given =>
        {
            var names = Names(given["current"]);
            return new JsonObject
            {
                ["change"] = Ds2Manager.IsWorthwhile(
                    Counts(given["current"], names), Counts(given["proposed"], names), given.Optional("ignoreDecreaseUpTo")?.Int ?? s_defaults.IgnoreDecreaseUpTo),
            };
        },
        ["manager"] = Manage,
        ["targetRateRatio"] = CorrectByRatio,
        ["convergence"] = Converge,
    };

    private static JsonObject Rates(Given given)
    {
        var rates = Ds2Rates.Of(
            given["recordsIn"].Number, given["recordsOut"].Number, given["usefulSeconds"].Number, given["windowSeconds"].Number);
        return new JsonObject
        {
            ["trueProcessingRate"] = Said.Number(rates.TrueProcessing),
            ["trueOutputRate"] = Said.Number(rates.TrueOutput),
            ["observedProcessingRate"] = Said.Number(rates.ObservedProcessing),
            ["observedOutputRate"] = Said.Number(rates.ObservedOutput),
        };
    }

    private static JsonObject Evaluate(Given given)
    {
        var nodes = given["nodes"].Items;
        var names = nodes.Select(node => node["id"].Text).ToList();
        var operators = nodes.Select(node => new Ds2Operator(
            node.Optional("parallelism")?.Int ?? 1, NumberOf(node, "trueProcessingRate"), NumberOf(node, "trueOutputRate")));
        var offered = nodes.Select(node => NumberOf(node, "targetRate"));
        return Sizes(given, names, [.. operators], [.. offered]);
    }

    private static JsonObject EvaluateInstances(Given given)
    {
        var names = Names(given["parallelism"]);
        var instances = given["instances"].Items.ToLookup(
            instance => instance["operator"].Text,
            instance => new Ds2Rates(
                NumberOf(instance, "trueProcessingRate"),
                NumberOf(instance, "trueOutputRate"),
                NumberOf(instance, "observedProcessingRate"),
                NumberOf(instance, "observedOutputRate")));
        var rates = names.ConvertAll(name => Ds2Model.Sum(instances[name]));
        var targets = given.Optional("sourceTargetRates");
        var operators = names.Select((name, i) => new Ds2Operator(given["parallelism"][name].Int, rates[i].TrueProcessing, rates[i].TrueOutput));
        var offered = names.Select((name, i) => targets?.Optional(name)?.Number ?? rates[i].TrueOutput);
        return Sizes(given, names, [.. operators], [.. offered]);
    }

    private static JsonObject Sizes(Given given, List<string> names, Ds2Operator[] operators, double[] offered)
    {
        var graph = Graph.Of(names.Count, given["edges"].PairsOf(names)) ?? throw new ArgumentException("The edges go in a circle.");
        var sizes = Ds2Model.Evaluate(graph, operators, offered, given.Optional("scalingFactor")?.Number ?? new Ds2Options().ScalingFactor);
        return new JsonObject(
            Enumerable.Range(0, names.Count).Where(i => !graph.IsSource(i)).Select(i => KeyValuePair.Create(
                names[i],
                (JsonNode?)new JsonObject
                {
                    ["targetRate"] = Said.Number(sizes[i].TargetRate),
                    ["unrounded"] = Said.Number(sizes[i].Unrounded),
                    ["parallelism"] = sizes[i].Parallelism,
                })));
    }

    private static JsonObject Manage(Given given)
    {
        var names = Names(given["initial"]);
        var stated = given.Optional("settings");
        var settings = new Ds2ManagerSettings(
            stated?.Optional("warmUpIntervals")?.Int ?? s_defaults.WarmUpIntervals,
            stated?.Optional("activationIntervals")?.Int ?? s_defaults.ActivationIntervals,
            stated?.Optional("activationAggregate")?.Word<Ds2Aggregate>() ?? s_defaults.ActivationAggregate,
            stated?.Optional("ignoreDecreaseUpTo")?.Int ?? s_defaults.IgnoreDecreaseUpTo,
            stated?.Optional("maxDecisions")?.Int);
        var manager = Ds2Manager.Start(Counts(given["initial"], names));
        var decisions = new JsonArray();
        foreach (var proposal in given["proposals"].Items)
        {
            (var decision, manager) = manager.Step(Counts(proposal, names), settings);
            decisions.Add(decision is null ? null : Said.Counts(names, decision));
        }

        return new JsonObject { ["decisions"] = decisions, ["final"] = Said.Counts(names, manager.Current) };
    }

    private static JsonObject CorrectByRatio(Given given)
    {
        var names = Names(given["plan"]);
        var (plan, ratio) = Ds2Manager.Correct(
            Counts(given["plan"], names),
            Counts(given["current"], names),
            given["sources"].Items.Select(source => (source["target"].Number, source["achieved"].Number)),
            given["threshold"].Number);
        return new JsonObject { ["plan"] = Said.Counts(names, plan), ["applied"] = ratio is not null, ["ratio"] = ratio };
    }

    private static JsonObject Converge(Given given)
    {
        var operators = given["operators"].Items;
        var names = operators.Select(item => item["id"].Text).ToList();
        var chain = operators.Select(item => (
            new CapacityCurve([.. item["capacity"].Items.Select(point => (point.Items[0].Number, point.Items[1].Number))]),
            item.Optional("selectivity")?.Number ?? 1)).ToList();
        var steps = Ds2Convergence.Steps(given["sourceRate"].Number, chain, Counts(given["initial"], names));
        return new JsonObject
        {
            ["steps"] = new JsonArray([.. steps.Select(step => Said.Counts(names, step))]),
            ["final"] = Said.Counts(names, steps[^1]),
        };
    }

    private static double NumberOf(Given given, string name) => given.Optional(name)?.Number ?? double.NaN;

    private static List<string> Names(Given counts) => [.. counts.Members.Select(member => member.Name)];

    private static int[] Counts(Given counts, List<string> names) => [.. names.Select(name => counts[name].Int)];
}
