using MockSre.Domain.Faults;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>An incident, from a file of <c>fixtures/scenarios</c>. Times are seconds from the start at <see cref="Pace.Real"/>.</summary>
/// <param name="Summary">What happens. It gives away the answer.</param>
/// <param name="Base">The traits before the first phase. A setting that it leaves out is healthy.</param>
/// <param name="DemoSpeedup">How many times faster <see cref="Pace.Demo"/> is.</param>
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
    double DemoSpeedup);

/// <param name="Rate">Requests a second.</param>
/// <param name="Users">The weight of each of the ten users.</param>
/// <param name="Seed">Added to the seed of the run, so that two scenarios with the same seed differ.</param>
public sealed record ScenarioLoad(double Rate, IReadOnlyList<int> Users, int Seed);

/// <summary>Client errors that always happen, as shares of all requests, 0 to 1.</summary>
/// <param name="UnknownUser">Answered with 404.</param>
/// <param name="MalformedId">Answered with 400.</param>
public sealed record ScenarioNoise(double UnknownUser, double MalformedId);

/// <summary>Numbers of commits without an effect.</summary>
/// <param name="Older">Deployed before the run begins.</param>
/// <param name="Waiting">Merged but not deployed when the alert fires.</param>
public sealed record ScenarioDecoys(int Older, int Waiting);

/// <param name="Commits">
/// The roles of its commits, in order, or <see cref="Decoy"/>. The SHA of the last commit is the release.
/// </param>
/// <param name="Fresh">Whether the commits were made just before the deploy, and not hours ago.</param>
public sealed record ScenarioPhase(double BeginsS, IReadOnlyList<string> Commits, TraitSet Sets, bool Fresh)
{
    public const string Decoy = "decoy";

    /// <summary>The roles of all commits, in the order in which the commits are made: fresh ones last.</summary>
    public static IEnumerable<string> InOrderOfTime(IEnumerable<ScenarioPhase> phases) =>
        phases.OrderBy(phase => phase.Fresh).SelectMany(phase => phase.Commits);
}

/// <param name="WindowS">Seconds of the wall clock at any pace.</param>
/// <param name="EarliestS">The alert does not fire before.</param>
/// <param name="LatestS">The alert has fired by then.</param>
public sealed record ScenarioAlert(string Name, string Summary, Condition Condition, double WindowS, double EarliestS, double LatestS);

/// <summary>Conditions of a valid run, at the beginning of the investigation.</summary>
/// <param name="Reached">Conditions that were met together at some time; none if nothing breaks.</param>
/// <param name="Kept">Whether the service level must have been met all the time.</param>
/// <param name="WindowS">Seconds of the wall clock at any pace.</param>
public sealed record ScenarioWitness(IReadOnlyList<Condition> Reached, bool Kept, double WindowS);

/// <summary>A scenario that the seed chooses from others.</summary>
public sealed record ScenarioDraw(int Version, string Name, string Title, string Summary, IReadOnlyList<string> DrawsFrom);

public enum Pace
{
    Real,

    /// <summary>Faster by <see cref="Scenario.DemoSpeedup"/>: about two minutes.</summary>
    Demo,
}
