using System.Net.Http.Headers;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Bodies as the operator decodes them: with the charset of the content type, which it does not look at otherwise.</summary>
internal static class OperatorText
{
    internal static ReadOnlyMemory<byte> InUtf8(string? contentType, ReadOnlyMemory<byte> body) =>
        HttpAnswer.InUtf8(MediaTypeHeaderValue.TryParse(contentType, out var type) ? type : null, body);
}
