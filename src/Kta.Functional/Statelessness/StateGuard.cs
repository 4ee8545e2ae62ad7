namespace Kta.Functional.Statelessness;

/// <summary>
/// The last net: what a step captures is looked at after every call. Only variables that could be assigned at all are
/// watched, and no value is copied.
/// </summary>
internal sealed class StateGuard
{
    private readonly CapturedVariable[] _variables;

    private StateGuard(IReadOnlyList<CapturedVariable> variables) => _variables = [.. variables];

    /// <summary>A guard for a function, or null if nothing it captures can be assigned.</summary>
    /// <exception cref="StatefulUdfException">The function captures or assigns something that can change.</exception>
    internal static StateGuard? For(Delegate function) =>
        Captures.Check(function) is { Count: > 0 } variables ? new StateGuard(variables) : null;

    /// <exception cref="IllegalAccessException">A variable has changed.</exception>
    internal void Check()
    {
        foreach (var variable in _variables)
        {
            var now = variable.Field.GetValue(variable.Closure);
            if (!ReferenceEquals(now, variable.Value) && !Equals(now, variable.Value))
            {
                throw new IllegalAccessException(
                    $"The captured variable '{variable.Name}' has changed from {Show(variable.Value)} to {Show(now)}. Steps are stateless: " +
                    "the same context has to give the same result. Put what has to be remembered into the result and read it from ctx.History.");
            }
        }
    }

    private static string Show(object? value) => value is null ? "null" : $"'{Wire.Excerpt.Of(value.ToString() ?? "")}'";
}
