using System.Globalization;
using System.Text.Json.Serialization;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Planning;

/// <summary>A scenario with everything decided: the same seed gives the same plan. Times are seconds from the start, negative before it.</summary>
/// <param name="Scenario">The scenario asked for.</param>
/// <param name="Title">Its title, or that of the one drawn.</param>
/// <param name="Summary">What happens, for people who may know.</param>
/// <param name="Seed">What chance began with.</param>
/// <param name="Pace">How fast it is played.</param>
/// <param name="IsBlind">Whether nothing that an investigator can reach may tell the answer.</param>
/// <param name="ServiceLevel">What users are promised.</param>
/// <param name="Base">What is in force before the first commit, at this pace.</param>
/// <param name="Load">The traffic.</param>
/// <param name="Noise">Requests that are refused.</param>
/// <param name="Commits">All commits that an investigator will see, oldest first.</param>
/// <param name="Deploys">All that are planned, oldest first; those before the start have been made.</param>
/// <param name="Alert">What pages, at this pace.</param>
/// <param name="Witness">What must have been measured.</param>
/// <param name="InvestigationBeginsS">From here on whoever investigates may act.</param>
/// <param name="OnsetS">When the service level breaks; null where it never does.</param>
/// <param name="OnsetToleranceS">How far from that a diagnosis may be and still be right.</param>
/// <param name="Key">The answer.</param>
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
    /// <summary>Seconds that one set of figures covers. The figures show an onset no more exactly.</summary>
    public const int FiguresS = 10;

    /// <summary>The commits at fault.</summary>
    [JsonIgnore]
    public IReadOnlyList<PlannedCommit> AtFault => [.. Commits.Where(commit => Key.Commits.Any(fault => fault.Role == commit.Role))];

    /// <summary>Whether a commit is at fault.</summary>
    public bool IsAtFault(string sha) => AtFault.Any(commit => commit.Sha == sha);

    /// <summary>Finds a commit; null for an unknown one.</summary>
    public PlannedCommit? Find(string sha) => Commits.FirstOrDefault(commit => commit.Sha == sha);

    /// <summary>What is in force with some commits and settings.</summary>
    /// <param name="commits">SHAs of the commits in effect.</param>
    /// <param name="config">Settings that win over them.</param>
    public TraitSet TraitsOf(IEnumerable<string> commits, TraitSet config)
    {
        var inEffect = commits.ToHashSet();
        var changes = Commits.Where(commit => inEffect.Contains(commit.Sha)).Aggregate(TraitSet.Empty, (before, commit) => before.Then(commit.Sets));
        return FaultCatalog.Healthy.Then(Base).Then(changes).Then(config);
    }

    /// <summary>Whom a request is for, by its number from 1, as the address has it.</summary>
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

/// <summary>A commit with a place and a time.</summary>
/// <param name="Sha">Seven hexadecimal digits.</param>
/// <param name="Role">Its role in the library: never shown to who investigates.</param>
/// <param name="AtS">When it was made.</param>
/// <param name="Author">Name and address.</param>
/// <param name="Message">Subject, body and trailers.</param>
/// <param name="PullRequest">What its pull request says.</param>
/// <param name="Diff">What it changed.</param>
/// <param name="Files">The files it changed.</param>
/// <param name="Sets">What it changes in the running service.</param>
public sealed record PlannedCommit(
    string Sha, string Role, double AtS, string Author, string Message, string PullRequest, string Diff, IReadOnlyList<string> Files, TraitSet Sets);

/// <summary>A deploy that is planned.</summary>
/// <param name="AtS">When.</param>
/// <param name="Release">The SHA of its newest commit.</param>
/// <param name="Ships">SHAs of the commits that come with it.</param>
public sealed record PlannedDeploy(double AtS, string Release, IReadOnlyList<string> Ships);
