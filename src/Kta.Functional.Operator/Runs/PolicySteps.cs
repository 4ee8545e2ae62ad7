using Kta.Functional.Simulation;

namespace Kta.Functional.Operator;

/// <summary>The steps of a policy, made anew when what they are told from the start has changed.</summary>
/// <param name="make">Makes them.</param>
internal sealed class PolicySteps(Func<TimeSpan?, LocalPolicy> make) : IDisposable
{
    private (TimeSpan? Downtime, StepCalls Calls)? _made;
    private IDisposable? _owned;

    internal StepCalls For(TimeSpan? downtime)
    {
        if (_made is not { } made || made.Downtime != downtime)
        {
            var policy = make(downtime);
            Dispose();
            (var steps, _owned) = policy.Serve(policy.Options);
            made = (downtime, new StepCalls(steps, policy.Topology, policy.Options));
            _made = made;
        }

        return made.Calls;
    }

    public void Dispose() => _owned?.Dispose();
}
