using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Kta.Functional.Tests.Program;

/// <summary>
/// Three brokers that librdkafka itself plays, over the real protocol. Topics are made by producing to them, with four partitions.
/// In a process of its own, for it can take the process with it.
/// </summary>
internal sealed partial class MockCluster : IDisposable
{
    private readonly IProducer<Null, string> _producer;

    internal MockCluster()
    {
        var config = new ProducerConfig();
        config.Set("test.mock.num.brokers", "3");
        _producer = new ProducerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build();
        using var client = new DependentAdminClientBuilder(_producer.Handle).Build();
        Brokers = string.Join(",", client.GetMetadata(TimeSpan.FromSeconds(10)).Brokers.Select(broker => $"{broker.Host}:{broker.Port}"));
    }

    internal string Brokers { get; }

    internal async Task ProduceAsync(string topic, int records)
    {
        for (var i = 0; i < records; i++)
        {
            await _producer.ProduceAsync(new TopicPartition(topic, i % 4), new Message<Null, string> { Value = "order" });
        }
    }

    internal void Commit(string group, string topic, params (int Partition, long Offset)[] offsets)
    {
        var config = new ConsumerConfig { BootstrapServers = Brokers, GroupId = group, EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Commit(offsets.Select(offset => new TopicPartitionOffset(topic, offset.Partition, offset.Offset)));
        consumer.Close();
    }

    /// <summary>Takes the leader of a partition away.</summary>
    internal void Abandon(string topic, int partition)
    {
        var handle = (SafeHandle)typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(_producer.Handle)!;
        SetLeader(MockOf(handle.DangerousGetHandle()), topic, partition, -1);
    }

    /// <summary>The brokers are gone after it.</summary>
    public void Dispose() => _producer.Dispose();

    static MockCluster() => NativeLibrary.SetDllImportResolver(typeof(MockCluster).Assembly, static (_, _, _) =>
    {
        // Which of several builds was loaded depends on the system.
        using var process = Process.GetCurrentProcess();
        return NativeLibrary.Load(process.Modules.Cast<ProcessModule>().First(module => module.FileName.Contains("librdkafka", StringComparison.Ordinal)).FileName);
    });

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_handle_mock_cluster")]
    private static partial nint MockOf(nint client);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_partition_set_leader", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetLeader(nint cluster, string topic, int partition, int broker);
}
