namespace Kta.Functional.Files;

/// <summary>Reads <c>spec.behavior</c>: who decides, how often, within which bounds.</summary>
internal static class BehaviorReader
{
    private const string Words = "an object with udfs";
    private const string Udfs = "an object with monitorEndpoint and planEndpoint";
    private const string Url = "an address with http or https, without user and #, such as http://kta-orders:8096/api/v1alpha1/";

    private static readonly string[] s_strategies = ["scaleUpStrategy", "scaleDownStrategy"];

    /// <summary>What it makes of a policy; null if there is nothing to be said. What is wrong becomes a problem of the file.</summary>
    internal static Func<KtaPolicy, KtaPolicy>? Read(YamlObject spec, Annotations? annotations)
    {
        var ours = annotations ?? Annotations.None;
        if (spec["behavior"] is not { } value)
        {
            if (!ours.Decides)
            {
                spec.Required("behavior", Words);
                return null;
            }

            spec.Whole.Note("the operator would refuse it without behavior.udfs.monitorEndpoint and planEndpoint");
            return policy => policy;
        }

        if (value.Object(
            Words, ["reconciliationIntervalSeconds", "minParallelism", "maxParallelism", "resultHistoryLength", "udfs", .. s_strategies]) is not { } behavior)
        {
            return null;
        }

        foreach (var strategy in s_strategies)
        {
            CheckStrategy(behavior[strategy]);
        }

        var interval = behavior["reconciliationIntervalSeconds"]?.KubernetesWhole(1);
        var min = behavior["minParallelism"]?.KubernetesWhole(1);
        var max = behavior["maxParallelism"]?.KubernetesWhole(min ?? 1, min > 1 ? "minParallelism, " : "");
        var history = behavior["resultHistoryLength"]?.KubernetesWhole(1);
        var (monitor, analyze, plan) = EndpointsOf(behavior, ours);
        return policy => policy with
        {
            Interval = interval is { } seconds ? TimeSpan.FromSeconds(seconds) : policy.Interval,
            MinParallelism = min ?? policy.MinParallelism,
            MaxParallelism = max ?? policy.MaxParallelism,
            HistoryLength = history,
            MonitorEndpoint = monitor,
            AnalyzeEndpoint = analyze,
            PlanEndpoint = plan,
        };
    }

    private static (Uri? Monitor, Uri? Analyze, Uri? Plan) EndpointsOf(YamlObject behavior, Annotations ours)
    {
        if ((ours.Decides ? behavior["udfs"] : behavior.Required("udfs", Udfs)) is not { } value)
        {
            if (ours.Decides)
            {
                behavior.Whole.Note("the operator would refuse it without udfs.monitorEndpoint and udfs.planEndpoint");
            }

            return default;
        }

        if (value.Object(Udfs, "monitorEndpoint", "analyzeEndpoint", "planEndpoint") is not { } udfs)
        {
            return default;
        }

        Require("monitorEndpoint", ours.Decides || ours.Measures);
        Require("planEndpoint", ours.Decides);
        return (udfs["monitorEndpoint"]?.HttpUrl(Url + "monitor"), udfs["analyzeEndpoint"]?.HttpUrl(Url + "analyze"), udfs["planEndpoint"]?.HttpUrl(Url + "plan"));

        void Require(string name, bool isOptional)
        {
            if (!isOptional)
            {
                udfs.Required(name, Url + name.Replace("Endpoint", "", StringComparison.Ordinal));
            }
            else if (udfs[name] is null)
            {
                value.Note($"the operator would refuse it without {name}");
            }
        }
    }

    private static void CheckStrategy(YamlValue? given)
    {
        const string Only = "NoStrategy, the only one there is; cooldowns and the like are settings of an algorithm, in the annotation " + AnnotationReader.Settings;
        if (given is not { } value || value.Object("an object with type: NoStrategy", "type", "args") is not { } strategy)
        {
            return;
        }

        if (strategy.Required("type", Only) is { } type && type.KubernetesText(Only) is { } text && text != "NoStrategy")
        {
            type.Wrong<string>(Only);
        }

        if (strategy["args"] is { } args && !args.IsEmpty)
        {
            args.Add("NoStrategy takes no args: leave them out");
        }
    }

    /// <summary>An absolute address, or null if it is none, which is a problem of the file. A user in it would be sent to nobody.</summary>
    internal static Uri? HttpUrl(this YamlValue value, string expected) =>
        value.KubernetesText(expected) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { Host.Length: > 0, UserInfo: "", Fragment: "" }
            && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '\\') && text.Contains("://", StringComparison.Ordinal)
                ? address
                : value.Wrong<Uri>(expected);
}
