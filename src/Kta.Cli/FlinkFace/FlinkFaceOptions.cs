namespace Kta.Cli;

/// <summary>How a simulated Flink is served.</summary>
internal sealed record FlinkFaceOptions
{
    /// <summary>The address to listen on.</summary>
    internal string Host { get; init; } = "127.0.0.1";

    /// <summary>The port to listen on, 0 for a free one.</summary>
    internal int Port { get; init; }

    /// <summary>How many simulated seconds pass in one.</summary>
    internal double Speed { get; init; } = 1;

    /// <summary>Where the state is kept; null: nowhere.</summary>
    internal string? StatePath { get; init; }

    /// <summary>How many slots the task managers have; null: plenty, or those of the state.</summary>
    internal int? Slots { get; init; }

    /// <summary>The time from which the simulated one is taken.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
