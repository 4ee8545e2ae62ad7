namespace Kta.Functional.Analyzers;

internal static class HelpLinks
{
    internal const string Folder = "https://github.com/kta-functional/kta-functional/blob/main/docs/diagnostics/";
}
