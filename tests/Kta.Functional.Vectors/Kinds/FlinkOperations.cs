using System.Text.Json.Nodes;
using Kta.Functional.Algorithms;

namespace Kta.Functional.Vectors.Kinds;

internal static class FlinkOperations
{
    private static readonly FlinkAutoscalerOptions s_defaults = new();

    internal static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["targetCapacity"] = given => new JsonObject
        {
            ["value"] = Words(DemandOf(given).Capacity(
                given["utilization"].Number, given["withRestart"].Flag, given["catchUpSeconds"].Number, given["restartSeconds"].Number)),
        },
        ["thresholds"] = given =>
        {
            var options = OptionsOf(given);
            var band = DemandOf(given).Band(options, given.Optional("backlog")?.Flag ?? false, options.RestartTime.TotalSeconds);
            return new JsonObject { ["scaleUp"] = Words(band.Up), ["scaleDown"] = Words(band.Down) };
        },
        ["align"] = given => new JsonObject
        {
            ["parallelism"] = LimitsOf(given).Align(given["current"].Int, given["target"].Int, AlignmentOf(given)),
        },
        ["scale"] = given => new JsonObject
        {
            ["parallelism"] = LimitsOf(given).Scale(given["current"].Int, given["factor"].Number, AlignmentOf(given)),
        },
        ["vertex"] = ProposeVertex,
        ["delayedScaleDown"] = DelayScaleDown,
        ["ineffective"] = given => new JsonObject
        {
            ["ineffective"] = given.Optional("last") is { } last
                && RescaleOf(last).IsIneffective(
                    given["parallelism"].Int, given["trueProcessingRate"].Number, given.Optional("threshold")?.Number ?? s_defaults.EffectivenessThreshold),
        },
        ["scalabilityCoefficient"] = given => new JsonObject
        {
            ["value"] = FlinkMemory.Scalability(
                [.. given["history"].Items.Select(item => (item["parallelism"].Int, item["trueProcessingRate"].Number))],
                given.Optional("minObservations")?.Int ?? s_defaults.ObservedScalabilityMinObservations,
                given.Optional("lowerBound")?.Number ?? s_defaults.ObservedScalabilityCoefficientMin),
        },
        ["trueProcessingRate"] = given => new JsonObject
        {
            ["value"] = Words(FlinkRates.TrueRate(
                given["recordsInPerSecond"].Number,
                given["busyMsPerSecond"].Number / 1000,
                FlinkRates.Average(
                    given.Optional("observedRates")?.Items.Select(item => item.IsNull ? double.NaN : item.Number) ?? [],
                    given.Optional("minObservations")?.Int ?? s_defaults.ObservedMinObservations),
                given.Optional("switchThreshold")?.Number ?? s_defaults.ObservedSwitchThreshold)),
        },
        ["observedSample"] = given => new JsonObject
        {
            ["value"] = FlinkRates.Observed(
                given.Optional("lag")?.Number ?? 0,
                given["recordsInPerSecond"].Number,
                (given.Optional("backPressuredMsPerSecond")?.Number ?? 0) / 1000,
                given.Optional("lagThresholdSeconds")?.Number ?? s_defaults.ObservedLagThreshold.TotalSeconds) is { } rate
                ? Words(rate)
                : null,
        },
        ["rate"] = given => new JsonObject
        {
            ["value"] = Words(FlinkRates.Rate(given["samples"].Items.Select(item => (item["second"].Number, item.Optional("value")?.Number ?? double.NaN)))),
        },
        ["edgeRatio"] = given =>
        {
            var job = FlinkWindows.JobOf(given, s_defaults);
            return new JsonObject { ["value"] = Words(job.Job.Ratio(job.PlaceOf(given["from"].Text), job.PlaceOf(given["to"].Text))) };
        },
        ["evaluateJob"] = EvaluateJob,
        ["job"] = DecideJob,
        ["restartTime"] = given => new JsonObject
        {
            ["seconds"] = Math.Round(
                given.Optional("preferTracked")?.Flag ?? s_defaults.RestartTimeTracking
                    ? FlinkMemory.Restart(
                        given.Optional("tracked")?.Items.Select(item => item.IsNull ? double.NaN : item.Number) ?? [], Configured(given), Limit(given))
                    : Configured(given),
                9),
        },
    };

    /// <summary>A double as the file writes it: what is not finite is a word.</summary>
    internal static JsonNode Words(double value) => double.IsNaN(value) ? "NaN" : Said.Number(value)!;

    /// <summary>The settings, those of the vectors over the defaults.</summary>
    internal static FlinkAutoscalerOptions OptionsOf(Given given) => s_defaults with
    {
        UtilizationTarget = given.Optional("utilizationTarget")?.Number ?? s_defaults.UtilizationTarget,
        UtilizationBoundary = given.Optional("utilizationBoundary")?.Number ?? s_defaults.UtilizationBoundary,
        UtilizationMax = given.Optional("utilizationMax")?.Number,
        UtilizationMin = given.Optional("utilizationMin")?.Number,
        MaxScaleDownFactor = given.Optional("maxScaleDownFactor")?.Number ?? s_defaults.MaxScaleDownFactor,
        MaxScaleUpFactor = given.Optional("maxScaleUpFactor")?.Number ?? s_defaults.MaxScaleUpFactor,
        CatchUp = Time(given, "catchUpSeconds", s_defaults.CatchUp),
        RestartTime = Time(given, "restartSeconds", s_defaults.RestartTime),
        MinParallelism = given.Optional("vertexMin")?.Int ?? s_defaults.MinParallelism,
        MaxParallelism = given.Optional("vertexMax")?.Int ?? s_defaults.MaxParallelism,
        Alignment = AlignmentOf(given),
        BacklogLagThreshold = Time(given, "backlogLagSeconds", s_defaults.BacklogLagThreshold),
        ObservedSwitchThreshold = given.Optional("observedSwitch")?.Number ?? s_defaults.ObservedSwitchThreshold,
        ObservedMinObservations = given.Optional("minObservedSamples")?.Int ?? s_defaults.ObservedMinObservations,
    };

    private static TimeSpan Time(Given given, string name, TimeSpan otherwise) =>
        given.Optional(name) is { } seconds ? TimeSpan.FromSeconds(seconds.Number) : otherwise;

    private static double Configured(Given given) => given.Optional("configuredSeconds")?.Number ?? s_defaults.RestartTime.TotalSeconds;

    private static double Limit(Given given) => given.Optional("limitSeconds")?.Number ?? s_defaults.RestartTimeLimit.TotalSeconds;

    private static FlinkDemand DemandOf(Given given) => new(given["targetRate"].Number, given.Optional("catchUpRate")?.Number ?? 0);

    private static FlinkAlignment AlignmentOf(Given given) => given.Optional("mode")?.Text switch
    {
        null => s_defaults.Alignment,
        "BALANCED" => FlinkAlignment.Balanced,
        "EVENLY_SPREAD" => FlinkAlignment.EvenlySpread,
        "OFF" => FlinkAlignment.Off,
        "LEGACY_EVENLY_SPREAD" => FlinkAlignment.LegacyEvenlySpread,
        "MAXIMIZE_UTILISATION" => FlinkAlignment.MaximizeUtilisation,
        { } other => throw new CaseException($"the mode '{other}' is not known"),
    };

    private static FlinkLimits LimitsOf(Given given) => new(
        given.Optional("lowerLimit")?.Int ?? 1,
        given.Optional("upperLimit")?.Int ?? int.MaxValue,
        given.Optional("maxParallelism")?.Int ?? FlinkWindows.KeyGroups,
        given.Optional("partitions")?.Int ?? 0,
        given.Optional("keyed")?.Flag ?? false);

    private static FlinkRescale RescaleOf(Given last)
    {
        var after = last["newParallelism"].Int;
        return new(last["scaledUp"].Flag ? after - 1 : after + 1, after, last["trueProcessingRate"].Number, last["expectedRate"].Number);
    }

    private static JsonObject ProposeVertex(Given given)
    {
        var options = given.Optional("settings") is { } settings ? OptionsOf(settings) : s_defaults;
        var vertex = FlinkWindows.VertexOf(given);
        var proposal = vertex.Propose(
            DemandOf(given),
            given["trueProcessingRate"].Number,
            options,
            given.Optional("backlog")?.Flag ?? false,
            options.RestartTime.TotalSeconds,
            given.Optional("coefficient")?.Number ?? 1);
        var said = new JsonObject
        {
            ["scaleUp"] = Words(proposal.Band.Up),
            ["scaleDown"] = Words(proposal.Band.Down),
            ["parallelism"] = proposal.Parallelism,
        };
        if (!double.IsNaN(proposal.Factor))
        {
            (said["capacity"], said["factor"]) = (Words(proposal.Capacity), Words(proposal.Factor));
        }

        if (proposal.Parallelism != vertex.Parallelism)
        {
            (said["outsideBounds"], said["expectedRate"]) = (proposal.IsOutside, Words(proposal.ExpectedRate));
        }

        return said;
    }

    private static JsonObject DelayScaleDown(Given given)
    {
        var (current, newestFirst, decisions) = (given["current"].Int, new List<FlinkRecommendation>(), new JsonArray());
        foreach (var item in given["recommendations"].Items)
        {
            newestFirst.Insert(0, new(item["second"].Number, item["parallelism"].Int, item.Optional("outsideBounds")?.Flag ?? false));
            var (decided, _) = FlinkMemory.DelayScaleDown(current, newestFirst, given["intervalSeconds"].Number);
            decisions.Add(new JsonObject
            {
                ["parallelism"] = decided.Parallelism,
                ["outsideBounds"] = decided.IsOutside && decided.Parallelism != current,
            });
        }

        return new JsonObject { ["decisions"] = decisions };
    }

    private static JsonObject EvaluateJob(Given given)
    {
        var options = given.Optional("settings") is { } settings ? OptionsOf(settings) : s_defaults;
        var window = FlinkWindows.JobOf(given, options);
        var proposals = window.Propose(options);
        var vertices = new JsonObject();
        for (var i = 0; i < proposals.Length; i++)
        {
            vertices[window.Names[i]] = new JsonObject
            {
                ["targetRate"] = Words(proposals[i].Demand.TargetRate),
                ["catchUpRate"] = Words(proposals[i].Demand.CatchUpRate),
                ["trueProcessingRate"] = Words(proposals[i].TrueRate),
                ["scaleUp"] = Words(proposals[i].Band.Up),
                ["scaleDown"] = Words(proposals[i].Band.Down),
                ["proposed"] = proposals[i].Parallelism,
                ["outsideBounds"] = proposals[i].IsOutside,
            };
        }

        var (plan, changed) = Decided(window.Names, window.Vertices, proposals);
        return new JsonObject { ["backlog"] = window.Job.HasBacklog, ["vertices"] = vertices, ["rescale"] = changed.Count > 0, ["plan"] = plan };
    }

    private static JsonObject DecideJob(Given given)
    {
        var options = given.Optional("settings") is { } settings ? OptionsOf(settings) : s_defaults;
        var members = given["vertices"].Members;
        FlinkVertex[] vertices = [.. members.Select(member => FlinkWindows.VertexOf(member.Value))];
        FlinkProposal[] proposals =
        [
            .. members.Select((member, i) => vertices[i].Propose(
                DemandOf(member.Value),
                member.Value["trueProcessingRate"].Number,
                options,
                (member.Value.Optional("backlog") ?? given.Optional("backlog"))?.Flag ?? false,
                options.RestartTime.TotalSeconds,
                member.Value.Optional("coefficient")?.Number ?? 1)),
        ];
        var (plan, changed) = Decided([.. members.Select(member => member.Name)], vertices, proposals);
        return new JsonObject { ["changed"] = changed, ["plan"] = plan };
    }

    private static (JsonObject Plan, JsonArray Changed) Decided(IReadOnlyList<string> names, FlinkVertex[] vertices, FlinkProposal[] proposals)
    {
        int[] current = [.. vertices.Select(vertex => vertex.Parallelism)];
        var rescales = FlinkJob.Rescales(proposals.Select(one => new FlinkRecommendation(0, one.Parallelism, one.IsOutside)), current);
        int[] chosen = rescales ? [.. proposals.Select(one => one.Parallelism)] : current;
        var changed = names.Where((_, i) => chosen[i] != current[i]).Order(StringComparer.Ordinal).Select(name => (JsonNode)name);
        return (Said.Counts(names, chosen), new([.. changed]));
    }
}
