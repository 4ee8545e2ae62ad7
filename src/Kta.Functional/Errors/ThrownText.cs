namespace Kta.Functional;

/// <summary>The exceptions of others, in words. Everything of theirs may throw, and then it is theirs that is wrong.</summary>
internal static class ThrownText
{
    internal static string MessageOf(Exception thrown)
    {
        try
        {
            return thrown.Message ?? "";
        }
        catch (Exception error)
        {
            return $"(its Message cannot be read: it throws {TypeText.Of(error.GetType())})";
        }
    }

    /// <summary>Type and message, as <c>DivideByZeroException: Attempted to divide by zero.</c></summary>
    internal static string Describe(Exception thrown) => $"{TypeText.Of(thrown.GetType())}: {MessageOf(thrown)}";

    /// <summary>The exception, if a log can print it, or else one that says the same.</summary>
    internal static Exception Printable(Exception thrown)
    {
        try
        {
            _ = thrown.ToString();
            return thrown;
        }
        catch (Exception)
        {
            return new UnprintableException(thrown);
        }
    }

    /// <summary>The type of what was thrown first, as <c>DivideByZeroException</c>.</summary>
    internal static string TypeOf(Exception thrown) =>
        thrown is UnprintableException stand ? stand.TypeName : TypeText.Of(thrown.GetType());

    /// <summary>The same with its namespace, as <c>System.DivideByZeroException</c>; without type arguments, which would be names of assemblies.</summary>
    internal static string FullTypeOf(Exception thrown) =>
        thrown is UnprintableException stand ? stand.FullTypeName : FullNameOf(thrown.GetType());

    private static string FullNameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;

    /// <summary>Stands in for an exception that throws when it is printed.</summary>
    private sealed class UnprintableException(Exception thrown)
        : Exception($"{Describe(thrown)} (it throws when it is printed)")
    {
        internal string TypeName { get; } = TypeText.Of(thrown.GetType());

        internal string FullTypeName { get; } = FullNameOf(thrown.GetType());
    }
}
