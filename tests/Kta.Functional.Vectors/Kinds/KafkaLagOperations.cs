using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional.Algorithms;

namespace Kta.Functional.Vectors.Kinds;

internal static class KafkaLagOperations
{
    private static readonly KafkaLagOptions s_defaults = new();

    internal static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["partitionLag"] = given =>
        {
            var lag = KafkaLagModel.LagOf(PartitionOf(given), OffsetsOf(given));
            return new JsonObject { ["lag"] = lag.Lag, ["lagForActivation"] = lag.ForActivation, ["remember"] = lag.Remembered };
        },
        ["totalLag"] = TotalLag,
        ["factors"] = given => new JsonObject { ["factors"] = new JsonArray([.. KafkaLagModel.Factors(given["n"].Long).Select(factor => JsonValue.Create(factor))]) },
        ["nextFactor"] = given => new JsonObject
        {
            ["factor"] = KafkaLagModel.NextFactor(given["lag"].Long, given["partitions"].Long, ThresholdOf(given)),
        },
        ["partitionLimitation"] = given => new JsonObject
        {
            ["partitions"] = KafkaLag.PartitionsOf(given.Optional("text")?.Text) is { } partitions ? new JsonArray([.. partitions.Select(number => JsonValue.Create(number))]) : null,
        },
        ["replicas"] = given =>
        {
            var (proposal, replicas) = KafkaLagModel.Replicas(
                given["metric"].Long,
                ThresholdOf(given),
                given["currentReplicas"].Int,
                given.Optional("minReplicas")?.Int ?? 0,
                given.Optional("maxReplicas")?.Int ?? s_defaults.MaxReplicas,
                s_defaults.Tolerance);
            return new JsonObject { ["proposal"] = proposal, ["replicas"] = replicas };
        },
        ["activation"] = given => new JsonObject
        {
            ["replicas"] = KafkaLagModel.Activation(
                given["currentReplicas"].Int,
                given["active"].Flag,
                given.Optional("minReplicas")?.Int ?? 0,
                given.Optional("idleReplicas")?.Int,
                given.Optional("cooldownSeconds")?.Number ?? s_defaults.StabilizationWindow.TotalSeconds,
                given.Optional("secondsSinceActive")?.Number),
        },
        ["validate"] = given =>
        {
            var policy = given.Optional("offsetResetPolicy");
            var known = new OptionChecks("KafkaLag").Check(
                policy is null || NamedSettings.WordOf<KafkaOffsetReset>(policy.Value.Text) is not null, "offsetResetPolicy", policy?.Text, "latest or earliest");
            var checks = KafkaLagModel.CheckThresholds(known, ThresholdOf(given), given.Optional("activationLagThreshold")?.Long ?? 0);
            var problems = KafkaLagModel.CheckSharing(checks, SharingOf(given), given.Optional("topic")?.Text.Length > 0).Options;
            return problems.Count == 0
                ? new JsonObject { ["valid"] = true }
                : new JsonObject { ["valid"] = false, ["problem"] = problems[0] };
        },
    };

    private static JsonObject TotalLag(Given given)
    {
        var settings = given.Optional("settings") ?? new Given(JsonDocument.Parse("{}").RootElement, "settings");
        var group = KafkaLag.GroupLag(given["partitions"].Items.Select(PartitionOf), OffsetsOf(settings));
        return new JsonObject
        {
            ["metric"] = KafkaLagModel.Metric(group.Lag, group.Partitions, group.PartitionsWithLag, SharingOf(settings)),
            ["active"] = KafkaLagModel.IsActive(group.LagForActivation, settings.Optional("activationLagThreshold")?.Long ?? 0),
            ["partitions"] = group.Partitions,
            ["partitionsWithLag"] = group.PartitionsWithLag,
        };
    }

    private static KafkaPartition PartitionOf(Given given) =>
        new(given.Optional("consumerOffset")?.Long, given.Optional("latestOffset")?.Long, given.Optional("previousOffset")?.Long);

    private static KafkaOffsetOptions OffsetsOf(Given given) => new()
    {
        OffsetResetPolicy = given.Optional("offsetResetPolicy")?.Word<KafkaOffsetReset>() ?? KafkaOffsetReset.Latest,
        ScaleToZeroOnInvalidOffset = IsSet(given, "scaleToZeroOnInvalidOffset"),
        ExcludePersistentLag = IsSet(given, "excludePersistentLag"),
    };

    private static KafkaSharing SharingOf(Given given) => new(
        ThresholdOf(given),
        IsSet(given, "allowIdleConsumers"),
        IsSet(given, "ensureEvenDistributionOfPartitions"),
        IsSet(given, "limitToPartitionsWithLag"));

    private static long ThresholdOf(Given given) => given.Optional("lagThreshold")?.Long ?? s_defaults.LagThreshold;

    private static bool IsSet(Given given, string name) => given.Optional(name)?.Flag ?? false;
}
