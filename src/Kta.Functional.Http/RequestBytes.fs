namespace Kta.Functional.Http

open System
open System.Buffers
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features

/// The body of a request in a buffer of the shared pool.
[<Struct>]
type internal RequestBytes = {
    Buffer: byte array
    Length: int
} with

    member this.Memory = ReadOnlyMemory<byte>(this.Buffer, 0, this.Length)
    member this.Release() = ArrayPool<byte>.Shared.Return this.Buffer

module internal RequestBytes =
    [<Literal>]
    let private FirstGuess = 4096

    /// Raised as Kestrel does it when it finds out by itself, so that there is one way to answer.
    let tooLarge (limit: int64) =
        BadHttpRequestException(
            $"The request body is larger than {limit} bytes. Set resultHistoryLength in the policy, "
            + "or raise MaxRequestBodySize.",
            StatusCodes.Status413PayloadTooLarge
        )

    let private liftServerLimit (ctx: HttpContext) (limit: int64) =
        match ctx.Features.Get<IHttpMaxRequestBodySizeFeature>() with
        | null -> ()
        | feature when feature.IsReadOnly -> ()
        | feature -> feature.MaxRequestBodySize <- Nullable limit

    let read (ctx: HttpContext) (limit: int64) : Task<RequestBytes> = task {
        liftServerLimit ctx limit
        let declared = ctx.Request.ContentLength

        if declared.HasValue && declared.Value > limit then
            raise (tooLarge limit)

        let reader = ctx.Request.BodyReader
        let first = if declared.HasValue then int declared.Value else FirstGuess
        let mutable buffer = ArrayPool<byte>.Shared.Rent(max first 1)
        let mutable length = 0
        let mutable reading = true

        try
            while reading do
                let! part = reader.ReadAsync ctx.RequestAborted
                let total = int64 length + part.Buffer.Length

                if total > limit then
                    reader.AdvanceTo part.Buffer.End
                    raise (tooLarge limit)

                if total > int64 buffer.Length then
                    let wanted = min limit (max total (2L * int64 buffer.Length))
                    let larger = ArrayPool<byte>.Shared.Rent(int wanted)
                    buffer.AsSpan(0, length).CopyTo(larger.AsSpan())
                    ArrayPool<byte>.Shared.Return buffer
                    buffer <- larger

                part.Buffer.CopyTo(buffer.AsSpan length)
                length <- int total
                reading <- not part.IsCompleted
                reader.AdvanceTo part.Buffer.End

            return { Buffer = buffer; Length = length }
        with error ->
            ArrayPool<byte>.Shared.Return buffer

            match error with
            | :? BadHttpRequestException as refused when refused.StatusCode = StatusCodes.Status413PayloadTooLarge ->
                return raise (tooLarge limit)
            | _ -> return raise error
    }
