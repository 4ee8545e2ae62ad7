namespace Kta.Functional.Simulation;

/// <summary>
/// Something is not as a test expected: a run, a plan, or a recorded decision. The message tells what is different; of a run it shows the stretch as
/// a table with the reasons for its decisions.
/// </summary>
public sealed class ExpectationException : Exception
{
    internal ExpectationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
