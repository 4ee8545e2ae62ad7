namespace Kta.Functional.FSharp.Building

/// Marks an algorithm that has a step and can therefore be served.
type AtLeastOneStep = interface end

/// Marks an algorithm that may still get its analyze step.
type BeforeAnalyze = interface end

/// Marks an algorithm that may still get its plan step.
type BeforePlan = interface end

/// Marks an algorithm whose analyze results have their final type.
type AfterAnalyze = interface end

/// Marks an algorithm without a step: an algorithm has to have one, so the expression is not complete yet.
type NoStep =
    inherit BeforeAnalyze
    inherit BeforePlan

/// Marks an algorithm whose last step is monitor.
type MonitorStep =
    inherit AtLeastOneStep
    inherit BeforeAnalyze
    inherit BeforePlan

/// Marks an algorithm whose last step is analyze.
type AnalyzeStep =
    inherit AtLeastOneStep
    inherit AfterAnalyze
    inherit BeforePlan

/// Marks an algorithm whose last step is plan.
type PlanStep =
    inherit AtLeastOneStep
    inherit AfterAnalyze
