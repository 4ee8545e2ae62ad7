using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>The methods of the base class library that change what they are called on.</summary>
internal static class MutableCollections
{
    private static readonly HashSet<string> Namespaces =
    [
        "System.Collections", "System.Collections.Generic", "System.Collections.Concurrent", "System.Collections.ObjectModel",
        "System.Collections.Specialized", "System.Text", "System.Text.Json.Nodes",
    ];

    private static readonly HashSet<string> Changing =
    [
        "Add", "AddAfter", "AddBefore", "AddFirst", "AddLast", "AddOrUpdate", "AddRange", "And", "Append", "AppendFormat",
        "AppendJoin", "AppendLine", "Clear", "Dequeue", "Enqueue", "EnqueueDequeue", "EnqueueRange", "ExceptWith", "GetOrAdd",
        "Insert", "InsertRange", "IntersectWith", "Move", "Not", "Or", "Pop", "Push", "PushRange", "Remove", "RemoveAll",
        "RemoveAt", "RemoveFirst", "RemoveLast", "RemoveRange", "RemoveWhere", "Replace", "ReplaceWith", "Reverse", "Set",
        "SetAll", "SetValue", "Sort", "SymmetricExceptWith", "Take", "TryAdd", "TryDequeue", "TryPop", "TryRemove", "TryTake",
        "TryUpdate", "UnionWith", "Xor",
    ];

    private static readonly HashSet<string> ChangingArrays = ["Clear", "Fill", "Reverse", "SetValue", "Sort"];

    /// <summary>The collection a call changes, or null.</summary>
    internal static IOperation? Changed(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.ContainingType is not { } type)
        {
            return null;
        }

        var target = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        if (type.SpecialType == SpecialType.System_Array)
        {
            return ChangingArrays.Contains(method.Name) ? target : null;
        }

        // What gives a sequence leaves its collection as it is: SortedSet.Reverse.
        // CollectionExtensions are the only static methods there that change their first argument.
        return Changing.Contains(method.Name)
               && method.ReturnType.OriginalDefinition.SpecialType != SpecialType.System_Collections_Generic_IEnumerable_T
               && type.ContainingNamespace is { } space
               && Namespaces.Contains(space.ToDisplayString())
               && (call.Instance is not null || type.Name == "CollectionExtensions")
            ? target
            : null;
    }
}
