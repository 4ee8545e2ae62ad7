using System.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>A variable of a closure that somebody could assign, with its value when the step was made.</summary>
internal sealed record CapturedVariable(object Closure, FieldInfo Field, string Name, object? Value);

/// <summary>
/// What a step captures is looked at before serving and after every call. Only variables that the step reads and that could
/// be assigned at all are watched, and no value is copied.
/// </summary>
internal sealed class StateGuard
{
    private readonly CapturedVariable[] _variables;

    private StateGuard(IEnumerable<CapturedVariable> variables) => _variables = [.. variables];

    /// <summary>A guard for a function, or null if nothing it captures can be assigned, or nothing is known of it.</summary>
    /// <exception cref="StatefulUdfException">The function writes to something that outlives its calls.</exception>
    internal static StateGuard? For(Delegate function, string what)
    {
        StepCode code;
        try
        {
            code = new(function);
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException or ArgumentException or MemberAccessException or TypeLoadException)
        {
            // Natively compiled programs, for one, may know nothing of their own methods.
            return null;
        }

        return code.Findings.Count > 0 ? throw new StatefulUdfException(what, [.. code.Findings])
            : code.Variables.Count > 0 ? new StateGuard(code.Variables)
            : null;
    }

    /// <summary>Looks once before serving. What was null may have been set until then: programs refer to what they make later.</summary>
    /// <exception cref="IllegalAccessException">A variable has changed.</exception>
    internal void Start()
    {
        for (var i = 0; i < _variables.Length; i++)
        {
            _variables[i] = _variables[i] is { Value: null } unset ? unset with { Value = unset.Field.GetValue(unset.Closure) } : _variables[i];
        }

        Check();
    }

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

    private static string Show(object? value) => value is null ? "null" : $"'{SafeExcerpt.Of(value.ToString() ?? "")}'";
}
