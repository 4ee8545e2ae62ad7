using static System.FormattableString;

namespace Kta.Functional.Operator;

/// <summary>What is wrong with options, all of it at once.</summary>
/// <param name="what">Whose options they are, for the message.</param>
internal sealed class OptionProblems(string what)
{
    private readonly List<string> _all = [];

    internal OptionProblems Positive(string name, TimeSpan time) =>
        When(time <= TimeSpan.Zero || time.TotalMilliseconds > int.MaxValue, Invariant($"{name} has to be above 0 and at most 24 days, got {time}"));

    internal OptionProblems NotNegative(string name, TimeSpan time) =>
        When(time < TimeSpan.Zero || time.TotalMilliseconds > int.MaxValue, Invariant($"{name} has to be from 0 to 24 days, got {time}"));

    internal OptionProblems When(bool isWrong, string problem)
    {
        _all.AddRange(isWrong ? [problem] : []);
        return this;
    }

    /// <exception cref="ArgumentException">There are some; all are named.</exception>
    internal void ThrowIfAny()
    {
        if (_all.Count > 0)
        {
            throw new ArgumentException($"The options of {what} are wrong: {string.Join("; ", _all)}.");
        }
    }
}
