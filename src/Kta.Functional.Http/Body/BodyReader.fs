namespace Kta.Functional.Http

open System
open System.Buffers
open System.IO
open System.IO.Pipelines
open System.Threading
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features

/// The body of a request, in memory that is used again when the call has ended.
[<Sealed>]
type internal RequestBytes(buffers: BodyBuffers, buffer: byte array, length: int) =
    let mutable isHeld = 1

    member _.Memory = ReadOnlyMemory<byte>(buffer, 0, length)

    /// Gives the memory back, once. What may still be read is left to the garbage collector.
    member _.End(isFree: bool) =
        if Interlocked.Exchange(&isHeld, 0) = 1 then
            buffers.Return(buffer, isFree)

    interface IDisposable with
        member this.Dispose() = this.End false

/// Reads bodies of at most so many bytes.
type internal BodyReader(buffers: BodyBuffers, limit: int64) =

    /// A length is only a promise until the bytes come: more is taken as they do, in few steps, for each of them copies.
    static let mostOnTrust = 1048576L

    static let growth = 16L

    /// For a length that was not told.
    static let firstGuess = 4096L

    /// What the server itself reports about a connection or a request, and what is said about memory. All else comes from a
    /// stream that somebody has put in front of the body, and is about what it found there.
    static let isOfConnection (error: exn) =
        error :? IOException
        || error :? BadHttpRequestException
        || error :? OperationCanceledException
        || error :? OutOfMemoryException

    let tooLarge () =
        BadHttpRequestException(
            $"The request body is larger than {limit} bytes. Set resultHistoryLength in the policy, "
            + "or raise MaxRequestBodySize.",
            StatusCodes.Status413PayloadTooLarge
        )

    let liftServerLimit (ctx: HttpContext) =
        match ctx.Features.Get<IHttpMaxRequestBodySizeFeature>() with
        | null -> ()
        | feature when feature.IsReadOnly -> ()
        | feature -> feature.MaxRequestBodySize <- Nullable limit

    /// The body, of a length that was told, if all of it has come together with the head, as small ones do; else null.
    let tryReadAtOnce (reader: PipeReader) : RequestBytes | null =
        let mutable part = Unchecked.defaultof<ReadResult>

        if not (reader.TryRead &part) then
            null
        elif not part.IsCompleted || part.Buffer.Length > min limit mostOnTrust then
            reader.AdvanceTo(part.Buffer.Start, part.Buffer.Start)
            null
        else
            let length = int part.Buffer.Length
            let buffer = buffers.Rent length
            part.Buffer.CopyTo(buffer.AsSpan())
            reader.AdvanceTo part.Buffer.End
            new RequestBytes(buffers, buffer, length)

    /// How much to take when so much has come. A length that was told is no more than a hint: middleware that unpacks a body
    /// leaves the packed length where it is.
    let room (total: int64) (declared: int64) (current: int) =
        if total <= declared then
            max total (min declared (max mostOnTrust (growth * int64 current)))
        else
            max total (min limit (max firstGuess (2L * int64 current)))

    let next (reader: PipeReader) : Task<ReadResult> = task {
        try
            // Without a token: when the connection ends the read does, and none is left pending.
            return! reader.ReadAsync()
        with error when not (isOfConnection error) ->
            return raise (BadHttpRequestException($"The body cannot be read: {error.Message}", error))
    }

    let readInParts (reader: PipeReader) (declared: int64) (lease: CallLease) : Task<RequestBytes> = task {
        let mutable buffer: byte array = [||]
        let mutable length = 0
        let mutable reading = true

        try
            while reading do
                let! part = next reader
                let total = int64 length + part.Buffer.Length

                if total > limit then
                    reader.AdvanceTo part.Buffer.End
                    raise (tooLarge ())

                if total > int64 buffer.Length then
                    let wanted = room total declared buffer.Length

                    if
                        wanted > declared
                        && not (BodyBuffers.IsSmall wanted)
                        && not (lease.TryReserve wanted)
                    then
                        raise (OutOfMemoryException "Other requests take all of MaxRequestMemory.")

                    let larger = buffers.Rent(int wanted, max wanted declared)
                    buffer.AsSpan(0, length).CopyTo(larger.AsSpan())
                    buffers.Return(buffer, true)
                    buffer <- larger

                part.Buffer.CopyTo(buffer.AsSpan length)
                length <- int total
                reading <- not part.IsCompleted
                reader.AdvanceTo part.Buffer.End

            return new RequestBytes(buffers, buffer, length)
        with error ->
            buffers.Return(buffer, true)

            match error with
            | :? BadHttpRequestException as refused when refused.StatusCode = StatusCodes.Status413PayloadTooLarge ->
                return raise (tooLarge ())
            | _ -> return raise error
    }

    /// The length a request tells, or 0. One that is too large is refused as Kestrel does it when it finds out by itself, so
    /// that there is one way to answer.
    member _.Declared(ctx: HttpContext) =
        let declared = ctx.Request.ContentLength

        if declared.HasValue && declared.Value > limit then
            raise (tooLarge ())

        declared.GetValueOrDefault()

    /// Reads a body for which memory of the length it tells is reserved.
    member _.Read(ctx: HttpContext, lease: CallLease) : ValueTask<RequestBytes> =
        liftServerLimit ctx
        let declared = ctx.Request.ContentLength
        let reader = ctx.Request.BodyReader

        match (if declared.HasValue then tryReadAtOnce reader else null) with
        | null -> ValueTask<RequestBytes>(readInParts reader (declared.GetValueOrDefault()) lease)
        | bytes -> ValueTask<RequestBytes> bytes
