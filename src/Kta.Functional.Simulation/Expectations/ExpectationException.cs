namespace Kta.Functional.Simulation;

/// <summary>A run is not as a test expected. The message tells what is different, and shows the stretch as a table with the reasons for its decisions.</summary>
public sealed class ExpectationException : Exception
{
    internal ExpectationException(string message)
        : base(message)
    {
    }
}
