namespace Kta.Functional;

/// <summary>A rule or strategy has looked back to the end of the history, and wanted to go on.</summary>
/// <param name="Message">Who, and how far.</param>
/// <param name="Entries">How many entries there were.</param>
internal sealed record ShortHistory(string Message, int Entries);
