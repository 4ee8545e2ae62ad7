using System.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>What F# compiles to: the runtime would let anybody assign its fields, the compiler lets nobody.</summary>
internal static class FSharpTypes
{
    internal static bool IsFSharp(Type type) =>
        type.GetCustomAttributesData().Any(attribute => attribute.AttributeType.FullName == "Microsoft.FSharp.Core.CompilationMappingAttribute");

    internal static bool IsModule(Type type) =>
        IsFSharp(type)
        || type.FullName?.Contains("<StartupCode$", StringComparison.Ordinal) is true
        || type.DeclaringType is { } outer && IsModule(outer);

    internal static bool IsFunction(Type type)
    {
        for (var up = type.BaseType; up is not null; up = up.BaseType)
        {
            if (up.FullName?.StartsWith("Microsoft.FSharp.Core.FSharpFunc`2", StringComparison.Ordinal) is true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether only constructors assign the field: all code that could is in the type itself.</summary>
    internal static bool IsAssignedOnce(FieldInfo field) =>
        IsFSharp(field.DeclaringType!) && !field.IsPublic && !StepCode.OfAll(field.DeclaringType!).Assigns.Contains(field);
}
