namespace Kta.Functional.Algorithms;

/// <summary>A rule cannot decide at all without a number, not even to change nothing.</summary>
public sealed class MissingMeasurementException : UdfException
{
    internal MissingMeasurementException(TopologyNode node, Quantity quantity)
        : base(
            $"The {quantity.WireName()} of {node} is not known: it was not measured, and no earlier iteration tells it. " +
            $"Without it not even \"change nothing\" has a number. Let the monitor set {quantity}, at least until there is a history.")
    {
        Node = node;
        Quantity = quantity;
    }

    /// <summary>The node whose number is missing.</summary>
    public TopologyNode Node { get; }

    /// <summary>Which number is missing.</summary>
    public Quantity Quantity { get; }
}
