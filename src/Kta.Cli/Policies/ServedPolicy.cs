using Kta.Functional.Http;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>A rule behind a server of this process, so that every call takes the way it takes from the operator.</summary>
internal sealed record ServedPolicy(RulePolicy Rule) : Policy(Rule.Name)
{
    internal override IReadOnlyList<KeyValuePair<string, string?>> SettingsFor(Application application) => Rule.SettingsFor(application);

    internal override async Task<SimulatedRun> RunAsync(Application application, LocalOperatorOptions options, CancellationToken cancellationToken)
    {
        var backend = new HttpBackend(new HttpBackendOptions
        {
            Host = "127.0.0.1",
            Port = 0,
            AskTwice = AskTwice.Never,
            ShutdownDelay = TimeSpan.Zero,
            // What is decided is told by the run; a log line for each decision would be told twice.
            Args = ["--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Kta.Functional=Warning"],
        });
        backend.Setup(Rule.DecidingFor(application));
        await using var server = await backend.StartAsync(cancellationToken);
        return await Simulator.RunAsync(application, StepEndpoints.At(server.BaseAddress.ToString(), analyze: false), options, cancellationToken);
    }
}
