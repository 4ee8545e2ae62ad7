using Kta.Functional;

namespace Kta.Cli;

/// <summary>A call of a step, and where what it comes to is written down.</summary>
/// <param name="Step">The step that is called.</param>
/// <param name="Name">What is sent, in words.</param>
/// <param name="Findings">Where it is written down.</param>
internal sealed record Probe(Step Step, string Name, Findings Findings)
{
    internal string StepName => Step.ToString().ToLowerInvariant();

    internal void Error(string code, string what, string change, string consequence = Findings.Fails) => Add(Severity.Error, code, what, change, consequence);

    internal void Warning(string code, string what, string change, string consequence) => Add(Severity.Warning, code, what, change, consequence);

    private void Add(Severity severity, string code, string what, string change, string consequence) =>
        Findings.Add(new(severity, code, StepName, Name, what, consequence, change));
}
