using MockSre.Domain.Faults;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;
using MockSre.Domain.Traffic;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>Everything that consoles show of one moment, made once and shared by all of them.</summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="Change">The change that brought the deployment in force.</param>
/// <param name="Traits">What is in force.</param>
/// <param name="Pool">Its connection pool.</param>
/// <param name="DrainingPools">Pools of earlier deployments that still serve requests.</param>
/// <param name="Metrics">The live figures.</param>
/// <param name="Chart">The last two minutes of them, drawn.</param>
/// <param name="Burst">The newest load with an end; null before any, and after a reset.</param>
/// <param name="Traffic">The load without an end that runs; null for none.</param>
/// <param name="Expectations">What the mode should show, and what was observed.</param>
/// <param name="Signals">How many signals there were, and what became of them.</param>
/// <param name="Incident">The incident run that is open; null for none.</param>
/// <param name="Groups">The inbox by issue and transaction; made when first asked for.</param>
public sealed record ConsoleSnapshot(
    DateTimeOffset At,
    DeploymentChange Change,
    TraitSet Traits,
    PoolStatus Pool,
    int DrainingPools,
    MetricsSnapshot Metrics,
    ChartFrame Chart,
    LoadReport? Burst,
    LoadReport? Traffic,
    ExpectationReport Expectations,
    SignalCounts Signals,
    OpenIncident? Incident,
    Lazy<SignalGroups> Groups);
