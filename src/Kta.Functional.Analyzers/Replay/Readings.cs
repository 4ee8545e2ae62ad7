using Microsoft.CodeAnalysis;

namespace Kta.Functional.Analyzers.Replay;

/// <summary>The members of the frameworks that answer something else another time, in another process, or on another machine.</summary>
internal static class Readings
{
    private const string FileTimes =
        "CreationTime CreationTimeUtc LastAccessTime LastAccessTimeUtc LastWriteTime LastWriteTimeUtc Attributes Refresh";

    private const string Listings =
        "EnumerateDirectories EnumerateFiles EnumerateFileSystemEntries EnumerateFileSystemInfos GetDirectories GetFiles "
        + "GetFileSystemEntries GetFileSystemInfos ";

    private static readonly Dictionary<string, Cause> Known = Rows(
        (Cause.Time, "System.DateTime", "Now UtcNow Today"),
        (Cause.Time, "System.DateTimeOffset", "Now UtcNow"),
        (Cause.Time, "System.TimeProvider", "System GetUtcNow GetLocalNow GetTimestamp GetElapsedTime"),
        (Cause.Time, "System.Diagnostics.Stopwatch", "StartNew GetTimestamp GetElapsedTime Start Restart new"),
        (Cause.Time, "System.Environment", "TickCount TickCount64"),
        (Cause.Chance, "System.Linq.Enumerable", "Shuffle"),
        (Cause.Chance, "System.Security.Cryptography.RandomNumberGenerator", "Create Fill GetBytes GetHexString GetInt32 GetItems GetNonZeroBytes GetString Shuffle"),
        (Cause.Identity, "System.Guid", "NewGuid CreateVersion7"),
        (Cause.Identity, "System.IO.Path", "GetRandomFileName GetTempFileName"),
        (Cause.Identity, "System.Environment", "CurrentManagedThreadId"),
        (Cause.Identity, "System.Threading.Thread", "ManagedThreadId"),
        (Cause.Surroundings, "System.Environment",
            "GetEnvironmentVariable GetEnvironmentVariables ExpandEnvironmentVariables MachineName ProcessId ProcessPath ProcessorCount "
            + "CurrentDirectory UserName UserDomainName UserInteractive OSVersion Version CommandLine GetCommandLineArgs SystemDirectory "
            + "GetFolderPath GetLogicalDrives SystemPageSize Is64BitOperatingSystem Is64BitProcess IsPrivilegedProcess"),
        (Cause.Surroundings, "System.IO.Path", "GetTempPath GetFullPath"),
        (Cause.Surroundings, "System.Net.Dns", "GetHostName"),
        (Cause.Zone, "System.DateTime", "ToLocalTime FromFileTime ToFileTime IsDaylightSavingTime"),
        (Cause.Zone, "System.DateTimeOffset", "LocalDateTime ToLocalTime FromFileTime"),
        (Cause.Zone, "System.TimeZoneInfo", "Local"),
        (Cause.Zone, "System.TimeZone", "CurrentTimeZone"),
        (Cause.Zone, "System.TimeProvider", "LocalTimeZone"),
        (Cause.Culture, "System.Globalization.CultureInfo",
            "CurrentCulture CurrentUICulture InstalledUICulture DefaultThreadCurrentCulture DefaultThreadCurrentUICulture"),
        (Cause.Culture, "System.Globalization.NumberFormatInfo", "CurrentInfo"),
        (Cause.Culture, "System.Globalization.DateTimeFormatInfo", "CurrentInfo"),
        (Cause.Culture, "System.Globalization.RegionInfo", "CurrentRegion"),
        (Cause.Culture, "System.Threading.Thread", "CurrentCulture CurrentUICulture"),
        (Cause.Culture, "System.StringComparer", "CurrentCulture CurrentCultureIgnoreCase"),
        (Cause.Culture, "System.StringComparison", "CurrentCulture CurrentCultureIgnoreCase"),
        (Cause.File, "System.IO.File",
            "Exists Open OpenHandle OpenRead OpenText ReadAllBytes ReadAllBytesAsync ReadAllLines ReadAllLinesAsync ReadAllText "
            + "ReadAllTextAsync ReadLines ReadLinesAsync GetAttributes GetCreationTime GetCreationTimeUtc GetLastAccessTime "
            + "GetLastAccessTimeUtc GetLastWriteTime GetLastWriteTimeUtc"),
        (Cause.File, "System.IO.Directory", Listings
            + "Exists GetCurrentDirectory GetCreationTime GetCreationTimeUtc GetLastAccessTime GetLastAccessTimeUtc GetLastWriteTime GetLastWriteTimeUtc"),
        (Cause.File, "System.IO.Path", "Exists"),
        (Cause.File, "System.IO.FileSystemInfo", FileTimes + " Exists"),
        (Cause.File, "System.IO.FileInfo", "Exists Length Open OpenRead OpenText"),
        (Cause.File, "System.IO.DirectoryInfo", Listings + "Exists"),
        (Cause.File, "System.IO.DriveInfo", "GetDrives AvailableFreeSpace TotalFreeSpace TotalSize IsReady"),
        (Cause.File, "System.IO.FileStream", "new"),
        (Cause.World, "System.Environment", "CpuUsage WorkingSet"),
        (Cause.World, "System.Diagnostics.Process", "GetCurrentProcess GetProcessById GetProcesses GetProcessesByName Start"),
        (Cause.World, "System.GC", "CollectionCount GetGCMemoryInfo GetTotalAllocatedBytes GetTotalMemory GetTotalPauseDuration GetAllocatedBytesForCurrentThread"),
        (Cause.World, "System.Threading.ThreadPool", "CompletedWorkItemCount PendingWorkItemCount ThreadCount"),
        (Cause.World, "System.Console", "In KeyAvailable Read ReadKey ReadLine"),
        (Cause.World, "System.Net.Dns", "GetHostAddresses GetHostAddressesAsync GetHostEntry GetHostEntryAsync"),
        (Cause.World, "System.Net.NetworkInformation.NetworkInterface", "GetAllNetworkInterfaces GetIsNetworkAvailable"),
        (Cause.Options, "Microsoft.Extensions.Options.IOptionsMonitor", "CurrentValue Get"));

    private static readonly HashSet<string> Members = [.. Known.Keys.Select(name => name.Substring(name.LastIndexOf('.') + 1))];

    private static readonly HashSet<string> ReadByCulture =
        ["Double", "Single", "Half", "Decimal", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly"];

    /// <summary>Null for what depends on nothing but its arguments.</summary>
    internal static Cause? Of(ISymbol member, INamedTypeSymbol type)
    {
        var name = member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? "new" : member.Name;
        return Members.Contains(name) && Known.TryGetValue($"{FullName(type)}.{name}", out var cause) ? cause
            : ReadsByCulture(member, type) ? Cause.Culture
            : ReadsFile(member, type) ? Cause.File
            : null;
    }

    /// <summary>With its namespace, without type parameters.</summary>
    internal static string FullName(INamedTypeSymbol type) => $"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}";

    /// <summary>"12.5" is twelve and a half here, and a hundred and twenty-five there.</summary>
    private static bool ReadsByCulture(ISymbol member, INamedTypeSymbol type) =>
        member is IMethodSymbol { IsStatic: true } method
        && (method.Name is "Parse" or "TryParse" or "ParseExact" or "TryParseExact" && ReadByCulture.Contains(type.Name)
            || type.Name == "Convert" && method.Name.StartsWith("To", StringComparison.Ordinal)
            && ReadByCulture.Contains(method.Name.Substring(2)) && method.Parameters is [{ Type.SpecialType: SpecialType.System_String }])
        && type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        && !method.Parameters.Any(parameter => parameter.Type.Name == "IFormatProvider");

    private static bool ReadsFile(ISymbol member, INamedTypeSymbol type) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type.SpecialType: SpecialType.System_String }, ..] }
        && type.Name == "StreamReader" && FullName(type) == "System.IO.StreamReader";

    private static Dictionary<string, Cause> Rows(params (Cause Cause, string Type, string Members)[] rows) =>
        rows.SelectMany(row => row.Members.Split(' ').Select(member => (Name: $"{row.Type}.{member}", row.Cause)))
            .ToDictionary(one => one.Name, one => one.Cause);
}
