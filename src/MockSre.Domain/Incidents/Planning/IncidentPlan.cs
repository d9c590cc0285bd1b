using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Planning;

/// <summary>A scenario with all choices made by a seed. Times are seconds from the start at the plan's pace, negative before it.</summary>
/// <param name="Scenario">The requested scenario, which may be a <see cref="ScenarioDraw"/>.</param>
/// <param name="Title">Of the scenario that was drawn.</param>
/// <param name="IsBlind">Whether the answer is hidden from the investigator.</param>
/// <param name="Base">The traits before the first commit.</param>
/// <param name="Commits">All commits that the investigator will see, oldest first.</param>
/// <param name="Deploys">Oldest first, including those before the start.</param>
/// <param name="OnsetS">When the service level breaks; null if it never does.</param>
/// <param name="OnsetToleranceS">A diagnosis may be this far off.</param>
public sealed record IncidentPlan(
    string Scenario,
    string Title,
    string Summary,
    int Seed,
    Pace Pace,
    bool IsBlind,
    ServiceLevel ServiceLevel,
    TraitSet Base,
    ScenarioLoad Load,
    ScenarioNoise Noise,
    IReadOnlyList<PlannedCommit> Commits,
    IReadOnlyList<PlannedDeploy> Deploys,
    ScenarioAlert Alert,
    ScenarioWitness Witness,
    double InvestigationBeginsS,
    double? OnsetS,
    double OnsetToleranceS,
    AnswerKey Key)
{
    /// <summary>The seconds that one set of figures covers. The figures show an onset no more precisely.</summary>
    public const int FiguresS = 10;

    [JsonIgnore]
    public IReadOnlyList<PlannedCommit> AtFault => [.. Commits.Where(commit => Key.Commits.Any(fault => fault.Role == commit.Role))];

    public bool IsAtFault(string sha) => AtFault.Any(commit => commit.Sha == sha);

    public PlannedCommit? Find(string sha) => Commits.FirstOrDefault(commit => commit.Sha == sha);

    /// <param name="config">Settings that override the commits.</param>
    public TraitSet TraitsOf(IEnumerable<string> commits, TraitSet config)
    {
        var inEffect = commits.ToHashSet();
        var changes = Commits.Where(commit => inEffect.Contains(commit.Sha));
        return changes.Aggregate(FaultCatalog.Healthy.Then(Base), (before, commit) => before.Then(commit.Sets)).Then(config);
    }

    /// <summary>The user id in the path of a request.</summary>
    /// <param name="number">From 1.</param>
    public string UserOf(int number)
    {
        var draw = SeededDraw.For(Seed + Load.Seed, string.Create(CultureInfo.InvariantCulture, $"request {number}"));
        var kind = draw.Share();
        if (kind < Noise.UnknownUser)
        {
            return (1000 + draw.Below(9000)).ToString(CultureInfo.InvariantCulture);
        }

        if (kind < Noise.UnknownUser + Noise.MalformedId)
        {
            return draw.Of<string>(["me", "undefined", "null", "0", "-1"]);
        }

        var place = draw.Below(Load.Users.Sum());
        var user = 0;
        while (place >= Load.Users[user])
        {
            place -= Load.Users[user++];
        }

        return (user + 1).ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>A <see cref="LibraryCommit"/> with its time and SHA.</summary>
/// <param name="Sha">Seven hexadecimal digits.</param>
/// <param name="Role">Never shown to the investigator.</param>
public sealed record PlannedCommit(
    string Sha, string Role, double AtS, string Author, string Message, string PullRequest, string Diff,
    IReadOnlyList<string> Files, TraitSet Sets);

/// <param name="Release">The SHA of its newest commit.</param>
public sealed record PlannedDeploy(double AtS, string Release, IReadOnlyList<string> Ships);
