using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional;

internal static class ResultTypes
{
    /// <summary>What the default codec reaches by reflection and a trimmed program has to keep.</summary>
    internal const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.PublicProperties
        | DynamicallyAccessedMemberTypes.PublicFields;
}
