using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace Kta.Functional.Reflection;

/// <summary>One instruction. The kind is its name without what follows the first dot: <c>ldarg</c>, <c>stelem</c>.</summary>
internal sealed record Instruction(int At, OpCode Code, string Kind, int Number, MemberInfo? Member, IReadOnlyList<int> Targets);

/// <summary>The instructions of a method, in order.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Where code was trimmed away or compiled, nothing is found, and nothing is refused.")]
internal static class ByteCode
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    internal static IEnumerable<Instruction> Of(MethodBase method)
    {
        var bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < bytes.Length;)
        {
            var start = at;
            var code = Codes[bytes[at] == 0xFE ? 0xFE00 | bytes[at + 1] : bytes[at]];
            at += code.Size;
            var number = code.OperandType switch
            {
                OperandType.InlineNone => code.Name![^1] - '0',
                OperandType.ShortInlineVar => bytes[at],
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI => (sbyte)bytes[at],
                OperandType.InlineVar => BitConverter.ToUInt16(bytes, at),
                _ => BitConverter.ToInt32(bytes, at),
            };
            var size = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineVar or OperandType.ShortInlineBrTarget or OperandType.ShortInlineI => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * number),
                _ => 4,
            };
            int[] targets = code.OperandType switch
            {
                OperandType.ShortInlineBrTarget or OperandType.InlineBrTarget => [at + size + number],
                OperandType.InlineSwitch => [.. Enumerable.Range(1, number).Select(i => at + size + BitConverter.ToInt32(bytes, at + (4 * i)))],
                _ => [],
            };
            var member = code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
                ? method.Module.ResolveMember(
                    number, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null)
                : null;
            yield return new(start, code, code.Name!.Split('.')[0], number, member, targets);
            at += size;
        }
    }

    /// <summary>The members a method's code names, in order; none where it cannot be read, as in natively compiled programs.</summary>
    internal static IReadOnlyList<MemberInfo> Members(MethodBase method)
    {
        try
        {
            return [.. Of(method).Select(instruction => instruction.Member).OfType<MemberInfo>()];
        }
        catch (Exception error) when (error is InvalidOperationException or NotSupportedException or ArgumentException or BadImageFormatException or MemberAccessException or TypeLoadException or IOException)
        {
            return [];
        }
    }

    /// <summary>How many values an instruction takes from the stack or puts there: <c>Popref_popi_pop1</c> is three.</summary>
    internal static int Count(StackBehaviour behaviour) =>
        behaviour.ToString() is var name && name.EndsWith('0') ? 0 : name.Count(letter => letter == '_') + 1;
}
