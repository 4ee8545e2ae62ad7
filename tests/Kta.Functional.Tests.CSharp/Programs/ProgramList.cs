using System.Reflection;
using System.Text.RegularExpressions;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>Programs as C# users write them: each is a class with a method Make, named by what it does.</summary>
public static partial class ProgramList
{
    /// <summary>Keep state, each in a way of its own.</summary>
    public static IReadOnlyDictionary<string, Func<Algorithm>> Stateful { get; } = ProgramsOf(
        typeof(StatefulClosures), typeof(StatefulCollections), typeof(StatefulObjects), typeof(StatefulClasses), typeof(StatefulStatics),
        typeof(StatefulDetours), typeof(StatefulAround));

    /// <summary>Keep no state, and have to pass.</summary>
    public static IReadOnlyDictionary<string, Func<Algorithm>> Ordinary { get; } = ProgramsOf(
        typeof(OrdinaryClosures), typeof(OrdinaryCaptures), typeof(OrdinaryObjects), typeof(OrdinaryCalls), typeof(OrdinaryTools), typeof(OrdinaryWork));

    /// <summary>What a program is called: <c>AddsToAList</c> adds to a list.</summary>
    public static string NameOf(string type) => Capital().Replace(type, match => " " + match.Value).Trim().ToLowerInvariant();

    [GeneratedRegex("[A-Z]|[0-9]+")]
    private static partial Regex Capital();

    private static Dictionary<string, Func<Algorithm>> ProgramsOf(params Type[] files) =>
        files.SelectMany(file => file.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public))
            .Select(type => (type, Make: type.GetMethod("Make", BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)))
            .Where(program => program.Make is not null)
            .ToDictionary(program => NameOf(program.type.Name), program => program.Make!.CreateDelegate<Func<Algorithm>>());
}
