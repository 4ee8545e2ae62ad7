namespace Kta.Functional.FSharp

open Kta.Functional

/// <summary>
/// From a computed number of instances to a parallelism that can be planned. A conversion with <c>int</c> makes 2,147,483,647
/// of infinity and 0 of NaN, without a word.
/// </summary>
/// <example><code>rate / 5_000.0 |> Parallelism.ofFloat |> Parallelism.atLeast 1 |> Parallelism.atMost 32</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Parallelism =

    /// <summary>The whole number of instances that is enough: rounds up, so 2.1 is 3 and 0.0 is 0.</summary>
    /// <param name="instances">How many instances are needed, with fractions.</param>
    /// <exception cref="T:Kta.Functional.UdfResultException">The number is not finite, or beyond 32 bits. Inside of <c>Plan.forEach</c> the message names the node.</exception>
    let ofFloat (instances: float) : int = Parallelism.Of instances

    /// <summary>Raises a number to a minimum, as a rate of 0 needs it: KTA cannot scale to zero.</summary>
    /// <param name="minimum">What it is at least.</param>
    /// <param name="parallelism">The number.</param>
    let atLeast (minimum: int) (parallelism: int) : int = Parallelism.AtLeast(parallelism, minimum)

    /// <summary>Lowers a number to a maximum.</summary>
    /// <param name="maximum">What it is at most.</param>
    /// <param name="parallelism">The number.</param>
    let atMost (maximum: int) (parallelism: int) : int = Parallelism.AtMost(parallelism, maximum)
