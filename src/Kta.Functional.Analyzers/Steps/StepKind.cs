namespace Kta.Functional.Analyzers.Steps;

internal enum StepKind
{
    Monitor,
    Analyze,
    Plan,
}
