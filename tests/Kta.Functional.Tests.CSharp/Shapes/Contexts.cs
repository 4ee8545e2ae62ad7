using System.Text.Json.Serialization;

#pragma warning disable CS1591 // Each type is its own description.

namespace Kta.Functional.Tests.CSharp.Shapes;

/// <summary>Metadata made by the compiler.</summary>
[JsonSerializable(typeof(Positional<int>))]
[JsonSerializable(typeof(PositionalAndInit<double>))]
[JsonSerializable(typeof(Init<string>))]
[JsonSerializable(typeof(Required<int>))]
[JsonSerializable(typeof(Settable<List<int>>))]
[JsonSerializable(typeof(Derived<int>))]
[JsonSerializable(typeof(PrivateSetter<int>))]
[JsonSerializable(typeof(Field<int>))]
[JsonSerializable(typeof(ReadonlyField<int>))]
[JsonSerializable(typeof(OwnField<int>))]
[JsonSerializable(typeof(ShownField<int>))]
[JsonSerializable(typeof(HiddenField<int>))]
[JsonSerializable(typeof(InternalMember<int>))]
[JsonSerializable(typeof(ByConstructor<int>))]
[JsonSerializable(typeof(CapturedByConstructor<int>))]
[JsonSerializable(typeof(NeverSet<int>))]
[JsonSerializable(typeof(TwoConstructors<int>))]
[JsonSerializable(typeof(ChosenConstructor<int>))]
[JsonSerializable(typeof(ParameterlessBeside<int>))]
[JsonSerializable(typeof(Settable<StructByConstructor<int>>))]
[JsonSerializable(typeof(Settable<ChosenStruct<int>>))]
[JsonSerializable(typeof(Settable<StructRecord<int>>))]
[JsonSerializable(typeof(ListInside<int>))]
[JsonSerializable(typeof(ListBeside<int>))]
[JsonSerializable(typeof(DictionaryInside<int>))]
[JsonSerializable(typeof(SetInside<int>))]
[JsonSerializable(typeof(QueueInside<int>))]
[JsonSerializable(typeof(ObjectInside<int>))]
[JsonSerializable(typeof(FilledInside<int>))]
[JsonSerializable(typeof(Computed<int>))]
[JsonSerializable(typeof(Recursive<int>))]
[JsonSerializable(typeof(NamedInside<int>))]
[JsonSerializable(typeof(Ignored<int>))]
[JsonSerializable(typeof(Settable<Stack<int>>))]
[JsonSerializable(typeof(Settable<object>))]
[JsonSerializable(typeof(Settable<Dictionary<int, string>>))]
[JsonSerializable(typeof(Settable<(int, string)>))]
[JsonSerializable(typeof(Settable<System.Numerics.BigInteger>))]
[JsonSerializable(typeof(LeftOutButFive))]
[JsonSerializable(typeof(InitialValues))]
[JsonSerializable(typeof(InitialValuesAndParameter))]
public sealed partial class ShapesContext : JsonSerializerContext;

/// <summary>The metadata the compiler makes when nobody asks for anything.</summary>
[JsonSerializable(typeof(InitialValues))]
[JsonSerializable(typeof(ListInside<int>))]
public sealed partial class PlainContext : JsonSerializerContext;
