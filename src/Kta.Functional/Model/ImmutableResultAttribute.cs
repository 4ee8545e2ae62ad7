namespace Kta.Functional;

/// <summary>
/// A result that nobody can change, and that the default codec reads as it was written, also after Java has: several calls of one
/// process may share it. Others are decoded for each call, as a call over the wire would decode them.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class ImmutableResultAttribute : Attribute;
