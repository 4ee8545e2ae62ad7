using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>Makes members readable that System.Text.Json writes, but would not read by itself. What is left, <see cref="ResultCheck"/> refuses.</summary>
internal static class Repairs
{
    /// <summary>The same options, with repaired members, and none that may be there twice.</summary>
    internal static JsonSerializerOptions Of(JsonSerializerOptions options)
    {
        var repaired = new JsonSerializerOptions(options)
        {
            TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(Apply),
            AllowDuplicateProperties = false,
        };
        repaired.MakeReadOnly();
        return repaired;
    }

    internal static void Apply(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        KeepInitialValues(type);
        if (!type.Type.IsSealed)
        {
            RefuseDerived(type);
        }

        foreach (var member in type.Properties)
        {
            if (member is { Set: null, AssociatedParameter: null, Get: { } get, AttributeProvider: PropertyInfo property })
            {
                member.Set = property.SetMethod is not null ? property.SetValue
                    : ObjectFields.IsStored(property) && Filling.IsPossible(property.PropertyType)
                        ? (owner, value) => Filling.Fill(get(owner), value, type.Options)
                    : null;
            }

            if (member is { IsRequired: true, ShouldSerialize: not null })
            {
                member.IsRequired = false;
            }
        }
    }

    /// <summary>The default value that a member has in a new object, if one can be made.</summary>
    internal static bool TryInitial(JsonTypeInfo type, JsonPropertyInfo member, out object? value)
    {
        value = null;
        if (member.AssociatedParameter is { IsMemberInitializer: false } parameter)
        {
            value = parameter.HasDefaultValue ? parameter.DefaultValue : Default(member.PropertyType);
            return true;
        }

        try
        {
            if (member.Get is not null && New(type) is { } owner)
            {
                value = member.Get(owner);
                return true;
            }
        }
        catch (Exception)
        {
            // A constructor or a getter that wants more than nothing.
        }

        return false;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "Value types can be made without a constructor.")]
    internal static object? Default(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null
            ? System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type)
            : null;

    private static object? New(JsonTypeInfo type) =>
        type.CreateObject is { } create ? create()
        : type.ConstructorAttributeProvider is ConstructorInfo constructor ? constructor.Invoke(
            BindingFlags.DoNotWrapExceptions,
            null,
            [.. constructor.GetParameters().Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : Default(parameter.ParameterType))],
            null)
        : null;

    /// <summary>Of an object of a derived type only the members of the declared one are written.</summary>
    private static void RefuseDerived(JsonTypeInfo type)
    {
        var before = type.OnSerializing;
        type.OnSerializing = value =>
        {
            before?.Invoke(value);
            if (value.GetType() != type.Type)
            {
                var (derived, declared) = (TypeText.Of(value.GetType()), TypeText.Of(type.Type));
                throw new UdfResultException(
                    $"the result holds a {derived} where a {declared} is declared, and only the members of {declared} would be written. " +
                    $"Declare {derived}, or put [JsonDerivedType(typeof({derived}), \"…\")] on {declared}.");
            }
        };
    }

    /// <summary>Source-generated metadata sets all init-only members at once, and those that are missing to 0.</summary>
    private static void KeepInitialValues(JsonTypeInfo type)
    {
        var initialized = type.Properties.Where(member => member.AssociatedParameter is { IsMemberInitializer: true }).ToList();
        if (initialized.Count == 0)
        {
            return;
        }

        if (type.ConstructorAttributeProvider is ConstructorInfo constructor && constructor.GetParameters().Length == 0)
        {
            type.CreateObject = () => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, null, null);
            foreach (var member in initialized)
            {
                member.Set = member.AttributeProvider is PropertyInfo { SetMethod: not null } property ? property.SetValue : member.Set;
            }

            return;
        }

        foreach (var member in initialized.Where(member => !member.IsRequired))
        {
            // The other parameters have to come from the text; what is not 0 at first has to, too.
            member.IsRequired = !TryInitial(type, member, out var initial) || !Equals(initial, Default(member.PropertyType));
        }
    }
}
