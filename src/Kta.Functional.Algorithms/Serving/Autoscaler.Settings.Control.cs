namespace Kta.Functional.Algorithms;

/// <content>The settings of the rules of control and queueing theory.</content>
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
}
