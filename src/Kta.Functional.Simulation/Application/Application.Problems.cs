namespace Kta.Functional.Simulation;

/// <content>What can be wrong.</content>
public sealed partial record Application
{
    /// <summary>Everything that is wrong with the description; empty if it can be started.</summary>
    public IReadOnlyList<ApplicationProblem> Problems => new ApplicationCheck(this).Problems;

    /// <exception cref="ArgumentException">Something is wrong; the message names everything.</exception>
    internal void ThrowIfWrong()
    {
        if (Problems is { Count: > 0 } problems)
        {
            throw new ArgumentException($"{Name} cannot be simulated like this: {string.Join("; ", problems)}.");
        }
    }
}
