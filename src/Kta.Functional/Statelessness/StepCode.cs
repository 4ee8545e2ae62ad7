using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Kta.Functional.Statelessness;

/// <summary>
/// What a step's code does to fields: which ones it reads and which ones it assigns, itself and in the methods of its own
/// assembly that it calls.
/// </summary>
internal sealed class StepCode
{
    private const int MostMethods = 400;
    private readonly HashSet<MethodBase> _seen = [];
    private readonly Queue<MethodBase> _open = new();
    private readonly Assembly _own;

    private StepCode(IEnumerable<MethodBase> roots, Assembly own)
    {
        _own = own;
        foreach (var root in roots)
        {
            Visit(root);
        }

        while (_open.TryDequeue(out var method) && _seen.Count < MostMethods)
        {
            Read(method);
        }
    }

    /// <summary>Whether there was any code to read. There is none in natively compiled programs.</summary>
    internal bool IsKnown { get; private set; }

    /// <summary>Fields that are read, or whose address is taken.</summary>
    internal HashSet<FieldInfo> Reads { get; } = new(SameField.Comparer);

    /// <summary>Fields that are assigned.</summary>
    internal HashSet<FieldInfo> Assigns { get; } = new(SameField.Comparer);

    internal static StepCode Of(Delegate function) => new([function.Method], function.Method.Module.Assembly);

    /// <summary>All the code of a type, and what it calls.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Methods that were trimmed are not called either.")]
    internal static StepCode OfAll(Type type) =>
        new(
            type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly),
            type.Assembly);

    /// <summary>Types that compilers make for a piece of a method: closures and state machines.</summary>
    internal static bool IsMadeByCompiler(Type type) =>
        type.Name.Contains('@', StringComparison.Ordinal)
        || (type.Name.StartsWith('<') && Attribute.IsDefined(type, typeof(CompilerGeneratedAttribute)));

    private void Read(MethodBase method)
    {
        foreach (var (code, member) in ByteCode.Members(method))
        {
            IsKnown = true;
            switch (member)
            {
                case FieldInfo field when code == OpCodes.Stfld || code == OpCodes.Stsfld:
                    if (method is not ConstructorInfo || method.DeclaringType != field.DeclaringType)
                    {
                        Assigns.Add(field);
                    }

                    break;
                case FieldInfo field:
                    Reads.Add(field);
                    break;
                case ConstructorInfo made when made.DeclaringType is { } type && IsMadeByCompiler(type):
                    Visit(made);
                    VisitAll(type);
                    break;
                case MethodBase called:
                    Visit(called);
                    break;
            }
        }
    }

    private void Visit(MethodBase method)
    {
        if (method.Module.Assembly != _own || !_seen.Add(method))
        {
            return;
        }

        _open.Enqueue(method);
        if (method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType is { } machine)
        {
            VisitAll(machine);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Methods that were trimmed are not called either.")]
    private void VisitAll(Type code)
    {
        foreach (var method in code.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            Visit(method);
        }
    }

    /// <summary>The same field, whichever instance of a generic type it was reached through.</summary>
    private sealed class SameField : IEqualityComparer<FieldInfo>
    {
        internal static SameField Comparer { get; } = new();

        public bool Equals(FieldInfo? x, FieldInfo? y) =>
            x is null || y is null ? x == y : x.MetadataToken == y.MetadataToken && x.Module == y.Module;

        public int GetHashCode(FieldInfo field) => HashCode.Combine(field.MetadataToken, field.Module);
    }
}
