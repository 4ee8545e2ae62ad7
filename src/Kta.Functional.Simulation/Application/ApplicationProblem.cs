namespace Kta.Functional.Simulation;

/// <summary>Something that is wrong with a description.</summary>
/// <param name="Member">Where, in the words of an application file, for example <c>operators[2].ratePerInstance</c>.</param>
/// <param name="Message">What was expected, and what was found.</param>
public sealed record ApplicationProblem(string Member, string Message)
{
    /// <summary>Both: <c>operators[2].ratePerInstance: expected a positive number of records per second, found 0</c>.</summary>
    public override string ToString() => $"{Member}: {Message}";
}
