using System.Net;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;

namespace Kta.Functional.Operator.Kubernetes;

/// <summary>A lease whose server may be away for a moment: then it is tried again until the deadline, instead of giving up at once.</summary>
internal sealed class LeaseHolder : ILock
{
    private const string Group = "coordination.k8s.io";

    private readonly LeaseLock _lease;
    private readonly ApiCalls _calls;
    private readonly string _namespace;
    private readonly Action<string>? _onNote;
    private string? _noted;

    internal LeaseHolder(KubernetesConnection connection, string @namespace, string name, string identity, LeadershipOptions options)
    {
        _lease = new(connection.Client, @namespace, name, identity);
        _calls = new(connection.Name, options.RenewDeadline / 2, TimeSpan.Zero, TimeProvider.System);
        (_namespace, _onNote) = (@namespace, options.OnNote);
        Name = $"Lease {name} in namespace {@namespace}";
        _lease.OnHttpError += error =>
        {
            // Another one was faster: that is what a lease is for.
            if (error.Response.StatusCode != HttpStatusCode.Conflict)
            {
                Note(RequestTo(error.Request.Method == HttpMethod.Post ? "create" : "update").Refused(error));
            }
        };
    }

    /// <summary>Which one, for messages.</summary>
    internal string Name { get; }

    public string Identity => _lease.Identity;

    public string Describe() => _lease.Describe();

    public async Task<LeaderElectionRecord> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.MakeAsync(RequestTo("get"), _lease.GetAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (ScalingException error)
        {
            // Of these the elector takes every other one than 404 for a lease it does not get now.
            var http = error.InnerException as HttpOperationException ?? Unavailable(error);
            if (http.Response.StatusCode != HttpStatusCode.NotFound)
            {
                Note(error.Message);
            }

            throw http;
        }
    }

    public Task<bool> CreateAsync(LeaderElectionRecord record, CancellationToken cancellationToken) =>
        WriteAsync("create", token => _lease.CreateAsync(Timed(record), token), cancellationToken);

    public Task<bool> UpdateAsync(LeaderElectionRecord record, CancellationToken cancellationToken) =>
        WriteAsync("update", token => _lease.UpdateAsync(Timed(record), token), cancellationToken);

    /// <summary>Lets somebody else have it at once.</summary>
    internal async Task ReleaseAsync()
    {
        try
        {
            var record = await GetAsync(CancellationToken.None).ConfigureAwait(false);
            if (record.HolderIdentity == Identity)
            {
                (record.HolderIdentity, record.LeaseDurationSeconds, record.RenewTime) = ("", 1, DateTime.UtcNow);
                await UpdateAsync(record, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (HttpOperationException)
        {
            // It is free when its time is up.
        }
    }

    private static LeaderElectionRecord Timed(LeaderElectionRecord record)
    {
        record.AcquireTime = record.AcquireTime is { } acquired ? MicroTime.Of(acquired) : null;
        record.RenewTime = record.RenewTime is { } renewed ? MicroTime.Of(renewed) : null;
        return record;
    }

    private static HttpOperationException Unavailable(ScalingException error)
    {
        using var nothing = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        return new(error.Message, error) { Response = new(nothing, "") };
    }

    private async Task<bool> WriteAsync(string verb, Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.MakeAsync(RequestTo(verb), write, cancellationToken).ConfigureAwait(false);
        }
        catch (ScalingException error)
        {
            Note(error.Message);
            return false;
        }
    }

    private ApiRequest RequestTo(string verb) => new(Name, verb, Group, "leases", _namespace);

    private void Note(string problem)
    {
        if (Interlocked.Exchange(ref _noted, problem) != problem)
        {
            _onNote?.Invoke(problem);
        }
    }
}
