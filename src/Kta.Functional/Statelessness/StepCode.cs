using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Kta.Functional.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>
/// Follows a step's code from its delegate through the methods of its own program, and finds what it writes to objects that
/// outlive the call. What cannot be read or traced passes.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Members that were trimmed are not called either.")]
[UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Methods that were trimmed are not called either.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Members that were trimmed are not called either.")]
internal sealed class StepCode
{
    private const int MostCalls = 10_000;
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Dictionary<string, Origin?> _results = [];
    private readonly Queue<Function> _open = new();
    private readonly HashSet<string> _findings = [];
    private readonly Dictionary<(object Closure, string Field), CapturedVariable> _variables = [];

    internal StepCode(Delegate function)
    {
        Follow(function, root: null);
        while (_open.TryDequeue(out var next))
        {
            Call(next.Method, WithTarget(next, []), caller: null);
        }
    }

    /// <summary>What the step writes.</summary>
    internal IReadOnlyCollection<string> Findings => _findings;

    /// <summary>The captured variables that the step reads and that somebody could assign.</summary>
    internal IReadOnlyCollection<CapturedVariable> Variables => _variables.Values;

    /// <summary>Calls a method with what is known of its arguments, its object first.</summary>
    internal Origin? Call(MethodBase called, Origin?[] arguments, MethodBase? caller)
    {
        var receiver = called.IsStatic ? null : arguments[0]?.Here;
        if (called.Name == "Invoke" && typeof(Delegate).IsAssignableFrom(called.DeclaringType))
        {
            return receiver is Function function ? Call(function.Method, WithTarget(function, arguments[1..]), caller: null) : null;
        }

        var target = Override(called, receiver);
        var isKeptMachine = receiver is Kept && MemberNames.IsMadeByCompiler(target.DeclaringType!);
        if (isKeptMachine && target.Name.EndsWith("Enumerator", StringComparison.Ordinal))
        {
            return Make(target.DeclaringType!, (Kept)receiver!);
        }

        if (IsReadable(target, caller) && !(isKeptMachine && Writes.Change(called)))
        {
            return Run(target, arguments);
        }

        Judge(called, arguments, caller);
        return ResultOf(called, receiver, arguments);
    }

    internal Origin? Write(Origin? owner, FieldInfo? field, Origin? value, MethodBase by)
    {
        if (owner is Variable { Here: null } variable && field?.DeclaringType is { IsValueType: true } type)
        {
            variable.Value = Make(type);
        }

        if (owner?.Here is Made made && field is not null)
        {
            made.Fields[field.Name] = value;
        }
        else if (owner?.Here is Kept kept && (field is null || Writes.Count(field)))
        {
            Find(field is null ? $"it sets an element of {kept.Name}" : $"it assigns {kept.Field(field).Name}", by);
        }

        return null;
    }

    internal Origin? Read(Origin? owner, FieldInfo field) => Address(owner, field)?.Owner?.Here switch
    {
        Kept kept => Value(kept.Field(field)),
        Made made => made.Fields.TryGetValue(field.Name, out var value) || made.Fields.TryGetValue("<>3__" + field.Name, out value) ? value
            : made.Source is { } source ? Read(source, field) : null,
        _ => null,
    };

    /// <summary>The place of a field; null for what does not count. The guard watches variables of closures that are read.</summary>
    internal Place? Address(Origin? owner, FieldInfo field)
    {
        if (owner?.Here is Kept { IsClosure: true, Value: { } closure } kept && closure.GetType().Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal)
            && !field.IsInitOnly && Writes.Count(field) && MemberNames.Variable(field) != "this" && !MemberNames.IsMadeByCompiler(field.FieldType))
        {
            _variables.TryAdd((closure, field.Name), new(closure, field, MemberNames.Variable(field), kept.Field(field).Value));
        }

        return field.IsStatic && !Writes.Count(field) ? null : new(owner, field);
    }

    /// <summary>What is pushed when a place is read: of what is kept, nothing for plain values, and a copy for structs.</summary>
    internal Origin? Value(Origin? read)
    {
        if (read is not Kept { Type: var type } kept)
        {
            return read;
        }

        if (typeof(Delegate).IsAssignableFrom(type) && kept.Value is Delegate function)
        {
            Follow(function, kept.Name);
        }
        else if (IsFSharpFunction(type) && kept.Value is { } value)
        {
            FollowAll(value.GetType(), kept);
        }

        return type.IsPrimitive || type.IsEnum || type.IsPointer || type == typeof(string) ? null : type.IsValueType ? new Made(type, kept) : kept;
    }

    /// <summary>An object is made. Code of it that only a compiler's caller calls, as of a state machine, is taken to be called.</summary>
    internal Made Make(Type type, Kept? source = null)
    {
        var made = new Made(type, source);
        if (MemberNames.IsMadeByCompiler(type) && !type.Name.StartsWith("<>", StringComparison.Ordinal))
        {
            FollowAll(type, made);
        }

        return made;
    }

    /// <summary>A function that a step makes or reads is taken to be called.</summary>
    internal Function Follow(Function function)
    {
        _open.Enqueue(function);
        return function;
    }

    private void Follow(Delegate function, string? root)
    {
        foreach (var single in function.GetInvocationList())
        {
            Follow(new(single.Method, single.Target is { } target ? new Kept(root ?? "this", target.GetType(), () => target, root) : null));
        }
    }

    private void FollowAll(Type type, Origin target)
    {
        foreach (var method in type.GetMethods(All | BindingFlags.DeclaredOnly))
        {
            Follow(new(method, target));
        }
    }

    private static Origin?[] WithTarget(Function function, Origin?[] arguments)
    {
        var count = function.Method.GetParameters().Length + (function.Method.IsStatic ? 0 : 1);
        Origin?[] all = function.Target is not null || arguments.Length < count ? [function.Target, .. arguments] : arguments;
        Array.Resize(ref all, count);
        return all;
    }

    private static bool IsFSharpFunction(Type? type) =>
        type is not null && (type.FullName?.StartsWith("Microsoft.FSharp.Core.FSharpFunc`2", StringComparison.Ordinal) is true || IsFSharpFunction(type.BaseType));

    /// <summary>What a virtual method is on an object whose type is known.</summary>
    private static MethodBase Override(MethodBase called, Origin? receiver)
    {
        if (called is not MethodInfo { IsVirtual: true, DeclaringType: { } declaring } method
            || (receiver switch { Kept kept => kept.ExactType, Made made => made.Type, _ => null }) is not { IsArray: false } type
            || !declaring.IsAssignableFrom(type))
        {
            return called;
        }

        var open = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        if (declaring.IsInterface)
        {
            var map = type.GetInterfaceMap(declaring);
            return map.TargetMethods.ElementAtOrDefault(Array.FindIndex(map.InterfaceMethods, one => one.MetadataToken == open.MetadataToken)) ?? called;
        }

        var slot = open.GetBaseDefinition();
        return type.GetMethods(All).FirstOrDefault(one => one.IsVirtual && one.GetBaseDefinition().HasSameMetadataDefinitionAs(slot)) ?? called;
    }

    /// <summary>Functions are read wherever they come from, other calls within the program of the caller.</summary>
    private static bool IsReadable(MethodBase method, MethodBase? caller)
    {
        var program = method.Module.Assembly.GetName().Name ?? "";
        return !method.IsAbstract && !Writes.IsGenerated(method)
            && !program.StartsWith("System.", StringComparison.Ordinal) && !program.StartsWith("Microsoft.", StringComparison.Ordinal) && program != "FSharp.Core"
            && (caller is null || Session(program) == Session(caller.Module.Assembly.GetName().Name ?? ""));
    }

    /// <summary>The cells of an interactive session are assemblies with numbers.</summary>
    private static string Session(string program) => program.Split('#')[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    /// <summary>Judges a call of code that is not read.</summary>
    private void Judge(MethodBase called, Origin?[] arguments, MethodBase? caller)
    {
        if (Writes.Change(called) && arguments[called.Name.StartsWith("SortInPlace", StringComparison.Ordinal) ? ^1 : 0]?.Here is Kept changed)
        {
            Find($"it changes {changed.Name} by {MemberNames.Called(called)}", caller);
        }

        foreach (var (argument, parameter) in arguments[(called.IsStatic ? 0 : 1)..].Zip(called.GetParameters()))
        {
            if (parameter is { ParameterType.IsByRef: true, IsIn: false } && called.DeclaringType != typeof(Unsafe)
                && argument is Place { Field: var field, Owner.Here: Kept kept } && (field is null || Writes.Count(field)))
            {
                Find($"it hands {(field is null ? kept.Name : kept.Field(field).Name)} to {MemberNames.Called(called)} by reference", caller);
            }
        }
    }

    /// <summary>What code that is not read answers: what a property or an enumeration gives belongs to its object, but for a service.</summary>
    private Origin? ResultOf(MethodBase called, Origin? receiver, Origin?[] arguments)
    {
        if ((receiver as Kept ?? (receiver as Made)?.Source) is not { } owner || called is not MethodInfo { ReturnType: var type, DeclaringType: { } declaring }
            || declaring.Assembly == typeof(Service).Assembly)
        {
            return null;
        }

        if (called.Name.StartsWith("TryGet", StringComparison.Ordinal) && arguments[^1] is Variable found
            && called.GetParameters()[^1].ParameterType.GetElementType() is { } item)
        {
            found.Value = Value(owner.Item(item));
        }

        return called.Name is "GetEnumerator" or "GetAsyncEnumerator" ? new Made(type, owner)
            : called.Name.StartsWith("get_", StringComparison.Ordinal) ? Value(owner.Item(type.IsByRef ? type.GetElementType()! : type)) : null;
    }

    private Origin? Run(MethodBase method, Origin?[] arguments)
    {
        var key = $"{method.Module}#{method.MetadataToken}{method.DeclaringType}({string.Join(',', arguments.Select(argument => Origin.Key(argument)))})";
        if (_results.TryAdd(key, null) && _results.Count < MostCalls && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _results[key] = new MethodWalk(this, method, arguments).Result();
        }

        return _results[key];
    }

    private void Find(string finding, MethodBase? by) => _findings.Add(by is null ? finding : $"{finding} (in {MemberNames.Label(by)})");
}
