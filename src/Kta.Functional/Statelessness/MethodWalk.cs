using System.Reflection;
using System.Reflection.Emit;

namespace Kta.Functional.Statelessness;

/// <summary>One linear pass over a method's instructions, with a stack of origins instead of values.</summary>
internal sealed class MethodWalk
{
    private readonly StepCode _step;
    private readonly MethodBase _method;
    private readonly Variable[] _arguments;
    private readonly List<Variable> _locals = [];
    private readonly Dictionary<int, (Origin?[] Stack, Origin?[] Variables)> _joins = [];
    private List<Origin?> _stack = [];
    private Type? _constrained;
    private Origin? _result;

    internal MethodWalk(StepCode step, MethodBase method, Origin?[] arguments)
    {
        _step = step;
        _method = method;
        _arguments = [.. arguments.Select(argument => new Variable { Value = argument })];
    }

    private IEnumerable<Variable> Variables => _arguments.Concat(_locals);

    /// <summary>Where what the method answers comes from; null where its code cannot be read.</summary>
    internal Origin? Result()
    {
        try
        {
            var isReached = true;
            foreach (var instruction in ByteCode.Of(_method))
            {
                if (_joins.Remove(instruction.At, out var join))
                {
                    Enter(join, isReached);
                    isReached = true;
                }

                Step(instruction);
                foreach (var target in instruction.Targets.Where(target => target > instruction.At))
                {
                    Leave(target);
                }

                if (instruction.Code.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw)
                {
                    _stack = [];
                    isReached = false;
                }
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Not ours to report: what cannot be read is left to the other nets.
        }

        return _result;
    }

    private static Origin? Either(Origin? one, Origin? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        (_, Function) or (Made, Kept) => other,
        _ => one,
    };

    private void Leave(int target)
    {
        var now = (Stack: _stack.ToArray(), Variables: Variables.Select(variable => variable.Value).ToArray());
        _joins[target] = _joins.TryGetValue(target, out var before) ? (Join(now.Stack, before.Stack), Join(now.Variables, before.Variables)) : now;
    }

    private void Enter((Origin?[] Stack, Origin?[] Variables) join, bool isReached)
    {
        _stack = [.. isReached ? Join(join.Stack, [.. _stack]) : join.Stack];
        foreach (var (variable, value) in Variables.Zip(join.Variables))
        {
            variable.Value = isReached ? Either(variable.Value, value) : value;
        }
    }

    private static Origin?[] Join(Origin?[] one, Origin?[] other) => [.. one.Zip(other, Either), .. one.Skip(other.Length)];

    private void Step(Instruction it)
    {
        switch (it.Kind)
        {
            case "ldarg":
                Push(_arguments[it.Number].Value);
                break;
            case "ldarga":
                Push(_arguments[it.Number]);
                break;
            case "starg":
                _arguments[it.Number].Value = Pop();
                break;
            case "ldloc":
                Push(Local(it.Number).Value);
                break;
            case "ldloca":
                Push(Local(it.Number));
                break;
            case "stloc":
                Local(it.Number).Value = Pop();
                break;
            case "ldfld":
                Push(_step.Read(Pop(), (FieldInfo)it.Member!));
                break;
            case "ldsfld":
                Push(_step.Read(Kept.Statics, (FieldInfo)it.Member!));
                break;
            case "ldflda":
                Push(Place(Pop(), (FieldInfo)it.Member!));
                break;
            case "ldsflda":
                Push(Place(Kept.Statics, (FieldInfo)it.Member!));
                break;
            case "stfld":
                var assigned = Pop();
                _step.Write(Pop(), (FieldInfo)it.Member!, assigned, _method);
                break;
            case "stsfld":
                _step.Write(Kept.Statics, (FieldInfo)it.Member!, Pop(), _method);
                break;
            case "ldelem":
                Pop();
                Push(new Place(Pop(), null).Here is Kept item ? _step.Value(item) : null);
                break;
            case "ldelema":
                Pop();
                Push(new Place(Pop(), null));
                break;
            case "stelem":
                var element = Pop();
                Pop();
                _step.Write(Pop(), null, element, _method);
                break;
            case "ldind" or "ldobj":
                Push(Pop()?.Here is var read && read is Kept kept ? _step.Value(kept) : read);
                break;
            case "stind" or "stobj":
                var stored = Pop();
                Store(Pop(), stored);
                break;
            case "initobj":
                Store(Pop(), it.Member is Type { IsValueType: true } type ? _step.Make(type) : null);
                break;
            case "dup":
                Push(_stack.LastOrDefault());
                break;
            case "castclass" or "isinst" or "unbox" or "box":
                break;
            case "constrained":
                _constrained = (Type)it.Member!;
                break;
            case "ldftn":
                Push(new Function((MethodBase)it.Member!, null));
                break;
            case "ldvirtftn":
                Pop();
                Push(new Function((MethodBase)it.Member!, null));
                break;
            case "newobj":
                New((ConstructorInfo)it.Member!);
                break;
            case "call" or "callvirt":
                Call((MethodBase)it.Member!);
                break;
            case "calli":
                throw new NotSupportedException("A call through a function pointer ends what can be traced.");
            case "ret":
                _result = _stack.Count > 0 ? Either(_result, Pop()) : _result;
                break;
            default:
                Pop(ByteCode.Count(it.Code.StackBehaviourPop));
                for (var i = ByteCode.Count(it.Code.StackBehaviourPush); i > 0; i--)
                {
                    Push(null);
                }

                break;
        }
    }

    private void New(ConstructorInfo constructor)
    {
        var type = constructor.DeclaringType!;
        var arguments = Pop(constructor.GetParameters().Length);
        if (typeof(Delegate).IsAssignableFrom(type) && arguments is [var target, Function function])
        {
            Push(_step.Make(new Function(function.Method, target?.Here)));
            return;
        }

        var made = _step.Make(type);
        _step.Call(constructor, [made, .. arguments], _method);
        Push(made);
    }

    private void Call(MethodBase called)
    {
        var arguments = Pop(called.GetParameters().Length + (called.IsStatic ? 0 : 1));
        if (_constrained is { IsValueType: false })
        {
            arguments[0] = arguments[0]?.Here;
        }

        _constrained = null;
        var result = _step.Call(called, arguments, _method);
        if (called is MethodInfo method && method.ReturnType != typeof(void))
        {
            Push(result);
        }
    }

    private void Store(Origin? address, Origin? value)
    {
        if (address is Variable variable)
        {
            variable.Value = value;
        }
        else if (address is Place place)
        {
            _step.Write(place.Owner, place.Field, value, _method);
        }
    }

    private Place Place(Origin? owner, FieldInfo field)
    {
        if (owner?.Here is Kept kept)
        {
            _step.Watch(kept, field);
        }

        return new(owner, field);
    }

    private Variable Local(int number)
    {
        while (_locals.Count <= number)
        {
            _locals.Add(new());
        }

        return _locals[number];
    }

    private void Push(Origin? origin) => _stack.Add(origin);

    private Origin? Pop()
    {
        if (_stack.Count == 0)
        {
            return null;
        }

        var top = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private Origin?[] Pop(int count)
    {
        var popped = new Origin?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            popped[i] = Pop();
        }

        return popped;
    }
}
