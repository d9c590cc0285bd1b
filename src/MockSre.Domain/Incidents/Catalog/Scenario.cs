using MockSre.Domain.Faults;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>An incident as a file of <c>fixtures/scenarios</c> tells it. Times are seconds from the start at the pace <see cref="Pace.Real"/>.</summary>
/// <param name="Version">Of the form; 1.</param>
/// <param name="Name">Its name, as its file's.</param>
/// <param name="Title">For people.</param>
/// <param name="Summary">What happens, for people who may know.</param>
/// <param name="ServiceLevel">What users are promised.</param>
/// <param name="Base">What is in force before the first phase. A setting that it leaves out is healthy.</param>
/// <param name="Load">The traffic.</param>
/// <param name="Noise">What goes wrong all the time without anybody's fault.</param>
/// <param name="Decoys">Commits that change nothing.</param>
/// <param name="Phases">The deploys, in their order.</param>
/// <param name="Alert">What pages.</param>
/// <param name="Witness">What must have been measured for the run to be worth anything.</param>
/// <param name="InvestigationBeginsS">From here on whoever investigates may act.</param>
/// <param name="DemoSpeedup">How many times faster the pace <see cref="Pace.Demo"/> is.</param>
public sealed record Scenario(
    int Version,
    string Name,
    string Title,
    string Summary,
    ServiceLevel ServiceLevel,
    TraitSet Base,
    ScenarioLoad Load,
    ScenarioNoise Noise,
    ScenarioDecoys Decoys,
    IReadOnlyList<ScenarioPhase> Phases,
    ScenarioAlert Alert,
    ScenarioWitness Witness,
    double InvestigationBeginsS,
    double DemoSpeedup)
{
    /// <summary>The form that is understood.</summary>
    public const int FormVersion = 1;
}

/// <summary>An open loop.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Users">How often each of the ten users asks, relative to the others.</param>
/// <param name="Seed">Added to the run's, so that two scenarios of one seed differ.</param>
public sealed record ScenarioLoad(double Rate, IReadOnlyList<int> Users, int Seed);

/// <summary>Requests that are refused, as shares of all, 0 to 1.</summary>
/// <param name="UnknownUser">For a user that does not exist: 404.</param>
/// <param name="MalformedId">With something that is no user id: 400.</param>
public sealed record ScenarioNoise(double UnknownUser, double MalformedId);

/// <summary>Commits that change nothing.</summary>
/// <param name="Older">Deployed before the run begins.</param>
/// <param name="Waiting">Merged, and newer than what is deployed when the alert rings; not deployed.</param>
public sealed record ScenarioDecoys(int Older, int Waiting);

/// <summary>A deploy.</summary>
/// <param name="BeginsS">When.</param>
/// <param name="Commits">
/// The roles of the commits it ships, in their order; the last one's SHA is its release. <see cref="Decoy"/> stands for one that changes nothing.
/// </param>
/// <param name="Sets">What changes with it: what its commits set, said once more.</param>
/// <param name="Fresh">Whether its commits were made just before, instead of hours ago.</param>
public sealed record ScenarioPhase(double BeginsS, IReadOnlyList<string> Commits, TraitSet Sets, bool Fresh)
{
    /// <summary>Stands for the role of a decoy that the seed chooses.</summary>
    public const string Decoy = "decoy";

    /// <summary>The roles that phases ship, in the order in which the commits are made: fresh ones last.</summary>
    public static IEnumerable<string> InOrderOfTime(IEnumerable<ScenarioPhase> phases) => phases.OrderBy(phase => phase.Fresh).SelectMany(phase => phase.Commits);
}

/// <summary>What pages.</summary>
/// <param name="Name">The alert's name, as it reaches who is on call.</param>
/// <param name="Summary">What it says to them.</param>
/// <param name="Condition">What must be measured.</param>
/// <param name="WindowS">Over how long, in seconds of the wall clock at any pace.</param>
/// <param name="EarliestS">It does not ring before.</param>
/// <param name="LatestS">By then it has rung in any case.</param>
public sealed record ScenarioAlert(string Name, string Summary, Condition Condition, double WindowS, double EarliestS, double LatestS);

/// <summary>What must have been measured by the time the investigation begins.</summary>
/// <param name="Reached">All of these at once, at some moment; none for a scenario whose point is that nothing happens.</param>
/// <param name="Kept">Whether the service level must have been kept all along instead.</param>
/// <param name="WindowS">Over how long, in seconds of the wall clock at any pace.</param>
public sealed record ScenarioWitness(IReadOnlyList<Condition> Reached, bool Kept, double WindowS);

/// <summary>A scenario that is drawn anew from others with each seed.</summary>
/// <param name="Version">Of the form; 1.</param>
/// <param name="Name">Its name, as its file's.</param>
/// <param name="Title">For people.</param>
/// <param name="Summary">What it is, for people.</param>
/// <param name="DrawsFrom">Names of scenarios.</param>
public sealed record ScenarioDraw(
    int Version,
    string Name,
    string Title,
    string Summary,
    IReadOnlyList<string> DrawsFrom);

/// <summary>How fast a scenario is played.</summary>
public enum Pace
{
    /// <summary>As it is written.</summary>
    Real,

    /// <summary>As many times faster as the scenario says: in about two minutes.</summary>
    Demo,
}
