using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>Whether a member that can be written and read keeps its value.</summary>
internal static class MemberCheck
{
    internal const string ByConstructor = "Give it init or set, or make it a parameter of the constructor (of a struct, with [JsonConstructor] on it)";

    /// <summary>What depends on the value a member has in a new object.</summary>
    internal static Trouble? Initial(JsonTypeInfo type, JsonPropertyInfo member, string path)
    {
        var isPopulated = (member.ObjectCreationHandling ?? type.PreferredPropertyObjectCreationHandling ?? type.Options.PreferredObjectCreationHandling)
            == JsonObjectCreationHandling.Populate;
        var isFilled = member is { Set: not null, AssociatedParameter: null, IsExtensionData: false, AttributeProvider: PropertyInfo { SetMethod: null } };
        if (!isPopulated && !isFilled && member.ShouldSerialize is null)
        {
            return null;
        }

        var isKnown = Repairs.TryInitial(type, member, out var initial);
        if (isKnown && isPopulated && initial is IEnumerable items and not string && items.Cast<object?>().Any())
        {
            return new(path, "is not empty in a new object, and what is read is added to that", "Begin with an empty collection");
        }

        if (isFilled)
        {
            var isReady = initial is not null
                ? Filling.IsReady(initial, type.Options.GetTypeInfo(initial is IEnumerable ? member.PropertyType : initial.GetType()))
                : !isKnown && (typeof(IList).IsAssignableFrom(member.PropertyType) || typeof(IDictionary).IsAssignableFrom(member.PropertyType));
            return isReady ? null : new(
                path, $"({TypeText.Of(type.Type)}.{MemberName(member)}) is written, but nothing reads it", ByConstructor);
        }

        var missing = Repairs.Default(member.PropertyType);
        return isKnown && !Equals(initial, missing) && IsLeftOut(member, missing)
            ? new(path, $"is left out where it is {missing ?? "null"}, and would come back as the initial value", "Take away the initial value or the [JsonIgnore] condition")
            : null;
    }

    private static bool IsLeftOut(JsonPropertyInfo member, object? value)
    {
        try
        {
            return member.ShouldSerialize?.Invoke(new object(), value) is false;
        }
        catch (Exception)
        {
            // A condition of the user's own, about more than the value.
            return false;
        }
    }

    internal static Trouble? Text(JsonTypeInfo type, JsonPropertyInfo member, string path) =>
        ((member.CustomConverter as NumberMembers.IHandled)?.Handling ?? member.NumberHandling ?? type.NumberHandling ?? type.Options.NumberHandling) is var handling
        && handling.HasFlag(JsonNumberHandling.WriteAsString)
        && !handling.HasFlag(JsonNumberHandling.AllowReadingFromString)
        && NumberMembers.IsOfNumbers(type.Options.GetTypeInfo(member.PropertyType))
            ? new(path, "is written as text, but not read from it", "Add JsonNumberHandling.AllowReadingFromString")
            : null;

    private static string MemberName(JsonPropertyInfo member) => member.AttributeProvider is MemberInfo known ? known.Name : member.Name;
}
