using Kta.Functional.Simulation;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What a program in C# without nullable annotations can do.</summary>
public static class Wrongs
{
    /// <summary>The parts of a description that are values of their own are null.</summary>
    public static Application WithoutParts(Application application) =>
        application with { Objective = null!, Limits = null!, Outages = null! };

    /// <summary>An outage is null.</summary>
    public static Application WithoutAnOutage(Application application) => application with { Outages = [null!] };
}
