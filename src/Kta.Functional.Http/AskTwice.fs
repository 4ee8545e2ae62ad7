namespace Kta.Functional.Http

/// <summary>
/// Which steps are asked twice when they are served: a few calls are remembered, and now and then one of them is asked again
/// beside the others. A step that answers it differently is no function of its context.
/// </summary>
type AskTwice =

    /// <summary>Synchronous steps that use no <c>Service</c>; others may look at the world.</summary>
    | SynchronousSteps = 0

    /// <summary>All steps.</summary>
    | AllSteps = 1

    /// <summary>No step.</summary>
    | Never = 2
