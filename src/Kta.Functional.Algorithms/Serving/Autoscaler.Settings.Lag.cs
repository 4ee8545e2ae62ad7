namespace Kta.Functional.Algorithms;

/// <content>The settings of the rules that look at lags and blocked time, by their names.</content>
public static partial class Autoscaler
{
    private static KafkaLagOptions KafkaLagOf(NamedSettings given)
    {
        var defaults = new KafkaLagOptions();
        return new()
        {
            LagThreshold = given.Whole("lagThreshold", defaults.LagThreshold),
            DrainWithin = given.Time("drainWithin"),
            ActivationLagThreshold = given.Whole("activationLagThreshold", defaults.ActivationLagThreshold),
            AllowIdleConsumers = given.Flag("allowIdleConsumers", defaults.AllowIdleConsumers),
            EnsureEvenDistributionOfPartitions = given.Flag("ensureEvenDistributionOfPartitions", defaults.EnsureEvenDistributionOfPartitions),
            MinReplicas = given.Whole("minReplicas", defaults.MinReplicas),
            MaxReplicas = given.Whole("maxReplicas", defaults.MaxReplicas),
            Tolerance = given.Number("tolerance", defaults.Tolerance),
            StabilizationWindow = given.Time("stabilizationWindow", defaults.StabilizationWindow),
        };
    }

    private static DhalionOptions DhalionOf(NamedSettings given)
    {
        var defaults = new DhalionOptions();
        return new()
        {
            BackPressureThreshold = given.Number("backPressureThreshold", defaults.BackPressureThreshold),
            LagGrowthThreshold = given.Number("lagGrowthThreshold", defaults.LagGrowthThreshold),
            MaxScaleUpFactor = given.Number("maxScaleUpFactor", defaults.MaxScaleUpFactor),
            ScaleDownFactor = given.Number("scaleDownFactor", defaults.ScaleDownFactor),
            LowLag = given.Number("lowLag", defaults.LowLag),
            LowUse = given.Number("lowUse", defaults.LowUse),
            Blacklist = given.Time("blacklist"),
        };
    }

    private static VargaOptions VargaOf(NamedSettings given)
    {
        var defaults = new VargaOptions();
        return new()
        {
            UtilizationTarget = given.Number("utilizationTarget", defaults.UtilizationTarget),
            RelativeLagTarget = given.Number("relativeLagTarget", defaults.RelativeLagTarget),
            BackPressureThreshold = given.Number("backPressureThreshold", defaults.BackPressureThreshold),
            StabilizationWindow = given.Time("stabilizationWindow", defaults.StabilizationWindow),
        };
    }
}
