using Confluent.Kafka;

namespace Kta.Functional.Monitoring.Kafka.Cluster;

/// <summary>What went wrong, in words: who was asked, for what, why it failed, and what to do.</summary>
internal sealed class Failures(IKafkaCluster cluster, string server, Secrets secrets)
{
    /// <summary>What and where the cluster is, for messages.</summary>
    internal string Server => server;

    /// <summary>Waits for an answer as long as the step has time. The request itself cannot be stopped: it ends by itself.</summary>
    /// <param name="query">What is asked, in the plural.</param>
    /// <param name="request">The request, under way.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MonitoringException">It failed.</exception>
    internal async Task<T> AnswerOf<T>(string query, Task<T> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException error)
        {
            throw Failure(query, error.Error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = request.ContinueWith(static late => _ = late.Exception, TaskScheduler.Default);
            var why = cluster.Trouble is { } trouble ? $" {Words(trouble)}" : "";
            throw new OperationCanceledException($"{server}: {query} were not answered before the time of the step was up.{why}", cancellationToken);
        }
    }

    /// <summary>What is wrong with a request, or with all that it is about.</summary>
    /// <param name="query">What was asked, in the plural.</param>
    /// <param name="error">What the cluster or the client says.</param>
    internal MonitoringException Failure(string query, Error error)
    {
        var cause = IsSilence(error) ? cluster.Trouble ?? error : error;
        var what = IsSilence(error) ? "were not answered" : IsNotThere(error) ? "are not there" : "were refused";
        return Failure(query, $"{what}: {Words(cause)}", RemedyOf(cause));
    }

    internal MonitoringException Failure(string query, string problem, string remedy) => new(server, query, problem, remedy);

    /// <summary>Whether an error will not go away by itself: then it is no matter of one partition.</summary>
    internal static bool IsDenied(Error error) => error.Code
        is ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed;

    /// <summary>What somebody else says, as a sentence.</summary>
    internal string Words(Error error) => $"{secrets.Hide(error.Reason).Trim().TrimEnd('.')}.";

    private static bool IsSilence(Error error) => error.Code
        is ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown
        or ErrorCode.Local_Resolve or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.RequestTimedOut
        or ErrorCode.SaslAuthenticationFailed or ErrorCode.NetworkException;

    private static bool IsNotThere(Error error) => error.Code
        is ErrorCode.UnknownTopicOrPart or ErrorCode.UnknownTopicId or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition
        or ErrorCode.GroupIdNotFound;

    private static string RemedyOf(Error error) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed => "The right is missing, which says nothing about whether the topic is there: give the user of the monitor DESCRIBE on it.",
        ErrorCode.GroupAuthorizationFailed => "The right is missing, which says nothing about whether the group is there: give the user of the monitor DESCRIBE on it.",
        ErrorCode.ClusterAuthorizationFailed => "The right is missing: give the user of the monitor DESCRIBE on the cluster.",
        _ when IsNotThere(error) => "Check the name and the address: another cluster may have it.",
        ErrorCode.LeaderNotAvailable or ErrorCode.Local_NoEnt => "No partition has a leader: see the state of the brokers.",
        ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.GroupLoadInProgress or ErrorCode.NotCoordinatorForGroup =>
            "The broker that keeps the offsets of the group is not ready: it will be, or see its log.",
        ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion => "The brokers are too old for this.",
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed =>
            "It wants to know who asks: check sasl.mechanism, sasl.username and the password.",
        ErrorCode.Local_Ssl => "The connection is not secure: check ssl.ca.location, the name in the certificate, and whether the port speaks TLS.",
        ErrorCode.Local_BadMsg =>
            "Something else than Kafka answers at this port, or Kafka with TLS: check the address, the port and security.protocol.",
        ErrorCode.Local_Resolve => "Is the name of the broker right? A broker also tells the client names of its own (advertised.listeners), which have to be known here.",
        ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown or ErrorCode.NetworkException =>
            "Is the broker running, is the address right, and does security.protocol fit the port?",
        _ => "See the log of the broker.",
    };
}
