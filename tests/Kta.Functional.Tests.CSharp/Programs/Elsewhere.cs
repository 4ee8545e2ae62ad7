namespace Kta.Functional.Tests.CSharp;

/// <summary>State in another project than the steps that use it.</summary>
public sealed class Elsewhere
{
    private static int s_calls;
    private int _calls;

    /// <summary>Counts over all objects.</summary>
    public static int NextOfAll() => ++s_calls;

    /// <summary>Counts.</summary>
    public int Next() => ++_calls;
}
