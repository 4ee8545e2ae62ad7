namespace Kta.Functional.Algorithms;

/// <summary>The pods of a node as the calculation sees them: sums in thousandths, over those with a sample that counts, those without one, and those not ready.</summary>
/// <param name="Samples">Pods whose sample counts.</param>
/// <param name="Usage">What they use.</param>
/// <param name="Request">What they have requested.</param>
/// <param name="Missing">Pods without a sample.</param>
/// <param name="MissingRequest">What these have requested.</param>
/// <param name="Unready">Pods that are not ready.</param>
/// <param name="UnreadyRequest">What these have requested.</param>
/// <param name="LacksRequest">Whether some pod has requested nothing.</param>
internal readonly record struct HpaPods(
    int Samples, Int128 Usage, Int128 Request, int Missing, Int128 MissingRequest, int Unready, Int128 UnreadyRequest, bool LacksRequest = false)
{
    /// <summary>Pods that all run and all use the same.</summary>
    internal static HpaPods Alike(int count, long usage, long request) =>
        new(count, (Int128)usage * count, (Int128)request * count, 0, 0, 0, 0);

    /// <summary>Failed and deleted pods do not count, pending ones are unready, those without a sample are missing.</summary>
    /// <param name="pods">State, request and usage of each pod.</param>
    /// <param name="readinessCounts">Whether a pod that runs but is not ready is unready: so for CPU, not for other metrics.</param>
    internal static HpaPods Of(IEnumerable<(InstanceState State, long? Request, long? Usage)> pods, bool readinessCounts)
    {
        var sum = default(HpaPods);
        foreach (var (state, request, usage) in pods)
        {
            if (request is null)
            {
                sum = sum with { LacksRequest = true };
            }

            var (isUnready, requested) = (state == InstanceState.Pending, request ?? 0);
            if (state is InstanceState.Failed or InstanceState.Deleting)
            {
                continue;
            }

            isUnready |= usage is not null && readinessCounts && state == InstanceState.Unready;
            sum = isUnready ? sum with { Unready = sum.Unready + 1, UnreadyRequest = sum.UnreadyRequest + requested }
                : usage is { } used ? sum with { Samples = sum.Samples + 1, Usage = sum.Usage + used, Request = sum.Request + requested }
                : sum with { Missing = sum.Missing + 1, MissingRequest = sum.MissingRequest + requested };
        }

        return sum;
    }
}
