using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Kta.Functional;

/// <summary>
/// Lets <c>dotnet fsi</c> run a server: the runtime of a script does not know the shared framework of ASP.NET Core
/// (dotnet/fsharp#9417), though it lies next to its own.
/// </summary>
internal static class SharedFrameworkResolver
{
    private static string? s_framework;

    [ModuleInitializer]
    [SuppressMessage(
        "Usage",
        "CA2255",
        Justification = "A script has no earlier place: the assemblies are missed when its first line that serves is compiled to machine code.")]
    internal static void Initialize()
    {
        if (Assembly.GetEntryAssembly()?.GetName().Name == "fsi"
            && AssemblyLoadContext.GetLoadContext(typeof(SharedFrameworkResolver).Assembly) is { } context
            && AspNetCoreBeside(new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory())) is { } framework)
        {
            s_framework = framework;
            context.Resolving += Resolve;
        }
    }

    /// <summary>The folder of ASP.NET Core in the version of the running runtime: <c>shared/Microsoft.AspNetCore.App/10.0.x</c>.</summary>
    private static string? AspNetCoreBeside(DirectoryInfo runtime)
    {
        if (runtime.Parent is not { Name: "Microsoft.NETCore.App", Parent: { } shared })
        {
            return null;
        }

        var folder = Path.Combine(shared.FullName, "Microsoft.AspNetCore.App", runtime.Name);
        return Directory.Exists(folder) ? folder : null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Never reached in a trimmed program: its entry assembly is not fsi.")]
    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName wanted)
    {
        var file = Path.Combine(s_framework!, wanted.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
