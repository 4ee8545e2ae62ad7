namespace Kta.Functional.Http

open System
open System.Buffers
open System.IO.Pipelines
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features

module internal RequestBuffer =
    [<Literal>]
    let private LargestPooled = 16777216

    /// Not the shared pool: that one drops large buffers after a while, and then they are allocated anew.
    let private pool = ArrayPool<byte>.Create(LargestPooled, 16)

    let rent (size: int64) =
        if size > int64 LargestPooled then
            GC.AllocateUninitializedArray<byte>(int size)
        else
            pool.Rent(int size)

    let giveBack (buffer: byte array) =
        if buffer.Length <= LargestPooled then
            pool.Return buffer

/// The body of a request, in a buffer of the pool unless it is very large: the pool would keep that for ever.
[<Struct>]
type internal RequestBytes = {
    Buffer: byte array
    Length: int
} with

    member this.Memory = ReadOnlyMemory<byte>(this.Buffer, 0, this.Length)
    member this.Release() = RequestBuffer.giveBack this.Buffer

module internal RequestBytes =
    [<Literal>]
    let private FirstGuess = 4096L

    /// A length is only a promise until the bytes come: more is taken as they do, in few steps, for each of them copies.
    [<Literal>]
    let private MostOnTrust = 1048576L

    [<Literal>]
    let private Growth = 16L

    /// Raised as Kestrel does it when it finds out by itself, so that there is one way to answer.
    let tooLarge (limit: int64) =
        BadHttpRequestException(
            $"The request body is larger than {limit} bytes. Set resultHistoryLength in the policy, "
            + "or raise MaxRequestBodySize.",
            StatusCodes.Status413PayloadTooLarge
        )

    let private noMemory () =
        BadHttpRequestException(
            "There is not enough memory to read the request. Set resultHistoryLength in the policy, or give the process more.",
            StatusCodes.Status503ServiceUnavailable
        )

    let private liftServerLimit (ctx: HttpContext) (limit: int64) =
        match ctx.Features.Get<IHttpMaxRequestBodySizeFeature>() with
        | null -> ()
        | feature when feature.IsReadOnly -> ()
        | feature -> feature.MaxRequestBodySize <- Nullable limit

    let private checkDeclared (ctx: HttpContext) (limit: int64) =
        let declared = ctx.Request.ContentLength

        if declared.HasValue && declared.Value > limit then
            raise (tooLarge limit)

        declared

    /// The body, of a length that was told, if all of it has come together with the head, as small ones do.
    let private tryReadAtOnce (reader: PipeReader) (limit: int64) : RequestBytes voption =
        let mutable part = Unchecked.defaultof<ReadResult>

        if not (reader.TryRead &part) then
            ValueNone
        elif not part.IsCompleted || part.Buffer.Length > min limit MostOnTrust then
            reader.AdvanceTo(part.Buffer.Start, part.Buffer.Start)
            ValueNone
        else
            let length = int part.Buffer.Length
            let buffer = RequestBuffer.rent (max 1L (int64 length))
            part.Buffer.CopyTo(buffer.AsSpan())
            reader.AdvanceTo part.Buffer.End
            ValueSome { Buffer = buffer; Length = length }

    let private readInParts (reader: PipeReader) (declared: Nullable<int64>) (limit: int64) : Task<RequestBytes> = task {
        let expected = if declared.HasValue then declared.Value else FirstGuess
        let mutable buffer = RequestBuffer.rent (expected |> max 1L |> min MostOnTrust)
        let mutable length = 0
        let mutable reading = true

        try
            while reading do
                // Without a token: when the connection ends the read does, and none is left pending.
                let! part = reader.ReadAsync()
                let total = int64 length + part.Buffer.Length

                if total > limit then
                    reader.AdvanceTo part.Buffer.End
                    raise (tooLarge limit)

                if total > int64 buffer.Length then
                    let wanted =
                        if declared.HasValue then
                            max total (min declared.Value (Growth * int64 buffer.Length))
                        else
                            max total (min limit (2L * int64 buffer.Length))

                    let larger = RequestBuffer.rent wanted
                    buffer.AsSpan(0, length).CopyTo(larger.AsSpan())
                    RequestBuffer.giveBack buffer
                    buffer <- larger

                part.Buffer.CopyTo(buffer.AsSpan length)
                length <- int total
                reading <- not part.IsCompleted
                reader.AdvanceTo part.Buffer.End

            return { Buffer = buffer; Length = length }
        with error ->
            RequestBuffer.giveBack buffer

            match error with
            | :? BadHttpRequestException as refused when refused.StatusCode = StatusCodes.Status413PayloadTooLarge ->
                return raise (tooLarge limit)
            | :? OutOfMemoryException -> return raise (noMemory ())
            | _ -> return raise error
    }

    let read (ctx: HttpContext) (limit: int64) : ValueTask<RequestBytes> =
        liftServerLimit ctx limit
        let declared = checkDeclared ctx limit
        let reader = ctx.Request.BodyReader

        match
            (if declared.HasValue then
                 tryReadAtOnce reader limit
             else
                 ValueNone)
        with
        | ValueSome bytes -> ValueTask<RequestBytes> bytes
        | ValueNone -> ValueTask<RequestBytes>(readInParts reader declared limit)
