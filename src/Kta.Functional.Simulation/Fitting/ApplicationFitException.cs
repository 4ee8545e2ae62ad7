namespace Kta.Functional.Simulation;

/// <summary>A recording does not tell enough for an application; the message says what is missing.</summary>
/// <param name="message">What is missing, and of which node.</param>
public sealed class ApplicationFitException(string message) : Exception(message);
