namespace Kta.Functional.Simulation;

/// <summary>Plans that never change, as yardsticks for those that do.</summary>
public static class StaticPlan
{
    /// <summary>For each node the largest of the smallest plans for what arrives second by second: never late, and never smaller.</summary>
    /// <param name="application">The application.</param>
    /// <exception cref="ArgumentException">Something is wrong with the description.</exception>
    public static Plan Peak(Application application)
    {
        var ideal = new IdealPlans(application);
        var peak = new int[application.Topology.Count];
        ideal.ForEachSecond((_, plan) =>
        {
            for (var i = 0; i < peak.Length; i++)
            {
                peak[i] = Math.Max(peak[i], plan[i]);
            }
        });
        return ideal.Named(peak);
    }

    /// <summary>The smallest plan for the mean of what arrives.</summary>
    /// <param name="application">The application.</param>
    /// <exception cref="ArgumentException">Something is wrong with the description.</exception>
    public static Plan Mean(Application application)
    {
        var ideal = new IdealPlans(application);
        return ideal.Named(ideal.For(ideal.MeanRates));
    }
}
