namespace Kta.Functional.FSharp

open System
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Simulation

/// <summary>Running a policy against a simulated application. See <c>Kta.Functional.Simulation.Simulator</c>.</summary>
/// <example><code>let! run = orders |> Simulator.run (Autoscaler.ofRule (Ds2.rule Ds2.defaults))</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Simulator =

    /// <summary>Runs an algorithm. The application is what monitor measures and what plans scale.</summary>
    /// <param name="algorithm">Has plan, and perhaps analyze.</param>
    /// <param name="application">The application; its trace says what arrives.</param>
    /// <exception cref="T:Kta.Functional.Simulation.LocalOperatorException">A step failed.</exception>
    let run (algorithm: Algorithm) (application: Application) : Task<SimulatedRun> =
        Simulator.RunAsync(application, algorithm)

    /// <summary>The same with settings of the loop.</summary>
    /// <param name="options">The settings; interval, limits, clock and ids are the application's and the run's.</param>
    /// <param name="algorithm">Has plan, and perhaps analyze.</param>
    /// <param name="application">The application; its trace says what arrives.</param>
    /// <exception cref="T:Kta.Functional.Simulation.LocalOperatorException">A step failed.</exception>
    let runWith (options: LocalOperatorOptions) (algorithm: Algorithm) (application: Application) : Task<SimulatedRun> =
        Simulator.RunAsync(application, algorithm, options)

    /// <summary>Runs without scaling: always this plan.</summary>
    /// <param name="plan">The instances of every node.</param>
    /// <param name="application">The application.</param>
    let runStatic (plan: Plan) (application: Application) : Task<SimulatedRun> = Simulator.RunAsync(application, plan)

/// What a run was like, and what a test expects of it. Each expectation answers the run again.
[<RequireQualifiedAccess>]
module Run =

    /// <summary>The figures of a run beside those of the clairvoyant optimum.</summary>
    /// <param name="run">The run.</param>
    let besideClairvoyant (run: SimulatedRun) : RunFigures = RunFigures.Of(run, ClairvoyantOptimum.Of run.Application)

    /// <summary>Expects at most so many changes of the parallelism.</summary>
    /// <param name="changes">At least 0.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:Kta.Functional.Simulation.ExpectationException">There are more; the message shows them with their reasons.</exception>
    let expectAtMostChanges (changes: int) (run: SimulatedRun) : SimulatedRun = run.ExpectAtMostChanges changes

    /// <summary>Expects that no node goes back on its last change within a time.</summary>
    /// <param name="time">The time from one change of a node to the next.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:Kta.Functional.Simulation.ExpectationException">A node does; the message shows what happened between the two.</exception>
    let expectNoReversalWithin (time: TimeSpan) (run: SimulatedRun) : SimulatedRun = run.ExpectNoReversalWithin time

    /// <summary>Expects that nothing changes any more when some time has passed.</summary>
    /// <param name="time">How long it may take.</param>
    /// <param name="after">From when on, since the start.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:Kta.Functional.Simulation.ExpectationException">There is a later change.</exception>
    let expectSettledWithin (time: TimeSpan) (after: TimeSpan) (run: SimulatedRun) : SimulatedRun =
        run.ExpectSettledWithin(time, after)

    /// <summary>Expects that no node ever has more instances than this. For one node, or a part of the run, there is <c>run.ExpectNeverAbove</c>.</summary>
    /// <param name="parallelism">The largest parallelism that is fine.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:Kta.Functional.Simulation.ExpectationException">A node has more; the message shows what led to it.</exception>
    let expectNeverAbove (parallelism: int) (run: SimulatedRun) : SimulatedRun = run.ExpectNeverAbove parallelism

    /// <summary>Expects that no node ever has fewer instances than this. For one node, or a part of the run, there is <c>run.ExpectNeverBelow</c>.</summary>
    /// <param name="parallelism">The least parallelism that is fine.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:Kta.Functional.Simulation.ExpectationException">A node has fewer; the message shows what led to it.</exception>
    let expectNeverBelow (parallelism: int) (run: SimulatedRun) : SimulatedRun = run.ExpectNeverBelow parallelism

    /// <summary>Expects that each node has exactly this many instances at some moment. For one node, or within a time, there is <c>run.ExpectReaches</c>.</summary>
    /// <param name="parallelism">The parallelism.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:Kta.Functional.Simulation.ExpectationException">A node has not; the message shows the run.</exception>
    let expectReaches (parallelism: int) (run: SimulatedRun) : SimulatedRun = run.ExpectReaches parallelism

    /// <summary>Expects that at most a share of the time is above the objective.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="T:Kta.Functional.Simulation.ExpectationException">It is more; the message shows the longest stretch.</exception>
    let expectAboveObjectiveAtMost (share: float) (run: SimulatedRun) : SimulatedRun =
        run.ExpectAboveObjectiveAtMost share
