using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>Looks for state in what a step captures, when the step is made.</summary>
internal sealed class Captures
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int MostItems = 1000;

    private readonly List<string> _findings = [];
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(object Closure, StepCode Code)> _closures = [];
    private readonly List<CapturedVariable> _variables = [];

    private Captures()
    {
    }

    /// <summary>Refuses a function that holds state; otherwise gives the variables a guard has to watch.</summary>
    /// <exception cref="StatefulUdfException">The function captures or assigns something that can change.</exception>
    internal static IReadOnlyList<CapturedVariable> Check(Delegate function)
    {
        var captures = new Captures();
        captures.Inspect(function, "the step");
        return captures._findings.Count == 0 ? captures._variables : throw new StatefulUdfException(captures._findings);
    }

    private void Inspect(Delegate function, string name)
    {
        if (!_seen.Add(function))
        {
            return;
        }

        foreach (var single in function.GetInvocationList())
        {
            var code = StepCode.Of(single);
            InspectStatics(code);
            if (single.Target is { } target)
            {
                InspectTarget(target, code, name);
            }
        }
    }

    private void InspectTarget(object target, StepCode code, string name)
    {
        if (target is Delegate inner)
        {
            Inspect(inner, name);
        }
        else if (StepCode.IsMadeByCompiler(target.GetType()))
        {
            InspectClosure(target, code);
        }
        else
        {
            InspectObject(target, name == "the step" ? "this" : name, code);
        }
    }

    /// <summary>The variables of a closure that the step uses; others in the same closure belong to other functions.</summary>
    private void InspectClosure(object closure, StepCode code)
    {
        if (!_closures.Add((closure, code)))
        {
            return;
        }

        foreach (var field in FieldsOf(closure.GetType()))
        {
            if (code.Assigns.Contains(field))
            {
                _findings.Add($"it assigns the captured variable '{FieldNames.Variable(field)}'");
            }
            else if (!code.IsKnown || code.Reads.Contains(field))
            {
                InspectVariable(closure, field, code);
            }
        }
    }

    /// <summary>An F# function value: an object whose own methods are its code.</summary>
    private void InspectFunction(object function)
    {
        if (_seen.Add(function))
        {
            var code = StepCode.OfAll(function.GetType());
            InspectStatics(code);
            InspectClosure(function, code);
        }
    }

    private void InspectVariable(object closure, FieldInfo field, StepCode code)
    {
        var value = field.GetValue(closure);
        if (value is not null && value is not Delegate && StepCode.IsMadeByCompiler(value.GetType()))
        {
            if (FSharpTypes.IsFunction(value.GetType()))
            {
                InspectFunction(value);
            }
            else
            {
                InspectClosure(value, code);
            }

            return;
        }

        if (value is not null && FieldNames.Variable(field) == "this")
        {
            InspectObject(value, "this", code);
            return;
        }

        if (!field.IsInitOnly)
        {
            _variables.Add(new CapturedVariable(closure, field, FieldNames.Variable(field), value));
        }

        InspectValue(value, $"the captured variable '{FieldNames.Variable(field)}'");
    }

    private void InspectStatics(StepCode code)
    {
        foreach (var field in code.Assigns.Where(field => field.IsStatic && !IsCache(field)))
        {
            _findings.Add($"it assigns the static '{FieldNames.Label(field)}'");
        }

        foreach (var field in code.Reads.Where(field => field.IsStatic && !IsCache(field) && !code.Assigns.Contains(field)))
        {
            if (!field.IsInitOnly && !field.IsLiteral && !FSharpTypes.IsModule(field.DeclaringType!))
            {
                _findings.Add($"it reads the static '{FieldNames.Label(field)}', which can be assigned; make it readonly");
            }
            else
            {
                InspectValue(ValueOf(field), $"the static '{FieldNames.Label(field)}'");
            }
        }
    }

    private void InspectValue(object? value, string name)
    {
        if (value is null)
        {
            return;
        }

        var type = value.GetType();
        if (Mutability.IsImmutableLeaf(type))
        {
            return;
        }

        if (value is Delegate function)
        {
            Inspect(function, name);
        }
        else if (StepCode.IsMadeByCompiler(type) && FSharpTypes.IsFunction(type))
        {
            InspectFunction(value);
        }
        else if (value is Array { Length: 0 })
        {
            return;
        }
        else if (Mutability.IsImmutableCollection(type))
        {
            InspectItems((value as IEnumerable) ?? Array.Empty<object>(), name);
        }
        else if (Mutability.WhyMutable(type) is { } why)
        {
            _findings.Add($"{name} is a {TypeText.Of(type)}: {why}");
        }
        else
        {
            InspectObject(value, name, code: null);
        }
    }

    private void InspectItems(IEnumerable items, string name)
    {
        foreach (var item in items.Cast<object?>().Take(MostItems))
        {
            if (item is not null && !Mutability.IsImmutableLeaf(item.GetType()))
            {
                InspectValue(item, $"an item of {name}");
            }
        }
    }

    private void InspectObject(object value, string name, StepCode? code)
    {
        var type = value.GetType();
        if (!type.IsValueType && !_seen.Add(value))
        {
            return;
        }

        var isFramework = Mutability.IsFrameworkType(type);
        foreach (var field in FieldsOf(type))
        {
            if (code is not null && code.Assigns.Contains(field))
            {
                _findings.Add($"it assigns the field '{FieldNames.Label(field)}'");
            }
            else if (!type.IsValueType && !field.IsInitOnly && !isFramework && !IsAssignedOnce(field))
            {
                _findings.Add($"{name} has the field '{FieldNames.Label(field)}', which can be assigned; make it readonly, or the property init-only");
            }
            else
            {
                InspectValue(field.GetValue(value), $"'{FieldNames.Label(field)}' of {name}");
            }
        }
    }

    /// <summary>A parameter of a primary constructor is a field anybody in the class could assign; most do not.</summary>
    private static bool IsAssignedOnce(FieldInfo field) =>
        FSharpTypes.IsAssignedOnce(field)
        || (field.Name.EndsWith(">P", StringComparison.Ordinal) && !StepCode.OfAll(field.DeclaringType!).Assigns.Contains(field));

    /// <summary>Where compilers keep delegates and other things they make once.</summary>
    private static bool IsCache(FieldInfo field) =>
        field.Name.StartsWith("<>", StringComparison.Ordinal)
        || field.Name.Contains("init@", StringComparison.Ordinal)
        || field.DeclaringType is { } type && (type.Name.StartsWith("<>", StringComparison.Ordinal) || type.Name.StartsWith("<PrivateImpl", StringComparison.Ordinal));

    private static object? ValueOf(FieldInfo field)
    {
        try
        {
            return field.DeclaringType is { ContainsGenericParameters: true } ? null : field.GetValue(null);
        }
        catch (Exception error) when (error is TypeInitializationException or TargetInvocationException or FieldAccessException)
        {
            return null;
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed holds nothing.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that was trimmed holds nothing.")]
    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var up = type; up is not null && up != typeof(object) && up != typeof(ValueType); up = up.BaseType)
        {
            foreach (var field in up.GetFields(OwnFields))
            {
                yield return field;
            }
        }
    }
}
