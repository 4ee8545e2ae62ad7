namespace Kta.Functional.Algorithms;

/// <summary>How fast records pile up in front of a source.</summary>
internal static class LagGrowth
{
    /// <summary>Records per second since the iteration before, negative while the lag shrinks; NaN if one of the two lags is not known.</summary>
    internal static double Of(TopologyNode source, Measurements now, RuleContext context) =>
        context.History.At(0) is { } before && (context.StartedAt - before.StartedAt).TotalSeconds is > 0 and var seconds
            ? (now[source].Lag.OrNaN - before.Measurements[source].Lag.OrNaN) / seconds
            : double.NaN;
}
