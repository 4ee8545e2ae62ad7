using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kta.Functional.Statelessness;

/// <summary>
/// Follows a step's code from its delegate through the methods of its own program, and finds what it writes to objects that
/// outlive the call. What cannot be read or traced passes.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Members that were trimmed are not called either.")]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Members that were trimmed are not called either.")]
[UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Methods that were trimmed are not called either.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Members that were trimmed are not called either.")]
internal sealed class StepCode
{
    private const int MostCalls = 10_000;
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Dictionary<string, Origin?> _results = [];
    private readonly Queue<(MethodBase Method, Origin?[] Arguments)> _open = new();
    private readonly List<string> _findings = [];
    private readonly Dictionary<(object Closure, string Field), CapturedVariable> _variables = [];

    internal StepCode(Delegate function)
    {
        Open(new Kept("the step", function.GetType(), () => function));
        while (_open.TryDequeue(out var next))
        {
            Call(next.Method, next.Arguments, caller: null);
        }
    }

    /// <summary>What the step writes.</summary>
    internal IReadOnlyList<string> Findings => _findings;

    /// <summary>The captured variables that the step reads and that somebody could assign.</summary>
    internal IReadOnlyCollection<CapturedVariable> Variables => _variables.Values;

    /// <summary>Calls a method with what is known of its arguments, its object first.</summary>
    internal Origin? Call(MethodBase called, Origin?[] arguments, MethodBase? caller)
    {
        var receiver = arguments.Length > 0 ? arguments[0]?.Here : null;
        if (called is { Name: "Invoke", DeclaringType: { } type } && typeof(Delegate).IsAssignableFrom(type))
        {
            return receiver is Function function ? Call(function.Method, WithTarget(function, arguments[1..]), caller: null) : null;
        }

        var target = Override(called, receiver);
        var isMachine = receiver is Kept && target.DeclaringType is { } declaring && Names.IsMadeByCompiler(declaring);
        if (isMachine && target.Name.EndsWith("GetEnumerator", StringComparison.Ordinal))
        {
            return Make(target.DeclaringType!, (Kept)receiver!);
        }

        if (!(isMachine && Writes.Change(called)) && IsReadable(target, caller))
        {
            return Run(target, arguments);
        }

        Judge(called, arguments, caller);
        return ResultOf(called, receiver, arguments);
    }

    internal void Write(Origin? owner, FieldInfo? field, Origin? value, MethodBase by)
    {
        switch (owner?.Here)
        {
            case Kept kept when field is null:
                Find($"it sets an element of {kept.Name}", by);
                break;
            case Kept kept when Writes.Count(field):
                Find($"it assigns {kept.Field(field).Name}", by);
                break;
            case Made made when field is not null:
                made.Fields[field.Name] = value;
                break;
            case null when owner is Variable variable && field is { IsStatic: false, DeclaringType: { IsValueType: true } type }:
                variable.Value = Make(type);
                Write(owner, field, value, by);
                break;
        }
    }

    internal Origin? Read(Origin? owner, FieldInfo field)
    {
        switch (owner?.Here)
        {
            case Kept kept:
                Watch(kept, field);
                return Value(kept.Field(field));
            case Made made:
                return made.Fields.TryGetValue(field.Name, out var value) || made.Fields.TryGetValue("<>3__" + field.Name, out value) ? value
                    : made.Source is { } source ? Read(source, field) : null;
            default:
                return null;
        }
    }

    /// <summary>What is pushed when something kept is read: nothing for plain values, a copy for structs.</summary>
    internal Origin? Value(Kept read)
    {
        var type = read.Type;
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type.IsPointer)
        {
            return null;
        }

        Open(read);
        return type.IsValueType ? new Made(type, read) : read;
    }

    /// <summary>An object is made. Code that only a compiler's caller calls, as of a state machine, is taken to be called.</summary>
    internal Made Make(Type type, Kept? source = null)
    {
        var made = new Made(type, source);
        if (Names.IsMadeByCompiler(type) && !type.Name.StartsWith("<>", StringComparison.Ordinal))
        {
            OpenMethods(type, made);
        }

        return made;
    }

    /// <summary>A delegate that is made is taken to be called.</summary>
    internal Function Make(Function function)
    {
        _open.Enqueue((function.Method, WithTarget(function, [])));
        return function;
    }

    internal void Watch(Kept kept, FieldInfo field)
    {
        if (kept is { IsClosure: true, Value: { } closure } && !field.IsInitOnly && Writes.Count(field) && closure.GetType().Name.StartsWith('<')
            && Names.Variable(field) != "this" && !Names.IsMadeByCompiler(field.FieldType))
        {
            _variables.TryAdd((closure, field.Name), new(closure, field, Names.Variable(field), kept.Field(field).Value));
        }
    }

    private static Origin?[] WithTarget(Function function, Origin?[] arguments)
    {
        var count = function.Method.GetParameters().Length + (function.Method.IsStatic ? 0 : 1);
        Origin?[] all = function.Target is not null || arguments.Length < count ? [function.Target, .. arguments] : arguments;
        Array.Resize(ref all, count);
        return all;
    }

    /// <summary>A function that a step reads is taken to be called.</summary>
    private void Open(Kept kept)
    {
        if (typeof(Delegate).IsAssignableFrom(kept.Type) && kept.Value is Delegate function)
        {
            foreach (var single in function.GetInvocationList())
            {
                var target = single.Target is { } own ? new Kept(kept.Name == "the step" ? "this" : kept.Name, own.GetType(), () => own, kept.Name == "the step" ? null : kept.Name) : null;
                Make(new Function(single.Method, target));
            }
        }
        else if (IsFSharpFunction(kept.Type) && kept.Value is { } value)
        {
            OpenMethods(value.GetType(), kept);
        }
    }

    private void OpenMethods(Type type, Origin target)
    {
        foreach (var method in type.GetMethods(Declared))
        {
            Make(new Function(method, target));
        }
    }

    private static bool IsFSharpFunction(Type? type) =>
        type is not null && (type.FullName?.StartsWith("Microsoft.FSharp.Core.FSharpFunc`2", StringComparison.Ordinal) is true || IsFSharpFunction(type.BaseType));

    /// <summary>What a virtual method is on an object whose type is known.</summary>
    private static MethodBase Override(MethodBase called, Origin? receiver)
    {
        var type = receiver switch { Kept kept when called.IsVirtual => kept.ExactType, Made made => made.Type, _ => null };
        if (type is null || called is not MethodInfo { IsVirtual: true, DeclaringType: { } declaring } method)
        {
            return called;
        }

        var open = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        MethodInfo? found;
        if (declaring.IsInterface)
        {
            if (!declaring.IsAssignableFrom(type) || type.IsArray)
            {
                return called;
            }

            var map = type.GetInterfaceMap(declaring);
            found = map.TargetMethods.ElementAtOrDefault(Array.FindIndex(map.InterfaceMethods, one => one.MetadataToken == open.MetadataToken));
        }
        else
        {
            var slot = open.GetBaseDefinition();
            found = type.GetMethods(Declared & ~BindingFlags.DeclaredOnly)
                .FirstOrDefault(one => one.IsVirtual && one.GetBaseDefinition() is var same && same.MetadataToken == slot.MetadataToken && same.Module == slot.Module);
        }

        return found ?? called;
    }

    /// <summary>Functions are read wherever they come from, other calls within the program of the caller.</summary>
    private static bool IsReadable(MethodBase method, MethodBase? caller)
    {
        var program = method.Module.Assembly.GetName().Name ?? "";
        return !method.IsAbstract
            && !Writes.IsGenerated(method)
            && !program.StartsWith("System.", StringComparison.Ordinal)
            && program is not "FSharp.Core"
            && (caller is null || caller.Module == method.Module || Session(program) == Session(caller.Module.Assembly.GetName().Name ?? ""));
    }

    /// <summary>The cells of an interactive session are assemblies with numbers.</summary>
    private static string Session(string program) => program.Split('#')[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    /// <summary>Judges a call of code that is not read.</summary>
    private void Judge(MethodBase called, Origin?[] arguments, MethodBase? caller)
    {
        var label = called.DeclaringType is { } type ? $"{TypeText.Of(type)}.{called.Name.Replace("set_", "", StringComparison.Ordinal)}" : called.Name;
        if (Writes.Change(called) && arguments.Select(argument => argument?.Here).OfType<Kept>().FirstOrDefault() is { } changed
            && (called.IsStatic || arguments[0]?.Here == changed || arguments[0]?.Here is Kept))
        {
            Find($"it changes {((called.IsStatic ? changed : arguments[0]?.Here as Kept) ?? changed).Name} by {label}", caller);
        }

        var parameters = called.GetParameters();
        var shift = arguments.Length - parameters.Length;
        foreach (var parameter in parameters.Where(parameter => parameter.ParameterType.IsByRef && !parameter.IsIn))
        {
            if (arguments[parameter.Position + shift] is Place { Field: var field, Owner.Here: Kept kept } && (field is null || Writes.Count(field)) && called.DeclaringType != typeof(Unsafe))
            {
                Find($"it hands {(field is null ? kept.Name : kept.Field(field).Name)} to {label} by reference", caller);
            }
        }
    }

    /// <summary>What code that is not read answers: what a property or an enumeration gives belongs to its object.</summary>
    private Origin? ResultOf(MethodBase called, Origin? receiver, Origin?[] arguments)
    {
        var owner = receiver as Kept ?? (receiver as Made)?.Source;
        if (owner is null || IsDeclared(owner.Type) || called is not MethodInfo { ReturnType: var type })
        {
            return null;
        }

        if (called.Name.StartsWith("TryGet", StringComparison.Ordinal) && arguments[^1] is Variable found)
        {
            found.Value = called.GetParameters()[^1].ParameterType.GetElementType() is { } item ? Value(owner.Item(item)) : null;
        }

        return called.Name == "GetEnumerator" ? new Made(type, owner)
            : called.Name.StartsWith("get_", StringComparison.Ordinal) ? Value(owner.Item(type.IsByRef ? type.GetElementType()! : type)) : null;
    }

    /// <summary>What is in a <see cref="Service{T}"/> is its declarer's responsibility.</summary>
    private static bool IsDeclared(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Service<>);

    private Origin? Run(MethodBase method, Origin?[] arguments)
    {
        var key = $"{method.Module}#{method.MetadataToken}{method.DeclaringType}({string.Join(',', arguments.Select(argument => argument?.Key(0)))})";
        if (_results.TryGetValue(key, out var known))
        {
            return known;
        }

        _results[key] = null;
        return _results.Count < MostCalls && RuntimeHelpers.TryEnsureSufficientExecutionStack() ? _results[key] = new MethodWalk(this, method, arguments).Result() : null;
    }

    private void Find(string finding, MethodBase? by)
    {
        var whole = by is null ? finding : $"{finding} (in {Names.Label(by)})";
        if (!_findings.Contains(whole))
        {
            _findings.Add(whole);
        }
    }
}
