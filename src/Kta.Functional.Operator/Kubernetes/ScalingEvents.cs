using System.Collections.Concurrent;
using System.Text;
using k8s;
using k8s.Models;
using Kta.Functional.Files;

namespace Kta.Functional.Operator.Kubernetes;

/// <summary>What people see of a decision who look at an object: <c>kubectl describe</c>.</summary>
internal sealed class ScalingEvents(KubernetesConnection connection, string @namespace, KubernetesScaleDriverOptions options)
{
    /// <summary>In bytes; the API takes no longer notes.</summary>
    private const int LongestNote = 1024;

    private readonly ConcurrentDictionary<string, long> _writtenAt = [];
    private readonly ApiCalls _calls = new(connection.Name, options.CallLimit, TimeSpan.Zero, options.Clock);

    /// <summary>Whether an event may be written on an object: none was less than an interval ago.</summary>
    internal bool IsDue(ScaledObject about) => options.Events && !options.DryRun
        && !(_writtenAt.TryGetValue(KeyOf(about), out var last) && options.Clock.GetElapsedTime(last) < options.EventInterval);

    /// <summary>Writes an event on an object, if it is due.</summary>
    /// <returns>Why it could not be written; null if all is well.</returns>
    internal async Task<string?> WriteAsync(ScaledObject about, string? uid, ScalingEvent what, CancellationToken cancellationToken)
    {
        if (!IsDue(about))
        {
            return null;
        }

        _writtenAt[KeyOf(about)] = options.Clock.GetTimestamp();
        try
        {
            await _calls.MakeAsync(
                new($"An event on {about.Kind} {about.Name} in namespace {@namespace}", "create", "events.k8s.io", "events", @namespace),
                token => connection.Client.EventsV1.CreateNamespacedEventAsync(EventOf(about, uid, what), @namespace, cancellationToken: token),
                cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (ScalingException error)
        {
            return error.Message;
        }
    }

    private static string KeyOf(ScaledObject about) => $"{about.ApiVersion}/{about.Kind}/{about.Name}";

    private Eventsv1Event EventOf(ScaledObject about, string? uid, ScalingEvent what) => new()
    {
        ApiVersion = $"{Eventsv1Event.KubeGroup}/{Eventsv1Event.KubeApiVersion}",
        Kind = Eventsv1Event.KubeKind,
        Metadata = new() { GenerateName = "kta-", NamespaceProperty = @namespace },
        EventTime = MicroTime.Of(options.Clock.GetUtcNow().UtcDateTime),
        ReportingController = "kta-functional/kta",
        ReportingInstance = Cut(Environment.MachineName, 128),
        Action = "Scale",
        Reason = what.Reason,
        Type = what.IsWarning ? "Warning" : "Normal",
        Note = Cut(what.Note, LongestNote),
        Regarding = new() { ApiVersion = about.ApiVersion, Kind = about.Kind, Name = about.Name, NamespaceProperty = @namespace, Uid = uid },
    };

    private static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        var end = Math.Min(text.Length, bytes - 3);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, end)) > bytes - 3 || char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end), "…");
    }
}
