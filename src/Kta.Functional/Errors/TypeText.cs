namespace Kta.Functional;

/// <summary>Type names as a C# programmer writes them.</summary>
internal static class TypeText
{
    internal static string Of(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var name = type.Name.AsSpan();
        var arity = name.IndexOf('`');
        return $"{(arity < 0 ? name : name[..arity])}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
