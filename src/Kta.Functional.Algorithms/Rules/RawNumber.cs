namespace Kta.Functional.Algorithms;

/// <summary>How the numbers are called that rules compute on the way to a parallelism.</summary>
internal static class RawNumber
{
    /// <summary>Records per second the node has to process.</summary>
    internal const string NeededRate = "neededRate";

    /// <summary>Records per second that one instance can process.</summary>
    internal const string RatePerInstance = "ratePerInstance";

    /// <summary>Instances for the needed rate, before rounding.</summary>
    internal const string Instances = "instances";

    /// <summary>Instances with what the rule adds in reserve, before rounding.</summary>
    internal const string InstancesWithReserve = "instancesWithReserve";
}
