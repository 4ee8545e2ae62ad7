namespace Kta.Functional.Algorithms;

/// <content>The settings of the Flink rule by their names.</content>
public static partial class Autoscaler
{
    private const string NodesText = "ids of vertices or Deployment/name, several with commas between them";

    private static FlinkAutoscalerOptions FlinkOf(NamedSettings given)
    {
        var defaults = new FlinkAutoscalerOptions();
        return new()
        {
            MetricsWindow = given.Time("metricsWindow", defaults.MetricsWindow),
            UtilizationTarget = given.Number("utilizationTarget", defaults.UtilizationTarget),
            UtilizationBoundary = given.Number("utilizationBoundary", defaults.UtilizationBoundary),
            UtilizationMax = given.Number("utilizationMax"),
            UtilizationMin = given.Number("utilizationMin"),
            CatchUp = given.Time("catchUp", defaults.CatchUp),
            RestartTime = given.Time("restartTime", defaults.RestartTime),
            RestartTimeTracking = given.Flag("restartTimeTracking", defaults.RestartTimeTracking),
            RestartTimeLimit = given.Time("restartTimeLimit", defaults.RestartTimeLimit),
            BacklogLagThreshold = given.Time("backlogLagThreshold", defaults.BacklogLagThreshold),
            ObservedLagThreshold = given.Time("observedLagThreshold", defaults.ObservedLagThreshold),
            ObservedSwitchThreshold = given.Number("observedSwitchThreshold", defaults.ObservedSwitchThreshold),
            ObservedMinObservations = given.Whole("observedMinObservations", defaults.ObservedMinObservations),
            ScaleDownInterval = given.Time("scaleDownInterval", defaults.ScaleDownInterval),
            MaxScaleUpFactor = given.Number("maxScaleUpFactor", defaults.MaxScaleUpFactor),
            MaxScaleDownFactor = given.Number("maxScaleDownFactor", defaults.MaxScaleDownFactor),
            MinParallelism = given.Whole("minParallelism", defaults.MinParallelism),
            MaxParallelism = given.Whole("maxParallelism", defaults.MaxParallelism),
            Alignment = given.OneOf("alignment", defaults.Alignment),
            KeyedNodes = NodesOf(given, "keyedNodes"),
            ExcludedNodes = NodesOf(given, "excludedNodes"),
            EffectivenessDetection = given.Flag("effectivenessDetection", defaults.EffectivenessDetection),
            EffectivenessThreshold = given.Number("effectivenessThreshold", defaults.EffectivenessThreshold),
            ObservedScalability = given.Flag("observedScalability", defaults.ObservedScalability),
            ObservedScalabilityMinObservations = given.Whole("observedScalabilityMinObservations", defaults.ObservedScalabilityMinObservations),
            ObservedScalabilityCoefficientMin = given.Number("observedScalabilityCoefficientMin", defaults.ObservedScalabilityCoefficientMin),
            HistoryMaxCount = given.Whole("historyMaxCount", defaults.HistoryMaxCount),
            HistoryMaxAge = given.Time("historyMaxAge", defaults.HistoryMaxAge),
        };
    }

    /// <summary>The names between the commas; none of an empty text.</summary>
    private static string[] NodesOf(NamedSettings given, string name) =>
        given.One(name, NodesText, text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) ?? [];
}
