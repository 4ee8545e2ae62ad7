namespace Kta.Cli;

/// <summary>What came from outside and when.</summary>
/// <param name="Second">Since the start of the simulation.</param>
internal abstract record FlinkEvent(long Second);

/// <summary>A request to change the requirements.</summary>
/// <param name="Second">Since the start of the simulation.</param>
/// <param name="Status">How it was answered; only 200 has changed anything.</param>
/// <param name="Body">What was sent.</param>
internal sealed record RequirementsRequest(long Second, int Status, string Body) : FlinkEvent(Second);

/// <summary>From then on there are so many slots.</summary>
internal sealed record SlotsChange(long Second, int Slots) : FlinkEvent(Second);
