namespace Kta.Functional.Http

open System
open System.Buffers
open System.Collections.Generic
open System.Numerics

/// Arrays for the bodies of requests, kept for the next ones. Not the shared pool: that one drops large arrays after a
/// while, and never gives one size up for the sake of another.
type internal BodyBuffers(most: int64) =

    /// Below this the shared pool is as good, and quicker.
    static let smallest = 65536

    let mostIdle = min most (256L <<< 20)
    let gate = obj ()

    /// The one that was given back last stands last.
    let idle = List<byte array>()

    let mutable idleBytes = 0L
    let mutable usedBytes = 0L

    /// A few sizes for each power of two: little is wasted, and a body that has grown a little still fits.
    let roomFor (size: int) =
        let step = int64 (BitOperations.RoundUpToPowerOf2(uint size) / 8u)
        int (min (int64 Array.MaxLength) ((int64 size + step - 1L) / step * step))

    let removeAt (index: int) =
        let buffer = idle[index]
        idle.RemoveAt index
        idleBytes <- idleBytes - int64 buffer.Length
        buffer

    /// The smallest idle array that holds so much and is not far too large.
    let tryTake (size: int) : byte array | null =
        let mutable best = -1

        for i in 0 .. idle.Count - 1 do
            let length = idle[i].Length

            if
                length >= size
                && int64 length <= 2L * int64 size
                && (best < 0 || length < idle[best].Length)
            then
                best <- i

        if best < 0 then null else removeAt best

    let makeRoom (size: int) =
        while idle.Count > 0 && usedBytes + idleBytes + int64 size > most do
            removeAt 0 |> ignore

    let allocate (size: int) =
        lock gate (fun () ->
            makeRoom size
            usedBytes <- usedBytes + int64 size)

        try
            GC.AllocateUninitializedArray<byte> size
        with _ ->
            lock gate (fun () -> usedBytes <- usedBytes - int64 size)
            reraise ()

    let tryReuse (size: int) : byte array | null =
        lock gate (fun () ->
            match tryTake size with
            | null -> null
            | buffer ->
                usedBytes <- usedBytes + int64 buffer.Length
                buffer)

    let rentLarge (size: int) : byte array =
        match tryReuse size with
        | null -> allocate (roomFor size)
        | buffer -> buffer

    /// Whether a body of this size needs no counting.
    static member IsSmall(size: int64) = size <= int64 smallest

    /// An array of at least this size.
    member _.Rent(size: int) : byte array =
        if size <= smallest then
            ArrayPool.Shared.Rent size
        else
            rentLarge size

    /// An array for all of a body if one is kept, else one for what there is of it.
    member this.Rent(size: int, all: int64) : byte array =
        if BodyBuffers.IsSmall all || all > int64 Array.MaxLength then
            this.Rent size
        else
            match tryReuse (int all) with
            | null -> this.Rent size
            | buffer -> buffer

    /// Takes an array back. One that somebody may still read is not kept.
    member _.Return(buffer: byte array, isFree: bool) =
        if buffer.Length <= smallest then
            if isFree then
                ArrayPool.Shared.Return buffer
        else
            lock gate (fun () ->
                usedBytes <- usedBytes - int64 buffer.Length

                if isFree && int64 buffer.Length <= mostIdle then
                    idle.Add buffer
                    idleBytes <- idleBytes + int64 buffer.Length

                    while idleBytes > mostIdle do
                        removeAt 0 |> ignore)
