/// Exceptions of others, in words. Anything of theirs may throw.
module internal Kta.Functional.Http.Thrown

open System

let messageOf (error: exn) : string =
    try
        match box error.Message with
        | null -> "without a message"
        | message -> string message
    with thrown ->
        $"(its message cannot be read: {thrown.GetType().Name})"

let describe (error: exn) = $"{error.GetType().Name}: {messageOf error}"
