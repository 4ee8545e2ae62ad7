using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA005: the type of a result is not written as a JSON object. Silent where a codec for it is set in the same member.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ResultTypeRule : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(
        "KTA005",
        "A result cannot be a JSON object",
        "'{0}' cannot be the result of a step, because it is not written as a JSON object; wrap it into a record, as in record Load(double RecordsPerSecond)",
        "Results",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The operator reads JSON objects and nothing else. Such an algorithm is refused when it is served.",
        HelpLinks.Folder + "KTA005.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.Of(start.Compilation) is not { IsLibraryItself: false } known)
            {
                return;
            }

            start.RegisterOperationBlockStartAction(block =>
            {
                var calls = new ConcurrentQueue<IInvocationOperation>();
                var coded = new ConcurrentBag<ITypeSymbol>();
                block.RegisterOperationAction(found => Collect((IInvocationOperation)found.Operation, known, calls, coded), OperationKind.Invocation);
                block.RegisterOperationAction(
                    found =>
                    {
                        if (((IPropertyReferenceOperation)found.Operation).Property is { Name: "MonitorCodec" or "AnalyzeCodec", Type: INamedTypeSymbol codec })
                        {
                            coded.Add(codec.TypeArguments[0]);
                        }
                    },
                    OperationKind.PropertyReference);
                block.RegisterOperationBlockEndAction(end => Report(calls, coded, end.ReportDiagnostic));
            });
            start.RegisterSymbolAction(found => LookAtClass(found, known), SymbolKind.NamedType);
        });
    }

    private static void Collect(
        IInvocationOperation call, KnownTypes known, ConcurrentQueue<IInvocationOperation> calls, ConcurrentBag<ITypeSymbol> coded)
    {
        var method = call.TargetMethod;
        if (!SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, known.Library))
        {
            return;
        }

        if (method.Name is "WithMonitorCodec" or "WithAnalyzeCodec"
            && method.Parameters is [{ Type: INamedTypeSymbol { TypeArguments: [var of] } }])
        {
            coded.Add(of);
        }
        else if (method.Name != "FromClass" && method.TypeParameters.Any(IsResult))
        {
            calls.Enqueue(call);
        }
    }

    private static void Report(IEnumerable<IInvocationOperation> calls, IEnumerable<ITypeSymbol> coded, Action<Diagnostic> publish)
    {
        var withCodec = new HashSet<ISymbol>(coded, SymbolEqualityComparer.Default);
        foreach (var call in calls)
        {
            var method = call.TargetMethod;
            for (var i = 0; i < method.TypeParameters.Length; i++)
            {
                var type = method.TypeArguments[i];
                if (IsResult(method.TypeParameters[i]) && CannotBeAnObject(type) && !withCodec.Contains(type))
                {
                    publish(Diagnostic.Create(Rule, Place(call, i), type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
                }
            }
        }
    }

    private static bool IsResult(ITypeParameterSymbol parameter) => parameter.Name is "TMonitor" or "TAnalyze";

    private static void LookAtClass(SymbolAnalysisContext found, KnownTypes known)
    {
        var type = (INamedTypeSymbol)found.Symbol;
        if (type is not { TypeKind: TypeKind.Class, Locations.IsEmpty: false }
            || type.AllInterfaces.FirstOrDefault(one => KnownTypes.Is(one, known.Steps)) is not { } steps)
        {
            return;
        }

        foreach (var result in steps.TypeArguments.Where(CannotBeAnObject))
        {
            found.ReportDiagnostic(Diagnostic.Create(Rule, type.Locations[0], result.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        }
    }

    /// <summary>What the default codec refuses. A type with a converter may be anything, and a task has a rule of its own.</summary>
    private static bool CannotBeAnObject(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol or { SpecialType: SpecialType.System_String } or { TypeKind: TypeKind.Delegate } => true,
        INamedTypeSymbol { TypeKind: not TypeKind.Error } named =>
            named.ToDisplayString() is "System.Uri" or "System.Version" or "System.Text.Json.Nodes.JsonArray" or "System.Text.Json.Nodes.JsonValue"
            || IsSequence(named) && !named.GetAttributes().Any(one => one.AttributeClass?.Name == "JsonConverterAttribute"),
        _ => false,
    };

    private static bool IsSequence(INamedTypeSymbol type)
    {
        var interfaces = type.AllInterfaces.Concat(type.TypeKind == TypeKind.Interface ? [type] : []).ToArray();
        return interfaces.Any(one => one.SpecialType == SpecialType.System_Collections_IEnumerable)
               && !interfaces.Any(one => one.Name is "IDictionary" or "IReadOnlyDictionary");
    }

    private static Location Place(IInvocationOperation call, int typeArgument)
    {
        var name = (call.Syntax as InvocationExpressionSyntax)?.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            SimpleNameSyntax simple => simple,
            _ => null,
        };
        return name is GenericNameSyntax generic && typeArgument < generic.TypeArgumentList.Arguments.Count
            ? generic.TypeArgumentList.Arguments[typeArgument].GetLocation()
            : (name ?? call.Syntax).GetLocation();
    }
}
