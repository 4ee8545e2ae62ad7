using System.Text.Json.Nodes;
using Kta.Functional.Algorithms;

namespace Kta.Functional.Vectors.Kinds;

internal static class HpaOperations
{
    private static readonly HpaOptions s_defaults = new();

    internal static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["resourceUtilization"] = given =>
        {
            var proposal = Proposed(HpaCalculator.Utilization(
                given["currentReplicas"].Int, given["targetUtilization"].Int, ToleranceOf(given), HpaPods.Of(Pods(given), readinessCounts: true)));
            return new JsonObject { ["replicas"] = proposal.Replicas, ["utilization"] = proposal.Utilization, ["average"] = proposal.Average };
        },
        ["podsMetric"] = given =>
        {
            var proposal = Proposed(HpaCalculator.PodsAverage(
                given["currentReplicas"].Int, given["target"].Long, ToleranceOf(given), HpaPods.Of(Pods(given), readinessCounts: false)));
            return new JsonObject { ["replicas"] = proposal.Replicas, ["average"] = proposal.Average };
        },
        ["value"] = given =>
        {
            var proposal = Proposed(HpaCalculator.Value(
                given["currentReplicas"].Int, given.Optional("readyPods")?.Int ?? given["currentReplicas"].Int, Samples(given), given["target"].Long, ToleranceOf(given)));
            return new JsonObject { ["replicas"] = proposal.Replicas, ["usage"] = proposal.Average };
        },
        ["averageValue"] = given =>
        {
            var proposal = Proposed(HpaCalculator.AverageValue(
                given["statusReplicas"].Int, Samples(given), given["target"].Long, ToleranceOf(given)));
            return new JsonObject { ["replicas"] = proposal.Replicas, ["averagePerPod"] = proposal.Average };
        },
        ["behaviorRate"] = given => Limited(HpaLimits.LimitRate(
            given["currentReplicas"].Int,
            given["desiredReplicas"].Int,
            given["minReplicas"].Int,
            given["maxReplicas"].Int,
            Scaling(given.Optional("scaleUp"), HpaScaling.DefaultUp),
            Scaling(given.Optional("scaleDown"), HpaScaling.DefaultDown),
            Events(given.Optional("scaleUpEvents")),
            Events(given.Optional("scaleDownEvents")))),
        ["legacyBounds"] = given => Limited(HpaLimits.BoundsLegacy(
            given["currentReplicas"].Int, given["desiredReplicas"].Int, given["minReplicas"].Int, given["maxReplicas"].Int)),
        ["stabilization"] = given => new JsonObject
        {
            ["replicas"] = Stabilization.Stabilize(
                given["currentReplicas"].Int,
                given["desiredReplicas"].Int,
                given.Optional("scaleUpWindowSeconds")?.Number ?? HpaScaling.DefaultUp.StabilizationWindow.TotalSeconds,
                given.Optional("scaleDownWindowSeconds")?.Number ?? HpaScaling.DefaultDown.StabilizationWindow.TotalSeconds,
                Recommendations(given)),
        },
        ["legacyStabilization"] = given => new JsonObject
        {
            ["replicas"] = HpaLimits.StabilizeLegacy(
                given["desiredReplicas"].Int, given.Optional("windowSeconds")?.Number ?? HpaOptions.LegacyWindow.TotalSeconds, Recommendations(given)),
        },
        ["multiMetric"] = given => new JsonObject
        {
            ["replicas"] = Proposed(HpaLimits.Combine(
                given["currentReplicas"].Int, given["proposals"].Items.Select(item => item.IsNull ? (int?)null : item.Int))).Replicas,
        },
        ["currentBounds"] = given =>
        {
            var (replicas, reason, active) = HpaLimits.CurrentBounds(
                given["currentReplicas"].Int, given["minReplicas"].Int, given["maxReplicas"].Int);
            return new JsonObject { ["replicas"] = replicas, ["reason"] = reason, ["active"] = active };
        },
        ["groupPods"] = GroupPods,
    };

    private static JsonObject GroupPods(Given given)
    {
        var isCpu = (given.Optional("resource")?.Text ?? "cpu") == "cpu";
        var pods = given["pods"].Items.Select(pod =>
        {
            var status = Status(pod);
            var state = status.StateFor(
                isCpu, SecondsOf(given, "cpuInitializationPeriodSeconds"), SecondsOf(given, "initialReadinessDelaySeconds"));
            var group = HpaPods.Of([(state, null, status.HasSample ? 0 : null)], readinessCounts: isCpu);
            return (Name: (JsonNode?)pod["name"].Text, Group: group);
        }).ToList();
        return new JsonObject
        {
            ["ready"] = pods.Count(pod => pod.Group.Samples == 1),
            ["unready"] = new JsonArray([.. pods.Where(pod => pod.Group.Unready == 1).Select(pod => pod.Name)]),
            ["missing"] = new JsonArray([.. pods.Where(pod => pod.Group.Missing == 1).Select(pod => pod.Name)]),
            ["ignored"] = new JsonArray([.. pods.Where(pod => pod.Group is { Samples: 0, Unready: 0, Missing: 0 }).Select(pod => pod.Name)]),
        };
    }

    private static PodStatus Status(Given pod)
    {
        var condition = pod.Optional("readyCondition");
        var sample = pod.Optional("metric");
        return new PodStatus
        {
            Phase = pod.Optional("phase")?.Text ?? new PodStatus().Phase,
            IsDeleting = pod.Optional("deleting")?.Flag ?? false,
            StartedAgo = SecondsOf(pod, "startSecondsAgo"),
            IsReady = condition is { } ready ? ready["status"].Text != "False" : null,
            LastTransitionAgo = condition is { } known ? SecondsOf(known, "lastTransitionSecondsAgo") : null,
            HasSample = sample is not null,
            SampledAgo = sample is { } taken ? SecondsOf(taken, "timestampSecondsAgo") : null,
            SampleWindow = (sample is { } averaged ? SecondsOf(averaged, "windowSeconds") : null) ?? TimeSpan.Zero,
        };
    }

    private static HpaProposal Proposed(HpaProposal proposal) =>
        proposal.Problem is { } problem ? throw new ArgumentException(problem) : proposal;

    private static JsonObject Limited((int Replicas, string Condition) limited) =>
        new() { ["replicas"] = limited.Replicas, ["condition"] = limited.Condition };

    private static HpaTolerance ToleranceOf(Given given)
    {
        var stated = given.Optional("tolerance");
        return new(stated?.Optional("down")?.Number ?? s_defaults.Tolerance, stated?.Optional("up")?.Number ?? s_defaults.Tolerance);
    }

    private static IEnumerable<(InstanceState, long?, long?)> Pods(Given given) =>
        given["pods"].Items.Select(pod => (
            pod.Optional("state")?.Word<InstanceState>() ?? InstanceState.Ready,
            pod.Optional("request")?.Long,
            pod.Optional("usage")?.Long));

    private static IEnumerable<long> Samples(Given given) => given["samples"].Items.Select(sample => sample.Long);

    private static HpaScaling Scaling(Given? stated, HpaScaling defaults) => stated is not { } given ? defaults : new HpaScaling
    {
        StabilizationWindow = SecondsOf(given, "stabilizationWindowSeconds") ?? defaults.StabilizationWindow,
        SelectPolicy = given.Optional("selectPolicy")?.Word<HpaSelectPolicy>() ?? defaults.SelectPolicy,
        Policies = given.Optional("policies") is not { } policies ? defaults.Policies : [.. policies.Items.Select(policy => new HpaPolicy(
            policy["type"].Word<HpaPolicyType>(), policy["value"].Int, SecondsOf(policy, "periodSeconds")!.Value))],
    };

    private static IReadOnlyList<HpaEvent> Events(Given? events) =>
        events is { } given ? [.. given.Items.Select(item => new HpaEvent(item["change"].Int, item["secondsAgo"].Number))] : [];

    private static IReadOnlyList<(int, double)> Recommendations(Given given) =>
        given.Optional("recommendations") is { } stated ? [.. stated.Items.Select(item => (item["replicas"].Int, item["secondsAgo"].Number))] : [];

    private static TimeSpan? SecondsOf(Given given, string name) =>
        given.Optional(name) is { } seconds ? TimeSpan.FromSeconds(seconds.Number) : null;
}
