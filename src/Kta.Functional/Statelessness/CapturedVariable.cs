using System.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>A variable of a closure that the runtime would let somebody assign.</summary>
internal sealed record CapturedVariable(object Closure, FieldInfo Field, string Name, object? Value);
