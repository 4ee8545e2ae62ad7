namespace Kta.Functional.Wire;

/// <summary>Where a user-defined result stands in a request; made into text only for a message.</summary>
/// <param name="Producer">The step that answered it.</param>
/// <param name="Of">The history entry it is in, or the request for the present iteration.</param>
internal readonly record struct ResultPath(Step Producer, ObjectPath Of = default)
{
    internal string Text => Of.Member(Producer == Step.Monitor ? WireNames.MonitorResult : WireNames.AnalyzeResult);

    /// <summary>Decodes a result, or says what does not fit; the SDK's own errors pass.</summary>
    internal bool TryRead<T>(ResultCodec<T> codec, ReadOnlySpan<byte> json, out T? result, out RequestProblem? problem)
        where T : class
    {
        (result, problem) = (null, null);
        try
        {
            result = codec.Read(json) ?? throw new UnreadableResultException("$", "the codec gave null");
            return true;
        }
        catch (UnreadableResultException error)
        {
            problem = Unreadable<T>(error.Path[1..], error.Reason);
        }
        catch (Exception error) when (error is not KtaException)
        {
            problem = Unreadable<T>("", ThrownText.MessageOf(error));
        }

        return false;
    }

    private RequestProblem Unreadable<T>(string inside, string reason) =>
        new(Text + inside, $"a {TypeText.Of(typeof(T))}", "something else: " + reason);
}
