using System.Text;
using Kta.Functional.Recording;
using Kta.Functional.Simulation;

namespace Kta.Functional.Testing;

/// <summary>A recorded call of a step, as a test: what was asked, and what was answered. See <see cref="RecordedCases"/>.</summary>
public sealed class RecordedCase
{
    private readonly RecordedLine _line;

    internal RecordedCase(string name, CallRecord call, RecordedLine line) => (Name, Call, _line) = (name, call, line);

    /// <summary>
    /// The name for test explorers, once in a recording: <c>iteration 12, plan</c>, iterations counted in the order of the recording. A call of an
    /// iteration that was made again is <c>iteration 12, plan, call 2</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>The step that was called.</summary>
    public Step Step => Call.Step;

    /// <summary>The call with all that was recorded.</summary>
    public CallRecord Call { get; }

    /// <summary>The body of the request, as text.</summary>
    public string Request => Encoding.UTF8.GetString(Call.Request.Span);

    /// <summary>The body of the reply that is expected, as text.</summary>
    public string Reply => Encoding.UTF8.GetString(Call.Reply.Span);

    /// <summary>Calls the step again, and expects the recorded answer: as JSON, members in any order, numbers by value; of a failure status and type of the error.</summary>
    /// <param name="algorithm">The algorithm, or a changed one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ExpectationException">The answer differs, or the algorithm does not have the step. The message is what <see cref="Replay"/> reports.</exception>
    public async Task CheckAsync(Algorithm algorithm, CancellationToken cancellationToken = default)
    {
        var report = await Replay.RunAsync(algorithm, [_line], cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            report.ThrowIfDifferent();
        }
        catch (ReplayException error)
        {
            throw new ExpectationException($"{Name}: {error.Message}", error);
        }
    }

    /// <summary>The name, for test frameworks.</summary>
    public override string ToString() => Name;
}
