using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>A converter of ours that knows what it reads.</summary>
internal interface ISchemaOwner
{
    /// <summary>The JSON Schema of what is read, null aside. A new object for every call.</summary>
    /// <param name="type">The type that is read.</param>
    JsonObject DescribeSchema(Type type);
}
