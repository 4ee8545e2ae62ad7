namespace Kta.Functional.Analyzers.Replay;

/// <summary>Why something answers differently for the same context, and what to write instead.</summary>
internal sealed class Cause
{
    internal static readonly Cause Time = new("call to call", "take the time from ctx.StartedAt");

    internal static readonly Cause Chance = new(
        "call to call", "derive it from ctx.UdfStartTimestampMillis, as in new Random((int)ctx.UdfStartTimestampMillis)");

    internal static readonly Cause Identity = new("call to call", "take ctx.Id, which is new in every iteration");

    internal static readonly Cause Hash = new("process to process", "hash the bytes of the value, as with SHA256.HashData");

    internal static readonly Cause Surroundings = new(
        "machine to machine", "read it before the algorithm is created, and use the value", isSetting: true);

    internal static readonly Cause Zone = new(
        "machine to machine", "name the time zone, as in TimeZoneInfo.ConvertTime(ctx.StartedAt, zone)", isSetting: true);

    internal static readonly Cause Culture = new(
        "machine to machine", "name the culture, as in CultureInfo.InvariantCulture", isSetting: true);

    internal static readonly Cause File = new(
        "call to call", "read it in monitor and answer it in the result, or read it before the algorithm is created", isSetting: true);

    internal static readonly Cause World = new("call to call", "measure it in monitor, and answer it in the result", isSetting: true);

    internal static readonly Cause Options = new("call to call", "take IOptions<T>, or the value before the algorithm is created", isSetting: true);

    private Cause(string varies, string instead, bool isSetting = false) => (Varies, Instead, IsSetting) = (varies, instead, isSetting);

    /// <summary>For messages: <c>call to call</c>.</summary>
    internal string Varies { get; }

    /// <summary>For messages: what to write instead.</summary>
    internal string Instead { get; }

    /// <summary>Whether it is a setting when it was read once, before the algorithm was created.</summary>
    internal bool IsSetting { get; }
}
