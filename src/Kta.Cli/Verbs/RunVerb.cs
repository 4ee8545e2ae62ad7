using System.CommandLine;

namespace Kta.Cli;

/// <summary>The loop against real systems, without the operator of Kubernetes.</summary>
internal static class RunVerb
{
    internal static Command Create(Terminal terminal)
    {
        var policies = new PolicyOptions();
        var monitors = new MonitorOption();
        var files = new Argument<string[]>("policies") { Description = "Files with policies, or folders of them. Read again when they change.", Arity = ArgumentArity.OneOrMore, HelpName = "POLICY.yaml…" };
        var store = new Option<string>("--store") { Description = $"Where everything is kept that was decided. Default: {StoredRun.DefaultFile}.", HelpName = "FILE", DefaultValueFactory = _ => StoredRun.DefaultFile };
        var port = NumberOption.Of<int>("--metrics-port", "Serve /metrics, /health/live and /health/ready on this port, 0 for a free one.", "a number from 0 to 65535", "P");
        var host = new Option<string>("--metrics-host") { Description = "The address of the metrics. Default: 127.0.0.1.", HelpName = "H", DefaultValueFactory = _ => "127.0.0.1" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Scale nothing: show what would be done. With --kubeconfig, --context or in a pod the API server checks it." };
        var cluster = new ClusterOptions();
        var lines = new Option<bool>("--lines") { Description = "Write a line of JSON for each decision, also in a terminal." };
        var command = new Verb(
            "run", "Runs the loop of policies: calls their steps, keeps what they decide, and scales Flink and Kubernetes.", "kta run orders-policy.yaml --algorithm ds2 --monitor flink:http://jobmanager:8081#orders --store orders.db")
        {
            files, store, dryRun, lines, port, host,
        };
        cluster.AddTo(command);
        policies.AddTo(command, withEndpoint: false);
        monitors.AddTo(command);
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(port) is < 0 or > 65_535)
            {
                throw new UsageException("--metrics-port has to be from 0 to 65535.");
            }

            var deciding = policies.DecidingOf(parsed, monitors.TextsOf(parsed));
            using var access = cluster.AccessOf(parsed);
            var election = cluster.ElectionOf(parsed, access, terminal.Note);
            using var stop = StopSignals.LinkedTo(cancellationToken);
            await using var run = new RunSession(terminal, parsed.GetValue(store)!, hasTable: terminal.IsWatched && terminal.Results.Profile.Capabilities.Interactive && !parsed.GetValue(lines));
            if (parsed.GetValue(port) is { } metrics)
            {
                terminal.Note($"Metrics and health: {await run.ServeAsync(parsed.GetValue(host)!, metrics, stop.Token)}");
            }

            var drivers = new Drivers(parsed.GetValue(dryRun), access);
            try
            {
                await run.RunAsync(() => new WatchedPolicies(parsed.GetValue(files)!), note => new OperatedPolicies(deciding, drivers, note), election, stop.Token);
            }
            catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
            {
            }

            return Verb.Done;
        });
        return command;
    }
}
