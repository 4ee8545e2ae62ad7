using System.Reflection;
using System.Reflection.Emit;
using Kta.Functional.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>One linear pass over a method's instructions, with a stack of origins instead of values.</summary>
internal sealed class MethodWalk
{
    private readonly StepCode _step;
    private readonly MethodBase _method;
    private readonly List<Variable> _variables;
    private readonly int _firstLocal;
    private readonly Dictionary<int, (List<Origin?> Stack, List<Origin?> Variables)> _joins = [];
    private List<Origin?> _stack = [];
    private Type? _constrained;
    private Origin? _result;

    internal MethodWalk(StepCode step, MethodBase method, Origin?[] arguments)
    {
        (_step, _method, _firstLocal) = (step, method, arguments.Length);
        _variables = [.. arguments.Select(argument => new Variable { Value = argument })];
    }

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
                    _stack = isReached ? Join(join.Stack, _stack) : join.Stack;
                    for (var i = 0; i < join.Variables.Count; i++)
                    {
                        _variables[i].Value = isReached ? Either(_variables[i].Value, join.Variables[i]) : join.Variables[i];
                    }

                    isReached = true;
                }

                Step(instruction);
                foreach (var target in instruction.Targets.Where(target => target > instruction.At))
                {
                    var (stack, variables) = (_stack.ToList(), _variables.ConvertAll(variable => variable.Value));
                    _joins[target] = _joins.TryGetValue(target, out var before) ? (Join(stack, before.Stack), Join(variables, before.Variables)) : (stack, variables);
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
            // What cannot be read or resolved is left to the other nets; a step is never refused for it.
        }

        return _result;
    }

    private static Origin? Either(Origin? one, Origin? other) => (one, other) switch
    {
        (null, _) or (_, Function) or (Made, Kept) => other ?? one,
        _ => one,
    };

    private static List<Origin?> Join(List<Origin?> one, List<Origin?> other) => [.. one.Zip(other, Either), .. one.Skip(other.Count)];

    private void Step(Instruction it)
    {
        var field = it.Member as FieldInfo;
        var pushed = it.Kind switch
        {
            "ldarg" => _variables[it.Number].Value,
            "ldarga" => _variables[it.Number],
            "starg" => _variables[it.Number].Value = Pop(),
            "ldloc" => Local(it.Number).Value,
            "ldloca" => Local(it.Number),
            "stloc" => Local(it.Number).Value = Pop(),
            "ldfld" => _step.Read(Pop(), field!),
            "ldsfld" => _step.Read(Kept.Statics, field!),
            "ldflda" => _step.Address(Pop(), field!),
            "ldsflda" => _step.Address(Kept.Statics, field!),
            "stfld" => Pop(2) is [var owner, var value] ? _step.Write(owner, field, value, _method) : null,
            "stsfld" => _step.Write(Kept.Statics, field, Pop(), _method),
            "ldelem" => _step.Value(new Place(Pop(2)[0], null).Here),
            "ldelema" => new Place(Pop(2)[0], null),
            "stelem" => Pop(3) is [var array, _, var element] ? _step.Write(array, null, element, _method) : null,
            "ldind" or "ldobj" => _step.Value(Pop()?.Here),
            "stind" or "stobj" => Pop(2) is [var address, var stored] ? Store(address, stored) : null,
            "initobj" => Store(Pop(), it.Member is Type { IsValueType: true } type ? _step.Make(type) : null),
            "dup" => _stack.LastOrDefault(),
            "castclass" or "isinst" or "unbox" or "box" => Pop(),
            "ldftn" => new Function((MethodBase)it.Member!, null),
            "ldvirtftn" => Pop() is var target ? new Function((MethodBase)it.Member!, target) : null,
            "newobj" => New((ConstructorInfo)it.Member!),
            "call" or "callvirt" => Call((MethodBase)it.Member!),
            "ret" => _result = Either(_result, Pop()),
            "calli" => throw new NotSupportedException("A call through a pointer cannot be followed."),
            _ => Pop(ByteCode.Count(it.Code.StackBehaviourPop)) is var _ ? null : null,
        };
        _constrained = it.Kind == "constrained" ? it.Member as Type : null;
        if (it.Code.StackBehaviourPush == StackBehaviour.Varpush ? it.Member is MethodInfo called && called.ReturnType != typeof(void) : it.Code.StackBehaviourPush != StackBehaviour.Push0)
        {
            _stack.Add(pushed);
        }
    }

    private Origin? New(ConstructorInfo constructor)
    {
        var arguments = Pop(constructor.GetParameters().Length);
        if (typeof(Delegate).IsAssignableFrom(constructor.DeclaringType) && arguments is [var target, Function function])
        {
            return _step.Follow(new(function.Method, target?.Here));
        }

        var made = _step.Make(constructor.DeclaringType!);
        _step.Call(constructor, [made, .. arguments], _method);
        return made;
    }

    private Origin? Call(MethodBase called)
    {
        var arguments = Pop(called.GetParameters().Length + (called.IsStatic ? 0 : 1));
        if (_constrained is { IsValueType: false })
        {
            arguments[0] = arguments[0]?.Here;
        }

        return _step.Call(called, arguments, _method);
    }

    private Origin? Store(Origin? address, Origin? value) => address switch
    {
        Variable variable => variable.Value = value,
        Place place => _step.Write(place.Owner, place.Field, value, _method),
        _ => null,
    };

    private Variable Local(int number)
    {
        while (_variables.Count <= _firstLocal + number)
        {
            _variables.Add(new());
        }

        return _variables[_firstLocal + number];
    }

    private Origin? Pop() => Pop(1)[0];

    /// <summary>The topmost values, the topmost last. What a handler finds on its stack is not known.</summary>
    private Origin?[] Pop(int count)
    {
        var popped = new Origin?[count];
        for (var i = count - 1; i >= 0 && _stack.Count > 0; i--)
        {
            popped[i] = _stack[^1];
            _stack.RemoveAt(_stack.Count - 1);
        }

        return popped;
    }
}
