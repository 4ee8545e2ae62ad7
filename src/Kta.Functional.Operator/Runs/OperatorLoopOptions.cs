namespace Kta.Functional.Operator;

/// <summary>Settings of an <see cref="OperatorLoop"/>.</summary>
public sealed record OperatorLoopOptions
{
    /// <summary>Is told what happens, on the threads of the loops, several at once: it has to be quick, and must not throw.</summary>
    public Action<RunEvent>? OnEvent { get; init; }

    /// <summary>How long steps and scalings under way may take when the loop ends; after it they are broken off. Default: 8 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The clock of intervals and timestamps.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
