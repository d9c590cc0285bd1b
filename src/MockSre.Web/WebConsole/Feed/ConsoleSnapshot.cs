using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>Everything that the consoles show at one moment. Made once and shared by all.</summary>
/// <param name="At">When it was taken, UTC.</param>
/// <param name="Change">The change that started the current deployment.</param>
/// <param name="DrainingPools">Pools of earlier deployments with requests in flight.</param>
/// <param name="Burst">The newest load with a fixed number of requests; null before any, and after a reset.</param>
/// <param name="Traffic">The running load without an end, if any.</param>
/// <param name="Incident">The open incident run, if any.</param>
/// <param name="Groups">The inbox by issue and transaction; computed on first use.</param>
public sealed record ConsoleSnapshot(
    DateTimeOffset At, DeploymentChange Change, TraitSet Traits, PoolStatus Pool, int DrainingPools, MetricsSnapshot Metrics,
    ChartFrame Chart, LoadReport? Burst, LoadReport? Traffic, ExpectationReport Expectations, SignalCounts Signals,
    OpenIncident? Incident, Lazy<SignalGroups> Groups);
