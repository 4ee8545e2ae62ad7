using System.Collections.Immutable;
using Kta.Functional.Analyzers.Replay;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA011: an asynchronous step waits for something without await, on a thread that health probes need.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BlockingRule : StepAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(
        "KTA011",
        "An asynchronous step blocks after an await",
        "{0} blocks in '{1}' after an await, on a thread of the pool that health probes wait for; {2}",
        "Results",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "After its first await a step runs on the threads that answer probes and other calls. A synchronous step may block: it runs beside them.",
        HelpLinks.Folder + "KTA011.md");

    private static readonly HashSet<string> Waiting =
    [
        "System.Threading.Tasks.Task.Wait", "System.Threading.Tasks.Task.WaitAll", "System.Threading.Tasks.Task.WaitAny",
        "System.Threading.Thread.Sleep", "System.Threading.Thread.Join", "System.Threading.SpinWait.SpinUntil",
        "System.Threading.Monitor.Wait", "System.Threading.WaitHandle.WaitOne", "System.Threading.WaitHandle.WaitAll",
        "System.Threading.WaitHandle.WaitAny", "System.Threading.WaitHandle.SignalAndWait", "System.Threading.SemaphoreSlim.Wait",
        "System.Threading.ManualResetEventSlim.Wait", "System.Threading.CountdownEvent.Wait", "System.Threading.Barrier.SignalAndWait",
        "System.Collections.Concurrent.BlockingCollection.Take", "System.Console.ReadLine", "System.Console.ReadKey",
    ];

    /// <summary>Beside these methods stands an asynchronous one, because they may take long.</summary>
    private static readonly string[] Slow = ["System.IO", "System.Net", "System.Data", "System.Diagnostics"];

    private static readonly HashSet<string> InMemory =
        ["MemoryStream", "StringReader", "StringWriter", "TextWriter", "UnmanagedMemoryStream", "BufferedStream", "StreamWriter"];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override void Inspect(IOperation operation, CalledFunction frame, StepReport report)
    {
        if (!frame.IsInitial && IsTask(report.Function.ReturnType) && Blocking(operation, frame) is { } found && Awaits.Precede(operation, frame))
        {
            report.At(operation, frame, Rule, frame.Path, found.Name, found.Instead);
        }
    }

    private static (string Name, string Instead)? Blocking(IOperation operation, CalledFunction frame)
    {
        switch (operation)
        {
            case IPropertyReferenceOperation { Property: { Name: "Result", ContainingType: { } type } } read when IsTask(type):
                return Awaits.IsFinished(read.Instance, frame) ? null : ($"{type.Name}.Result", "await it");
            case IInvocationOperation { TargetMethod: { Name: "GetResult", ContainingType: { } awaiter } } call
                when awaiter.Name.EndsWith("Awaiter", StringComparison.Ordinal):
                return Awaits.IsFinished(AwaitedBy(call), frame) ? null : ($"{awaiter.Name}.GetResult", "await it");
            case IInvocationOperation { TargetMethod: { ContainingType: { } type } method } call:
                var name = $"{type.Name}.{method.Name}";
                return Waiting.Contains($"{Readings.FullName(type)}.{method.Name}")
                    ? IsPolling(call) || method.Name == "Wait" && IsTask(type) && Awaits.IsFinished(call.Instance, frame) ? null
                        : (name, method.Name == "Sleep" ? "await Task.Delay" : "await instead, or make the step synchronous")
                    : IsSlow(method, type, call) ? (name, $"await {type.Name}.{method.Name}Async")
                    : null;
            default:
                return null;
        }
    }

    /// <summary>With a timeout of zero it only asks.</summary>
    private static bool IsPolling(IInvocationOperation call) =>
        call.Arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: 0 });

    private static bool IsSlow(IMethodSymbol method, INamedTypeSymbol type, IInvocationOperation call) =>
        !IsTask(method.ReturnType)
        && type.ContainingNamespace?.ToDisplayString() is { } space
        && Slow.Any(one => space == one || space.StartsWith(one + ".", StringComparison.Ordinal))
        && method.Name != "Dispose"
        && !InMemory.Contains(type.Name)
        && !InMemory.Contains(CalledFunction.Unwrapped(call.Instance)?.Type?.Name ?? "")
        && Chain(type).Any(one => one.GetMembers(method.Name + "Async").Any(twin => twin is IMethodSymbol && twin.IsStatic == method.IsStatic));

    private static IEnumerable<INamedTypeSymbol> Chain(INamedTypeSymbol type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            yield return one;
        }
    }

    /// <summary>The task behind <c>task.ConfigureAwait(false).GetAwaiter().GetResult()</c>.</summary>
    private static IOperation? AwaitedBy(IInvocationOperation call)
    {
        var source = call.Instance;
        while (CalledFunction.Unwrapped(source) is IInvocationOperation { TargetMethod.Name: "GetAwaiter" or "ConfigureAwait", Instance: { } inner })
        {
            source = inner;
        }

        return source;
    }

    private static bool IsTask(ITypeSymbol type) =>
        type is { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" };
}
