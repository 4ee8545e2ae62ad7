using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional;

/// <summary>Does something with an algorithm for which it needs the types of its results.</summary>
internal interface IAlgorithmVisitor<out TResult>
{
    TResult Visit<
        [DynamicallyAccessedMembers(ResultTypes.Members)] TMonitor,
        [DynamicallyAccessedMembers(ResultTypes.Members)] TAnalyze>(
        Algorithm<TMonitor, TAnalyze> algorithm)
        where TMonitor : class
        where TAnalyze : class;
}
