namespace Kta.Functional.Simulation;

/// <summary>Lets the loops of policies take turns by one clock, each when it is due.</summary>
internal static class Loop
{
    internal static async Task<IReadOnlyList<LocalRun>> RunAsync(
        IReadOnlyList<PolicyLoop> policies, TimeProvider clock, CancellationToken cancellationToken)
    {
        var waiting = policies.Select(policy => (Policy: policy, Due: clock.GetUtcNow())).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.MinBy(one => one.Due);
            await WaitAsync(clock, next.Due - clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            var attempt = await next.Policy.AttemptAsync(cancellationToken).ConfigureAwait(false);
            if (attempt.NeedsRealTime && clock is VirtualClock)
            {
                await Task.Delay(attempt.Pause, cancellationToken).ConfigureAwait(false);
            }

            var place = waiting.IndexOf(next);
            waiting[place] = next with { Due = clock.GetUtcNow() + attempt.Pause };
            waiting.RemoveAll(one => one.Policy.IsDone);
        }

        foreach (var policy in policies)
        {
            await policy.AskAgainAsync(cancellationToken).ConfigureAwait(false);
        }

        return [.. policies.Select(policy => policy.Run)];
    }

    private static Task WaitAsync(TimeProvider clock, TimeSpan time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (time <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        if (clock is VirtualClock virtually)
        {
            virtually.Advance(time);
            return Task.CompletedTask;
        }

        return Task.Delay(time, clock, cancellationToken);
    }
}
