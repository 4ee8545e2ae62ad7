namespace Kta.Functional.Http

open System
open System.Collections.Generic
open System.Threading
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.Logging

/// The settings below one name of the configuration. What the program itself has chosen has the last word.
type internal Settings(configuration: IConfiguration, name: string) =
    let section = configuration.GetSection name
    let known = List<string>()
    let problems = List<string>()
    let overruled = List<string>()

    let find (setting: string) : string | null =
        known.Add setting

        match section[setting] with
        | null
        | "" -> null
        | text -> text.Trim()

    let refuse (setting: string) (allowed: string) (text: string) =
        problems.Add(
            "The setting "
            + name
            + ":"
            + setting
            + " has to be "
            + allowed
            + "; it is '"
            + text
            + "'."
        )

    let read (setting: string) (allowed: string) (parse: string -> 'T voption) (chosen: Nullable<'T>) : Nullable<'T> =
        match find setting with
        | null -> chosen
        | _ when chosen.HasValue ->
            overruled.Add setting
            chosen
        | text ->
            match parse text with
            | ValueSome value -> Nullable value
            | ValueNone ->
                refuse setting allowed text
                chosen

    /// The name that settings of ours have in front.
    static member Root = "Kta"

    /// The settings as the program has chosen them, or else as they are configured.
    member _.Time(setting: string, chosen: Nullable<TimeSpan>) =
        read setting "a time with its unit, such as 4.5s, 200ms, 1h or 00:00:04.5" Units.time chosen

    member _.TimeOrInfinite(setting: string, chosen: Nullable<TimeSpan>) =
        let parse (text: string) =
            if text.Equals("infinite", StringComparison.OrdinalIgnoreCase) then
                ValueSome Timeout.InfiniteTimeSpan
            else
                Units.time text

        read setting "a time with its unit, such as 4.5s, 200ms, 1h or 00:00:04.5, or infinite" parse chosen

    member _.Bytes(setting: string, chosen: Nullable<int64>) =
        read setting "a number of bytes, such as 1048576, 512Mi or 1.5GiB" Units.bytes chosen

    member _.Whole(setting: string, chosen: Nullable<int>) = read setting "a whole number" Units.whole chosen

    member _.Switch(setting: string, chosen: Nullable<bool>) =
        let parse (text: string) =
            match Boolean.TryParse text with
            | true, value -> ValueSome value
            | _ -> ValueNone

        read setting "true or false" parse chosen

    member _.OneOf<'T when 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType and 'T :> Enum>
        (setting: string, chosen: Nullable<'T>)
        =
        let parse (text: string) =
            match Enum.TryParse<'T>(text, true) with
            | true, value when Enum.IsDefined value -> ValueSome value
            | _ -> ValueNone

        let names = String.Join(", ", Enum.GetNames<'T>())
        read setting $"one of {names}" parse chosen

    member _.Text(setting: string, chosen: string | null) : string | null =
        match find setting, chosen with
        | null, _ -> chosen
        | text, null -> text
        | _ ->
            overruled.Add setting
            chosen

    /// What is below the same name and read elsewhere.
    member _.Leave(setting: string) = known.Add setting

    /// All that is wrong, in one message.
    member _.Check() =
        if problems.Count > 0 then
            raise (ArgumentException(String.Join(" ", problems)))

    /// Says what has no effect: names that nobody knows, and values the program has overruled.
    member _.Report(logger: ILogger) =
        let all = String.Join(", ", known)

        for child in section.GetChildren() do
            if not (known.Exists(fun one -> one.Equals(child.Key, StringComparison.OrdinalIgnoreCase))) then
                Log.unknownSetting.Invoke(logger, name + ":" + child.Key, name, all, null)

        for setting in overruled do
            Log.overruledSetting.Invoke(logger, name + ":" + setting, setting, null)
