using System.Diagnostics;
using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Calls steps within the bounds of a check, and writes down where there is no reply at all.</summary>
internal sealed class StepCaller(StepEndpoints endpoints, CancellationToken cancellationToken)
{
    private const int MostRequests = 150;
    private const long MostBytes = 64 << 20;

    /// <summary>A step that never answers costs seconds each time.</summary>
    private const int MostSilences = 2;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(90);

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Dictionary<Step, int> _silences = [];

    internal int Requests { get; private set; }

    internal long Bytes { get; private set; }

    internal TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Whether something was left out to keep within the bounds.</summary>
    internal bool HasStopped { get; private set; }

    /// <summary>Whether nobody listens there.</summary>
    internal bool IsNotThere { get; private set; }

    internal Uri AddressOf(Step step) => step switch
    {
        Step.Monitor => endpoints.Monitor,
        Step.Analyze => endpoints.Analyze!,
        _ => endpoints.Plan,
    };

    /// <summary>The reply on a connection of its own; null if there is none, which is written down.</summary>
    internal async Task<RawReply?> AskAsync(Probe probe, ReadOnlyMemory<byte> body)
    {
        if (!May(probe.Step))
        {
            return null;
        }

        try
        {
            Count(body);
            await using var connection = await OperatorConnection.OpenAsync(AddressOf(probe.Step), cancellationToken);
            return await connection.SendAsync(AddressOf(probe.Step), body, cancellationToken);
        }
        catch (ExchangeException error)
        {
            Tell(probe, error);
            return null;
        }
    }

    /// <summary>Two requests on one connection, as the operator keeps them: what stands behind the first reply, and whether there is a second.</summary>
    internal async Task AskTwiceAsync(Probe probe, ReadOnlyMemory<byte> body)
    {
        if (!May(probe.Step))
        {
            return;
        }

        try
        {
            Count(body);
            await using var connection = await OperatorConnection.OpenAsync(AddressOf(probe.Step), cancellationToken);
            var reply = await connection.SendAsync(AddressOf(probe.Step), body, cancellationToken);
            if (reply.SaysClose)
            {
                return;
            }

            switch (await connection.WatchAsync(cancellationToken))
            {
                case Aftermath.Closed:
                    probe.Error(
                        "closes-silently",
                        "it closes the connection after its reply without Connection: close",
                        "Keep connections open for longer than the interval of the policy, or say that they are closed.",
                        "About one request in thirty meets the closing and is not sent again: the iteration fails.");
                    break;
                case Aftermath.MoreBytes:
                    probe.Error("more-bytes", "it sends more than the Content-Length of its reply says", "Let the server count the bytes of the body.", "The rest is taken for the beginning of the next reply, which cannot be read. The iteration fails.");
                    break;
                default:
                    await OnWatchedConnectionAsync(probe, body, connection);
                    break;
            }
        }
        catch (ExchangeException error)
        {
            Tell(probe, error);
        }
    }

    private async Task OnWatchedConnectionAsync(Probe probe, ReadOnlyMemory<byte> body, OperatorConnection connection)
    {
        // A stream that is encrypted does not outlive a wait that was given up.
        if (AddressOf(probe.Step).Scheme == "https")
        {
            return;
        }

        try
        {
            Count(body);
            await connection.SendAsync(AddressOf(probe.Step), body, cancellationToken);
        }
        catch (ExchangeException error)
        {
            probe.Error("one-per-connection", $"the second request on a connection gets no reply: {error.Message}", "Answer every request of a connection, or say Connection: close.");
        }
    }

    private bool May(Step step)
    {
        var may = Requests < MostRequests && Bytes < MostBytes && Elapsed < s_longest && _silences.GetValueOrDefault(step) < MostSilences && !IsNotThere;
        HasStopped |= !may;
        return may;
    }

    private void Count(ReadOnlyMemory<byte> body)
    {
        Requests++;
        Bytes += body.Length;
    }

    private void Tell(Probe probe, ExchangeException error)
    {
        _silences[probe.Step] = _silences.GetValueOrDefault(probe.Step) + error.Trouble switch
        {
            Trouble.Silent => 1,
            Trouble.Endless => MostSilences,
            _ => 0,
        };

        IsNotThere |= error.Trouble == Trouble.NotThere && Requests == 1;
        switch (error.Trouble)
        {
            case Trouble.NotThere:
                probe.Error("not-there", $"{AddressOf(probe.Step)} cannot be reached: {error.Message}", "Start the server, or check the address; if it was there before, see why it has ended.");
                break;
            case Trouble.Silent:
                probe.Error("silent", error.Message, "Answer within 5 s, better within one: measure beforehand, or give up earlier on what is slow.");
                break;
            case Trouble.Endless:
                probe.Error("endless", error.Message, "Send Content-Length, or the last chunk; have the whole reply ready before its head.", "It waits for ever, and nothing is scaled any more.");
                break;
            case Trouble.TooLarge:
                probe.Error("too-large", error.Message, "Keep the results of monitor and analyze below 500 kB together.", "It cannot write its status: every iteration is done again after it has scaled.");
                break;
            case Trouble.NoHttp:
                probe.Error("no-http", error.Message, "Serve HTTP/1.1 at this address; HTTP/2 alone, or TLS behind http, is not understood.");
                break;
            default:
                probe.Error("broken-off", error.Message, "See the log of the server.");
                break;
        }
    }
}
