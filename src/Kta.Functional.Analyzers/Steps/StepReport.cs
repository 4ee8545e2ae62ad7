using Microsoft.CodeAnalysis;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>
/// Reports what was found in one step. What happens in a called method is reported where the step calls it, so that it is
/// seen where the step is read; the place itself is the additional location.
/// </summary>
internal sealed class StepReport(KnownTypes known, IMethodSymbol function, Action<Diagnostic> publish)
{
    internal KnownTypes Known { get; } = known;

    /// <summary>The function of the step itself.</summary>
    internal IMethodSymbol Function { get; } = function;

    internal void At(IOperation operation, CalledFunction frame, DiagnosticDescriptor rule, params object[] arguments)
    {
        var place = operation.Syntax.GetLocation();
        publish(frame.Entry is { } entry
            ? Diagnostic.Create(rule, entry.Syntax.GetLocation(), [place], arguments)
            : Diagnostic.Create(rule, place, arguments));
    }

    internal void At(Diagnostic diagnostic) => publish(diagnostic);
}
