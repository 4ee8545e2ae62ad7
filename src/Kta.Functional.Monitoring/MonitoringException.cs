namespace Kta.Functional.Monitoring;

/// <summary>A system could not be read: which one, what it was asked, what it said, and what to do.</summary>
public sealed class MonitoringException : KtaException
{
    /// <summary>Says what happened.</summary>
    /// <param name="server">The system, for example <c>Flink at http://jobmanager:8081</c>; no secrets.</param>
    /// <param name="query">What it was asked; no secrets.</param>
    /// <param name="problem">What happened, as the end of a sentence that begins with the query.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    /// <param name="status">The HTTP status it answered; null without an answer.</param>
    /// <param name="inner">The cause, if an exception is the cause.</param>
    public MonitoringException(string server, string query, string problem, string remedy, int? status = null, Exception? inner = null)
        : base($"{server}: {query} {problem} {remedy}", inner)
    {
        (Server, Query, Remedy, Status) = (server, query, remedy, status);
    }

    /// <summary>The system, for example <c>Flink at http://jobmanager:8081</c>.</summary>
    public string Server { get; }

    /// <summary>What it was asked.</summary>
    public string Query { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }

    /// <summary>The HTTP status it answered; null without an answer.</summary>
    public int? Status { get; }
}
