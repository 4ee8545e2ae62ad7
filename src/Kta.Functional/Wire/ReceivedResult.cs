namespace Kta.Functional.Wire;

/// <summary>A result as it stands in a request; decoded once, when first read.</summary>
internal sealed class ReceivedResult<T>(ReceivedRequest request, Slice? slice, ResultCodec<T> codec, Step producer)
    : ResultSlot<T>
    where T : class
{
    private readonly HandedResult? _handed = request.Handed?.Of(producer);
    private T? _value;

    internal override bool IsNothing =>
        _handed is not null ? _handed.IsNothing : slice is not { } known || request.Body.Read(known, 0, static (json, _) => JsonText.IsEmptyObject(json.Span));

    internal override T Value => _value ??= Decode();

    private T Decode()
    {
        if (IsNothing && !codec.TakesNothing)
        {
            throw Nothing();
        }

        var path = new ResultPath(producer);
        var (result, problem) = _handed is not null
            ? request.Body.Read(default, (_handed, codec, path), static (_, at) => Read(at._handed, at.codec, at.path))
            : slice is { } known
            ? request.Body.Read(known, (codec, path), static (json, at) => Read(at.codec, at.path, json.Span))
            : Read(codec, path, "{}"u8);
        return result ?? throw (IsNothing ? Nothing() : new InvalidRequestException([problem!]));
    }

    private static (T? Result, RequestProblem? Problem) Read(ResultCodec<T> codec, ResultPath path, ReadOnlySpan<byte> json) =>
        path.TryRead(codec, json, out var result, out var problem) ? (result, null) : (null, problem);

    private static (T? Result, RequestProblem? Problem) Read(HandedResult handed, ResultCodec<T> codec, ResultPath path) =>
        handed.TryRead(codec, path, out var result, out var problem) ? (result, null) : (null, problem);

    private InvalidRequestException Nothing() =>
        new(
        [
            new RequestProblem(
                new ResultPath(producer).Text,
                $"a {TypeText.Of(typeof(T))}, what {producer.Name()} answered",
                (slice is null && _handed is null ? "nothing" : "{}")
                + (producer == Step.Analyze ? " (use ctx.AnalyzeResultOrNull if analyze may have nothing to say)" : "")),
        ]);
}
