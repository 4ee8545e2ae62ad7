using System.Globalization;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>The cluster as Flink shows it: a job manager, and task managers of 32 slots each.</summary>
internal static class ClusterJson
{
    private const int SlotsOfOne = 32;
    private const string Version = "2.3.0";
    private const string Revision = "kta";

    /// <summary>Of the memory a simulation knows nothing: there is room to spare, and no state outside of the heap.</summary>
    private static readonly KeyValuePair<string, string>[] s_memory =
    [
        new("Status.JVM.Memory.Heap.Max", "1073741824"),
        new("Status.JVM.Memory.Heap.Used", "536870912"),
        new("Status.JVM.Memory.Metaspace.Used", "134217728"),
        new("Status.Flink.Memory.Managed.Used", "0"),
        new("Status.JVM.GarbageCollector.All.TimeMsPerSecond", "0.0"),
    ];

    internal static JsonObject Overview(FlinkJob job) => new()
    {
        ["taskmanagers"] = TaskManagersOf(job),
        ["taskmanagers-blocked"] = 0,
        ["slots-total"] = job.Slots,
        ["slots-available"] = job.Slots - job.UsedSlots,
        ["slots-free-and-blocked"] = 0,
        ["jobs-running"] = 1,
        ["jobs-finished"] = 0,
        ["jobs-cancelled"] = 0,
        ["jobs-failed"] = 0,
        ["flink-version"] = Version,
        ["flink-commit"] = Revision,
    };

    internal static JsonObject Config() => new()
    {
        ["refresh-interval"] = 3000,
        ["timezone-name"] = "Coordinated Universal Time",
        ["timezone-offset"] = 0,
        ["flink-version"] = Version,
        ["flink-revision"] = $"{Revision} @ 1970-01-01T00:00:00Z",
        ["features"] = new JsonObject
        {
            ["web-submit"] = false,
            ["web-cancel"] = false,
            ["web-rescale"] = true,
            ["web-history"] = false,
        },
    };

    internal static JsonObject TaskManagers(FlinkJob job, FlinkClock clock) => new()
    {
        ["taskmanagers"] = new JsonArray([.. Enumerable.Range(0, TaskManagersOf(job)).Select(number => TaskManager(job, number, clock))]),
    };

    internal static IReadOnlyDictionary<string, string> JobManagerMetrics(FlinkJob job) => new Dictionary<string, string>
    {
        ["taskSlotsTotal"] = job.Slots.ToString(CultureInfo.InvariantCulture),
        ["taskSlotsAvailable"] = (job.Slots - job.UsedSlots).ToString(CultureInfo.InvariantCulture),
        ["numRegisteredTaskManagers"] = TaskManagersOf(job).ToString(CultureInfo.InvariantCulture),
        ["numRunningJobs"] = job.Phase == JobPhase.Running ? "1" : "0",
    };

    /// <summary>The load of a task manager is how busy the instances in its slots are.</summary>
    internal static IReadOnlyList<IReadOnlyDictionary<string, string>> TaskManagerMetrics(FlinkJob job)
    {
        var busy = job.Description.Topology.Select(node => VertexMetrics.Of(job, node)
            .Select(subtask => double.Parse(subtask["busyTimeMsPerSecond"], CultureInfo.InvariantCulture) / 1000).ToList()).ToList();
        return
        [
            .. Enumerable.Range(0, TaskManagersOf(job)).Select(number =>
            {
                var load = busy.SelectMany(subtasks => subtasks.Where((_, subtask) => TaskManagerOf(subtask) == number)).Sum() / SlotsIn(job, number);
                return new Dictionary<string, string>(s_memory) { ["Status.JVM.CPU.Load"] = JavaNumber.Text(double.IsNaN(load) ? load : Math.Min(1, load)) };
            }),
        ];
    }

    internal static int TaskManagerOf(int subtask) => subtask / SlotsOfOne;

    internal static string IdOf(int taskManager) => string.Create(CultureInfo.InvariantCulture, $"taskmanager-{taskManager + 1}");

    internal static string AddressOf(int taskManager) => $"{IdOf(taskManager)}:6122";

    private static int TaskManagersOf(FlinkJob job) => (job.Slots + SlotsOfOne - 1) / SlotsOfOne;

    private static int SlotsIn(FlinkJob job, int taskManager) => Math.Min(SlotsOfOne, job.Slots - (taskManager * SlotsOfOne));

    private static JsonObject TaskManager(FlinkJob job, int number, FlinkClock clock)
    {
        var slots = SlotsIn(job, number);
        var used = Math.Clamp(job.UsedSlots - (number * SlotsOfOne), 0, slots);
        return new()
        {
            ["id"] = IdOf(number),
            ["path"] = $"pekko.tcp://flink@{AddressOf(number)}/user/rpc/taskmanager_0",
            ["dataPort"] = 6121,
            ["jmxPort"] = -1,
            ["timeSinceLastHeartbeat"] = clock.Now,
            ["slotsNumber"] = slots,
            ["freeSlots"] = slots - used,
            ["assignedTasks"] = job.Phase == JobPhase.Created
                ? 0
                : job.ShownParallelism.Values.Sum(parallelism => Math.Clamp(parallelism - (number * SlotsOfOne), 0, slots)),
            ["totalResource"] = Resource(slots),
            ["freeResource"] = Resource(slots - used),
            ["hardware"] = new JsonObject { ["cpuCores"] = slots, ["physicalMemory"] = 0, ["freeMemory"] = 0, ["managedMemory"] = 0 },
            ["memoryConfiguration"] = new JsonObject(),
        };
    }

    private static JsonObject Resource(int cores) => new()
    {
        ["cpuCores"] = JavaNumber.Json(cores),
        ["taskHeapMemory"] = 0,
        ["taskOffHeapMemory"] = 0,
        ["managedMemory"] = 0,
        ["networkMemory"] = 0,
        ["extendedResources"] = new JsonObject(),
    };
}
