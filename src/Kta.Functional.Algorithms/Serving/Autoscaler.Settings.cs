using System.Globalization;

namespace Kta.Functional.Algorithms;

/// <content>The settings of each rule by their names.</content>
public static partial class Autoscaler
{
    private static Ds2Options Ds2Of(NamedSettings given)
    {
        var defaults = new Ds2Options();
        return defaults with
        {
            ScalingFactor = given.Number("scalingFactor", defaults.ScalingFactor),
            CatchUp = given.Time("catchUp"),
            IgnoreDecreaseUpTo = given.Int("ignoreDecreaseUpTo", defaults.IgnoreDecreaseUpTo),
            TargetRateRatio = given.Number("targetRateRatio"),
            Timely = given.Flag("timely", defaults.Timely),
        };
    }

    private static HpaOptions HpaOf(NamedSettings given)
    {
        var defaults = new HpaOptions();
        return defaults with
        {
            Metrics = given.Value("metrics") is { } metrics ? [.. metrics.Split(',').Select(MetricOf)] : defaults.Metrics,
            MinReplicas = given.Int("minReplicas", defaults.MinReplicas),
            MaxReplicas = given.Int("maxReplicas", defaults.MaxReplicas),
            Tolerance = given.Number("tolerance", defaults.Tolerance),
            Behavior = given.Flag("behavior", defaults.Behavior),
            ScaleUp = ScalingOf(given, "scaleUp", defaults.ScaleUp),
            ScaleDown = ScalingOf(given, "scaleDown", defaults.ScaleDown),
        };
    }

    private static HpaScaling ScalingOf(NamedSettings given, string name, HpaScaling defaults) => defaults with
    {
        StabilizationWindow = given.Time($"{name}.stabilizationWindow") ?? defaults.StabilizationWindow,
        Tolerance = given.Number($"{name}.tolerance") ?? defaults.Tolerance,
    };

    /// <summary>A metric as text: <c>busy=70%</c> is a utilization, <c>lag=10000</c> an amount for each instance.</summary>
    private static HpaMetric MetricOf(string text)
    {
        var parts = text.Split('=', StringSplitOptions.TrimEntries);
        if (parts.Length != 2
            || !Enum.TryParse<Quantity>(parts[0], ignoreCase: true, out var quantity)
            || !double.TryParse(parts[1].TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var target))
        {
            throw NamedSettings.Wrong("metrics", text, "a number of a node and its target, such as busy=70% or lag=10000, several with commas between them");
        }

        return parts[1].EndsWith('%') ? HpaMetric.Utilization(quantity, target / 100) : HpaMetric.AverageValue(quantity, target);
    }

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
            Levels = given.Int("levels", defaults.Levels),
            MinParallelism = given.Int("minParallelism", defaults.MinParallelism),
            MaxParallelism = given.Int("maxParallelism", defaults.MaxParallelism),
        };
    }

    /// <summary>The strategies most policies want, in the order they belong.</summary>
    private static Strategy[] StrategiesOf(NamedSettings given)
    {
        var strategies = new List<Strategy>();
        if (given.Time("stabilize") is { } window)
        {
            strategies.Add(Strategy.Stabilize(window));
        }

        const int Most = int.MaxValue - 1;
        var (min, max) = (given.Int("min", 1), given.Int("max", Most));
        if (min != 1 || max != Most)
        {
            strategies.Add(Strategy.Bounds(min, max));
        }

        if (given.Time("cooldown") is { } wait)
        {
            strategies.Add(Strategy.Cooldown(wait));
        }

        if (given.Flag("recommendOnly", otherwise: false))
        {
            strategies.Add(Strategy.RecommendOnly());
        }

        return [.. strategies];
    }
}
