using System.Globalization;
using System.Text.Json;

namespace Kta.Functional.Algorithms;

/// <content>The settings of each rule by their names.</content>
public static partial class Autoscaler
{
    private const string MetricText = "a number of a node and its target, such as busy=70% or lag=10000, several with commas between them";
    private const string PolicyText = "instances or percent within a time, such as 4/15s or 100%/1min";

    private static Ds2Options Ds2Of(NamedSettings given)
    {
        var defaults = new Ds2Options();
        return defaults with
        {
            ScalingFactor = given.Number("scalingFactor", defaults.ScalingFactor),
            CatchUp = given.Time("catchUp"),
            IgnoreDecreaseUpTo = given.Whole("ignoreDecreaseUpTo", defaults.IgnoreDecreaseUpTo),
            TargetRateRatio = given.Number("targetRateRatio"),
            Timely = given.Flag("timely", defaults.Timely),
        };
    }

    private static HpaOptions HpaOf(NamedSettings given)
    {
        var defaults = new HpaOptions();
        return defaults with
        {
            Metrics = given.List("metrics", MetricText, MetricOf, defaults.Metrics, TextOf),
            MinReplicas = given.Whole("minReplicas", defaults.MinReplicas),
            MaxReplicas = given.Whole("maxReplicas", defaults.MaxReplicas),
            Tolerance = given.Number("tolerance", defaults.Tolerance),
            Behavior = given.Flag("behavior", defaults.Behavior),
            ScaleUp = ScalingOf(given, "scaleUp", defaults.ScaleUp),
            ScaleDown = ScalingOf(given, "scaleDown", defaults.ScaleDown),
        };
    }

    private static HpaScaling ScalingOf(NamedSettings given, string name, HpaScaling defaults) => defaults with
    {
        StabilizationWindow = given.Time($"{name}.stabilizationWindow", defaults.StabilizationWindow),
        Tolerance = given.Number($"{name}.tolerance") ?? defaults.Tolerance,
        SelectPolicy = given.OneOf($"{name}.selectPolicy", defaults.SelectPolicy),
        Policies = given.List($"{name}.policies", PolicyText, PolicyOf, defaults.Policies, TextOf),
    };

    /// <summary>A metric as text: <c>busy=70%</c> is a utilization, <c>lag=10000</c> an amount for each instance.</summary>
    private static HpaMetric? MetricOf(string text)
    {
        var parts = text.Split('=', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && NamedSettings.WordOf<Quantity>(parts[0]) is { } quantity
            && double.TryParse(parts[1].TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var target)
            ? parts[1].EndsWith('%') ? HpaMetric.Utilization(quantity, target / 100) : HpaMetric.AverageValue(quantity, target)
            : null;
    }

    /// <summary>A policy as text: <c>4/15s</c> is four instances in 15 s, <c>100%/15s</c> twice as many.</summary>
    private static HpaPolicy? PolicyOf(string text)
    {
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && int.TryParse(parts[0].TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && NamedSettings.TimeOf(parts[1]) is { } period
            ? new(parts[0].EndsWith('%') ? HpaPolicyType.Percent : HpaPolicyType.Pods, count, period)
            : null;
    }

    private static string TextOf(HpaMetric metric) => metric.Type == HpaTargetType.Utilization
        ? string.Create(CultureInfo.InvariantCulture, $"{JsonNamingPolicy.CamelCase.ConvertName(metric.Quantity.ToString())}={Math.Round(100 * metric.Target, 9)}%")
        : string.Create(CultureInfo.InvariantCulture, $"{JsonNamingPolicy.CamelCase.ConvertName(metric.Quantity.ToString())}={metric.Target}");

    private static string TextOf(HpaPolicy policy) => string.Create(
        CultureInfo.InvariantCulture, $"{policy.Value}{(policy.Type == HpaPolicyType.Percent ? "%" : "")}/{policy.Period.TotalSeconds}s");

    private static BreakEvenOptions BreakEvenOf(NamedSettings given)
    {
        var defaults = new BreakEvenOptions();
        return new()
        {
            SloSeconds = given.Number("sloSeconds", defaults.SloSeconds),
            IntervalSeconds = given.Number("intervalSeconds", defaults.IntervalSeconds),
            DowntimeSeconds = given.Number("downtimeSeconds", defaults.DowntimeSeconds),
            WarmUpSeconds = given.Number("warmUpSeconds", defaults.WarmUpSeconds),
            RescalePrice = given.Number("rescalePrice", defaults.RescalePrice),
            LatePrice = given.Number("latePrice", defaults.LatePrice),
            PlanLife = given.Number("planLife", defaults.PlanLife),
            Growth = given.Number("growth", defaults.Growth),
            MaxGrowthHeadroom = given.Number("maxGrowthHeadroom", defaults.MaxGrowthHeadroom),
            Spare = given.Number("spare", defaults.Spare),
            NoiseFactor = given.Number("noiseFactor", defaults.NoiseFactor),
            MaxSpare = given.Number("maxSpare", defaults.MaxSpare),
            ScalingExponent = given.Number("scalingExponent", defaults.ScalingExponent),
            RecentSeconds = given.Number("recentSeconds", defaults.RecentSeconds),
            Levels = given.Whole("levels", defaults.Levels),
            MinParallelism = given.Whole("minParallelism", defaults.MinParallelism),
            MaxParallelism = given.Whole("maxParallelism", defaults.MaxParallelism),
        };
    }
}
