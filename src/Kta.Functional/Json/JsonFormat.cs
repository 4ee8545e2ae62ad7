using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kta.Functional;

/// <summary>How JSON is read and written here: readable text, and as deep as the operator's.</summary>
internal static class JsonFormat
{
    /// <summary>Jackson, the operator's JSON library, stops at 1,000 levels; three of them are around a result in the history.</summary>
    internal const int DeepestNesting = 1024;

    internal static JsonReaderOptions Reading { get; } = new() { MaxDepth = DeepestNesting };

    internal static JsonDocumentOptions Parsing { get; } = new() { MaxDepth = DeepestNesting };

    internal static JsonWriterOptions Writing { get; } = new() { Encoder = Encoder, MaxDepth = DeepestNesting };

    /// <summary>For objects that are put together of pieces known to be in order, some levels around a result.</summary>
    internal static JsonWriterOptions Joining { get; } = new() { Encoder = Encoder, MaxDepth = DeepestNesting + 8, SkipValidation = true };

    internal static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
}
