namespace Kta.Functional.Algorithms;

/// <content>The settings of the rules of control and queueing theory, of ContTune, and of the managed clouds.</content>
public static partial class Autoscaler
{
    private static PidOptions PidOf(NamedSettings given)
    {
        var defaults = new PidOptions();
        return new()
        {
            Signal = given.OneOf("signal", defaults.Signal),
            Setpoint = given.Number("setpoint", defaults.Setpoint),
            Kp = given.Number("kp", defaults.Kp),
            Ki = given.Number("ki", defaults.Ki),
            Kd = given.Number("kd", defaults.Kd),
            DeadBand = given.Number("deadBand", defaults.DeadBand),
            IntervalSeconds = given.Number("intervalSeconds", defaults.IntervalSeconds),
            WarmUpSeconds = given.Number("warmUpSeconds", defaults.WarmUpSeconds),
            MinParallelism = given.Whole("minParallelism", defaults.MinParallelism),
            MaxParallelism = given.Whole("maxParallelism", defaults.MaxParallelism),
        };
    }

    private static MmcOptions MmcOf(NamedSettings given)
    {
        var defaults = new MmcOptions();
        return new()
        {
            MaxUtilization = given.Number("maxUtilization", defaults.MaxUtilization),
            TargetWait = given.Time("targetWait", defaults.TargetWait),
            Quantile = given.Number("quantile"),
            TargetLatency = given.Time("targetLatency"),
            MaxInstances = given.Whole("maxInstances"),
            ArrivalVariability = given.Number("arrivalVariability", defaults.ArrivalVariability),
            ServiceVariability = given.Number("serviceVariability", defaults.ServiceVariability),
            Keyed = given.List("keyed", "names of nodes with commas between them, or *", text => text.Trim() is { Length: > 0 } name ? name : null, defaults.Keyed, name => name),
            MinParallelism = given.Whole("minParallelism", defaults.MinParallelism),
            MaxParallelism = given.Whole("maxParallelism", defaults.MaxParallelism),
        };
    }

    private static ContTuneOptions ContTuneOf(NamedSettings given)
    {
        var defaults = new ContTuneOptions();
        return new()
        {
            ScalingFactor = given.Number("scalingFactor", defaults.ScalingFactor),
            CatchUp = given.Time("catchUp"),
            IgnoreDecreaseUpTo = given.Whole("ignoreDecreaseUpTo", defaults.IgnoreDecreaseUpTo),
            LookBack = given.Whole("lookBack", defaults.LookBack),
        };
    }

    private static CpuThresholdsOptions CpuThresholdsOf(NamedSettings given)
    {
        var defaults = new CpuThresholdsOptions();
        return new()
        {
            ScaleUpAt = given.Number("scaleUpAt", defaults.ScaleUpAt),
            ScaleUpAfter = given.Time("scaleUpAfter", defaults.ScaleUpAfter),
            ScaleDownBelow = given.Number("scaleDownBelow", defaults.ScaleDownBelow),
            ScaleDownAfter = given.Time("scaleDownAfter", defaults.ScaleDownAfter),
            MinParallelism = given.Whole("minParallelism", defaults.MinParallelism),
            MaxParallelism = given.Whole("maxParallelism", defaults.MaxParallelism),
        };
    }
}
