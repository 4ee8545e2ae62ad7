using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace Kta.Functional.Statelessness;

/// <summary>The fields and methods a method's code names, in order.</summary>
internal static class ByteCode
{
    private static readonly OpCode[] OneByte = new OpCode[256];
    private static readonly OpCode[] TwoBytes = new OpCode[256];

    static ByteCode()
    {
        foreach (var field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var code = (OpCode)field.GetValue(null)!;
            var value = (ushort)code.Value;
            if (value < 0x100)
            {
                OneByte[value] = code;
            }
            else if (value >> 8 == 0xFE)
            {
                TwoBytes[value & 0xFF] = code;
            }
        }
    }

    /// <summary>Nothing where there is no byte code to read, as in natively compiled programs.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Members that were trimmed are not called either.")]
    internal static IEnumerable<(OpCode Code, MemberInfo Member)> Members(MethodBase method)
    {
        if (BodyOf(method) is not { } code)
        {
            yield break;
        }

        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var operation = code[at] == 0xFE ? TwoBytes[code[at + 1]] : OneByte[code[at]];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                && Resolve(method.Module, BitConverter.ToInt32(code, at), typeArguments, methodArguments) is { } member)
            {
                yield return (operation, member);
            }

            at += operation.OperandType == OperandType.InlineSwitch
                ? 4 + (4 * BitConverter.ToInt32(code, at))
                : OperandSize(operation.OperandType);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Without byte code nothing is found, which the caller expects.")]
    private static byte[]? BodyOf(MethodBase method)
    {
        try
        {
            return method.GetMethodBody()?.GetILAsByteArray();
        }
        catch (Exception error) when (error is InvalidOperationException or NotSupportedException or PlatformNotSupportedException or BadImageFormatException)
        {
            return null;
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Members that were trimmed are not called either.")]
    private static MemberInfo? Resolve(Module module, int token, Type[]? typeArguments, Type[]? methodArguments)
    {
        try
        {
            return module.ResolveMember(token, typeArguments, methodArguments);
        }
        catch (Exception error) when (error is ArgumentException or BadImageFormatException or MissingMemberException or TypeLoadException or IOException)
        {
            return null;
        }
    }

    private static int OperandSize(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
