using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Files;
using Kta.Functional.Operator;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Finds out who decides for a policy, and what is scaled: by the command line, else by its annotations, else by its endpoints.</summary>
/// <param name="given">What the command line says for all policies.</param>
/// <param name="scaling">How drivers are made.</param>
/// <param name="note">Is told what is no failure but worth knowing.</param>
internal sealed class OperatedPolicies(DecidingOptions given, Drivers scaling, Action<string> note)
{
    /// <exception cref="UsageException">The policy names nobody who decides, or wrongly.</exception>
    internal OperatedPolicy Of(KtaPolicy policy)
    {
        try
        {
            var (settings, steps, monitor) = Deciding(policy);
            try
            {
                return new() { Policy = policy, Steps = steps, Settings = settings.ToJsonString(), Driver = scaling.Of(policy), Owned = monitor };
            }
            catch
            {
                monitor?.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is UsageException or ArgumentException)
        {
            throw new UsageException($"{policy.FullName}: {error.Message}");
        }
    }

    private (JsonObject Settings, Func<TimeSpan?, LocalPolicy> Steps, IDisposable? Monitor) Deciding(KtaPolicy policy)
    {
        var options = OperatedPolicy.OptionsOf(policy);
        var bounds = new JsonObject
        {
            ["intervalSeconds"] = policy.Interval.TotalSeconds,
            ["minParallelism"] = policy.MinParallelism,
            ["maxParallelism"] = policy.MaxParallelism,
        };
        if ((given.Algorithm ?? policy.Algorithm) is not { } name)
        {
            var endpoints = EndpointsOf(policy);
            bounds["plan"] = endpoints.Plan.ToString();
            return (bounds, _ => LocalPolicy.Of(policy.FullName, endpoints, policy.Topology, options), null);
        }

        var sources = given.Monitors.Count > 0 ? given.Monitors : policy.Monitors;
        var settings = given.Algorithm is not null || given.Settings.Count > 0 ? given.Settings : policy.Settings;
        bounds["algorithm"] = name;
        foreach (var (setting, value) in settings)
        {
            bounds[setting] = value;
        }

        switch (Policy.Of(name, settings))
        {
            case RulePolicy rule:
                // Wrong settings are told now, not with the first iteration.
                _ = RuleOf(policy, rule, downtime: null);
                var monitor = MonitorOption.Of(sources, rule.Name, note)
                    ?? throw new UsageException($"{rule.Name} needs numbers to decide on: say where they come from with --monitor, or the annotation kta-functional/monitor.");
                return (bounds, downtime => LocalPolicy.Of(policy.FullName, RuleOf(policy, rule, downtime).WithMonitor(monitor.MeasureAsync), policy.Topology, options), monitor);
            case DummyPolicy dummy:
                return (bounds, _ => LocalPolicy.Of(policy.FullName, DummyAutoscaler.Create(dummy.Options()), policy.Topology, options), null);
            case var other:
                throw new UsageException($"{other.Name} needs an application that is known in advance, so it can only be simulated.");
        }
    }

    /// <summary>The rule without analyze, which would only publish what plan decides by itself.</summary>
    private static Algorithm<Measurements, Proposals> RuleOf(KtaPolicy policy, RulePolicy rule, TimeSpan? downtime) =>
        Autoscaler.ByName(rule.Name, KnownSettings.Beneath(rule.Name, rule.Given, KnownSettings.Of(policy, downtime))) with { Analyze = null };

    private static StepEndpoints EndpointsOf(KtaPolicy policy) => (policy.MonitorEndpoint, policy.PlanEndpoint) is ({ } monitor, { } plan)
        ? new StepEndpoints(monitor, policy.AnalyzeEndpoint, plan)
        : throw new UsageException("nobody decides for it: give it monitorEndpoint and planEndpoint, the annotation kta-functional/algorithm, or --algorithm on the command line.");
}

/// <summary>What the command line says about who decides.</summary>
/// <param name="Algorithm">The algorithm for all policies; null for what each of them says.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Monitors">Where numbers come from; empty for what each policy says.</param>
internal sealed record DecidingOptions(string? Algorithm, IReadOnlyList<KeyValuePair<string, string?>> Settings, IReadOnlyList<string> Monitors);
