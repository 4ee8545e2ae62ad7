namespace Kta.Functional.Simulation;

/// <summary>One second of a run.</summary>
/// <param name="Second">Since the start, from 0; the numbers are of its end.</param>
/// <param name="Rate">Records that arrived in it, at all sources.</param>
/// <param name="LagSeconds">The backlog of the worst source as time: its lag divided by what arrived in this second, at least one record.</param>
/// <param name="Lag">Records that wait in front of the sources.</param>
/// <param name="LatencySeconds">Seconds a record takes: what waits at the sources and in buffers, divided by what the sources take in.</param>
/// <param name="Instances">The instances of all nodes, those that are down included.</param>
/// <param name="Needed">The instances of the smallest plan for what arrives.</param>
/// <param name="Over">Instances above that plan, summed over the nodes that have more.</param>
/// <param name="Under">Instances below that plan, summed over the nodes that have fewer.</param>
/// <param name="IsDown">Whether the application was restarting.</param>
public readonly record struct RunSample(
    long Second,
    double Rate,
    double LagSeconds,
    double Lag,
    double LatencySeconds,
    int Instances,
    int Needed,
    int Over,
    int Under,
    bool IsDown);
