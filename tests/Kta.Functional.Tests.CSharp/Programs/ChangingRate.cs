namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>A program that goes on after its algorithms are made.</summary>
public sealed class ChangingRate
{
    /// <summary>Makes the algorithms.</summary>
    public ChangingRate()
    {
        var rate = 1.0;
        var counted = 0;
        string? address = null;
        Algorithm = Functional.Algorithm.For<Load, Demand>().WithMonitor(_ => new Load(rate));
        Beside = Functional.Algorithm.For<Load, Demand>().WithMonitor(_ => new Load(address?.Length ?? 0));
        Change = () => rate = 2;
        Count = () => counted++;
        address = "http://127.0.0.1";
    }

    /// <summary>Reads a variable that can be changed.</summary>
    public Algorithm Algorithm { get; }

    /// <summary>Reads a variable that is set once, after it was made.</summary>
    public Algorithm Beside { get; }

    /// <summary>Changes what the first one reads.</summary>
    public Action Change { get; }

    /// <summary>Changes what neither reads.</summary>
    public Action Count { get; }
}
