using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>An answer of Flink's REST API.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">What is sent.</param>
internal sealed record FlinkReply(int Status, JsonNode Body)
{
    internal static FlinkReply Ok(JsonNode body) => new(200, body);
}

/// <summary>A request Flink refuses.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="errors">What Flink lists as errors.</param>
internal sealed class FlinkRefusal(int status, params string[] errors) : Exception(errors[^1])
{
    private const string Rest = "org.apache.flink.runtime.rest";

    internal FlinkReply Reply => new(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => JsonValue.Create(error))]) });

    internal static FlinkRefusal NotFound(string what) => new(404, $"{Rest}.NotFoundException: {what}");

    internal static FlinkRefusal Handled(int status, string what) => new(status, $"{Rest}.handler.RestHandlerException: {what}");

    internal static FlinkRefusal BadPath(string parameter, string value) =>
        Handled(400, $"Bad request, could not parse parameters: Cannot resolve path parameter ({parameter}) from value \"{value}\".");

    internal static FlinkRefusal BadQuery(string parameter, string value) =>
        Handled(400, $"Bad request, could not parse parameters: Cannot resolve query parameter ({parameter}) from value \"{value}\".");

    /// <summary>What Flink did not expect itself.</summary>
    internal static FlinkRefusal Unhandled(string what) =>
        new(500, "Internal server error.", $"<Exception on server side:\n{what}\nEnd of exception on server side>");

    /// <summary>Requests to the running job, unlike those for what is known of it, end like this.</summary>
    internal static FlinkRefusal NoSuchJob(string id) =>
        Unhandled($"org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job ({id})");
}
