using System.Globalization;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Planning;

/// <summary>Makes plans of scenarios.</summary>
/// <param name="catalog">The scenarios, their keys and the commits.</param>
public sealed class IncidentPlanner(ScenarioCatalog catalog)
{
    private const double Hour = 3600;

    /// <summary>A diagnosis may be this far off, in seconds at any pace, and still name the onset: figures are as exact as that.</summary>
    private const double OnsetToleranceS = IncidentPlan.FiguresS;

    /// <summary>How long before its deploy a fresh commit was made, in seconds at the pace <see cref="Pace.Real"/>.</summary>
    private const double FreshAgeS = 60;

    /// <summary>How much later, at most, a scenario that is drawn may begin, in seconds at the pace <see cref="Pace.Demo"/>.</summary>
    private const double MaxDelayS = 15;

    /// <summary>Decides everything.</summary>
    /// <param name="name">The scenario's.</param>
    /// <param name="seed">What chance begins with.</param>
    /// <param name="pace">How fast.</param>
    /// <param name="blind">Whether the answer is hidden.</param>
    /// <returns>Null for an unknown scenario.</returns>
    public IncidentPlan? Plan(string name, int seed, Pace pace, bool blind)
    {
        if (catalog.Draws.FirstOrDefault(draw => draw.Name == name) is { } drawn)
        {
            var draw = SeededDraw.For(seed, "scenario");
            var chosen = draw.Of(drawn.DrawsFrom);
            var scenario = catalog.Scenarios.Single(scenario => scenario.Name == chosen);
            return Plan(name, Shuffle(scenario, draw), seed, pace, blind, isDrawn: true);
        }

        return catalog.Scenarios.FirstOrDefault(scenario => scenario.Name == name) is { } known ? Plan(name, known, seed, pace, blind, isDrawn: false) : null;
    }

    // Which fault comes when, and how many decoys are about, is chance; so is how long nothing happens.
    private Scenario Shuffle(Scenario scenario, SeededDraw draw)
    {
        var key = catalog.KeyOf(scenario);
        var phases = ShuffleFaults(scenario.Phases, key, draw);
        while (!catalog.Library.AllowsOrder(ScenarioPhase.InOrderOfTime(phases)))
        {
            phases = ShuffleFaults(scenario.Phases, key, draw);
        }

        var delay = draw.Between(0, MaxDelayS) * scenario.DemoSpeedup;
        return scenario with
        {
            Phases =
            [
                .. phases.Select(phase => phase with { BeginsS = phase.BeginsS + delay, Commits = [.. Surround(phase.Commits, phase.Fresh, draw)] }),
            ],
            Alert = scenario.Alert with { EarliestS = scenario.Alert.EarliestS + delay, LatestS = scenario.Alert.LatestS + delay },
            InvestigationBeginsS = scenario.InvestigationBeginsS + delay,
            Decoys = new ScenarioDecoys(scenario.Decoys.Older + draw.Below(3), scenario.Decoys.Waiting + draw.Below(2)),
        };
    }

    private static List<ScenarioPhase> ShuffleFaults(IReadOnlyList<ScenarioPhase> phases, AnswerKey key, SeededDraw draw)
    {
        var faults = new Queue<string>(draw.Shuffle(phases.SelectMany(phase => phase.Commits).Where(role => IsAtFault(key, role))));
        return [.. phases.Select(phase => phase with { Commits = [.. phase.Commits.Select(role => IsAtFault(key, role) ? faults.Dequeue() : role)] })];
    }

    private static IEnumerable<string> Surround(IEnumerable<string> roles, bool fresh, SeededDraw draw)
    {
        foreach (var role in roles)
        {
            if (!fresh && draw.Below(2) == 0)
            {
                yield return ScenarioPhase.Decoy;
            }

            yield return role;
        }
    }

    private static bool IsAtFault(AnswerKey key, string role) => key.Commits.Any(commit => commit.Role == role);

    private IncidentPlan Plan(string name, Scenario scenario, int seed, Pace pace, bool blind, bool isDrawn)
    {
        var key = catalog.KeyOf(scenario);
        var speedup = pace == Pace.Demo ? scenario.DemoSpeedup : 1;
        var choice = new Choice(catalog.Library, seed, canonical: !blind && !isDrawn);
        var times = SeededDraw.For(seed, "times");

        // In the order in which they were made: what is shipped fresh is newer than what waits to be shipped.
        List<string> usual = [.. scenario.Phases.Where(phase => !phase.Fresh).SelectMany(phase => phase.Commits)];
        List<string> fresh = [.. scenario.Phases.Where(phase => phase.Fresh).SelectMany(phase => phase.Commits)];
        var made = new Queue<LibraryCommit>(choice.InOrder([.. Decoys(scenario.Decoys.Older), .. usual, .. Decoys(scenario.Decoys.Waiting), .. fresh]));
        var older = Take(scenario.Decoys.Older);
        var shippedLater = new Queue<LibraryCommit>(Take(usual.Count));
        var waiting = Take(scenario.Decoys.Waiting);

        var commits = new List<PlannedCommit>();
        var deploys = new List<PlannedDeploy>();

        // Two deploys before the run: yesterday's, and this morning's.
        var firstHalf = (older.Count + 1) / 2;
        Add(older[..firstHalf], -30 * Hour, -26 * Hour, -25 * Hour);
        Add(older[firstHalf..], -24 * Hour, -11 * Hour, -10 * Hour);

        // The commits of the run are hours older than their deploys, and in the same order.
        var ages = new Queue<double>(usual.Select(_ => times.Between(-9 * Hour, -2 * Hour)).Order());
        foreach (var phase in scenario.Phases)
        {
            var at = phase.BeginsS / speedup;
            commits.AddRange(phase.Commits.Select((_, i) => phase.Fresh
                ? choice.Place(made.Dequeue(), at - ((FreshAgeS - i) / speedup))
                : choice.Place(shippedLater.Dequeue(), ages.Dequeue())));
            Ship(at, phase.Commits.Count);
        }

        commits.AddRange(waiting.Zip(
            Enumerable.Range(0, waiting.Count).Select(_ => times.Between(-1.8 * Hour, -0.2 * Hour)).Order(),
            choice.Place));
        return new IncidentPlan(
            name,
            scenario.Title,
            scenario.Summary,
            seed,
            pace,
            blind,
            scenario.ServiceLevel,
            scenario.Base.WithRatesTimes(speedup),
            scenario.Load,
            scenario.Noise,
            [.. commits.OrderBy(commit => commit.AtS)],
            deploys,
            scenario.Alert with { EarliestS = scenario.Alert.EarliestS / speedup, LatestS = scenario.Alert.LatestS / speedup },
            scenario.Witness,
            scenario.InvestigationBeginsS / speedup,
            Onset(scenario, key) / speedup,
            OnsetToleranceS,
            key);

        static IEnumerable<string> Decoys(int count) => Enumerable.Repeat(ScenarioPhase.Decoy, count);

        List<LibraryCommit> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => made.Dequeue())];

        void Add(List<LibraryCommit> made, double from, double to, double at)
        {
            if (made.Count > 0)
            {
                commits.AddRange(made.Zip(made.Select(_ => times.Between(from, to)).Order(), choice.Place));
                Ship(at + times.Between(0, Hour), made.Count);
            }
        }

        void Ship(double at, int count) =>
            deploys.Add(new PlannedDeploy(at, commits[^1].Sha, [.. commits[^count..].Select(commit => commit.Sha)]));
    }

    // The first phase with which, as it was played, the commits in force break the service level, or when a table has grown enough for that.
    private static double? Onset(Scenario scenario, AnswerKey key)
    {
        var inForce = new HashSet<string>();
        foreach (var phase in scenario.Phases)
        {
            inForce.UnionWith(phase.Commits.Where(role => IsAtFault(key, role)));
            var absent = key.Commits.Select(commit => commit.Role).Except(inForce).ToList();
            if (inForce.Count > 0 && key.EffectOf(absent) != RepairEffect.Cures)
            {
                return Math.Max(phase.BeginsS, key.HoldsUntilS ?? 0);
            }
        }

        return null;
    }

    /// <summary>Chooses among the commits of the library, none of them twice.</summary>
    private sealed class Choice
    {
        private readonly CommitLibrary _library;
        private readonly bool _canonical;
        private readonly SeededDraw _variants;
        private readonly SeededDraw _shas;
        private readonly HashSet<string> _taken = [];

        public Choice(CommitLibrary library, int seed, bool canonical)
        {
            _library = library;
            _canonical = canonical;
            _variants = SeededDraw.For(seed, "commits");
            _shas = SeededDraw.For(seed, "shas");
        }

        /// <summary>A commit for each role, such that the diff of none shows what another one has taken away before it.</summary>
        /// <param name="roles">In the order in which the commits are made.</param>
        public List<LibraryCommit> InOrder(IReadOnlyList<string> roles)
        {
            // Named ones first: which decoy fits depends on those before and those after it.
            var chosen = new LibraryCommit?[roles.Count];
            for (var i = 0; i < roles.Count; i++)
            {
                chosen[i] = roles[i] == ScenarioPhase.Decoy ? null : OfRole(roles[i], chosen);
            }

            // First, for each named commit, one that touches a file of it and that no other decoy can keep out: its files must not tell what is at fault.
            List<LibraryCommit> decoys = [.. _variants.Shuffle(_library.Decoys.Where(decoy => !roles.Contains(decoy.Role)))];
            var apart = decoys.FindAll(decoy => !decoys.Exists(other => other.IsBefore(decoy) || decoy.IsBefore(other)));
            decoys = [.. chosen.OfType<LibraryCommit>().Select(named => apart.Find(named.SharesFileWith)).OfType<LibraryCommit>().Union(decoys)];
            foreach (var i in _variants.Shuffle(Enumerable.Range(0, roles.Count).Where(i => chosen[i] is null)))
            {
                chosen[i] = decoys.First(decoy => !chosen[..i].Any(earlier => earlier is not null && decoy.IsBefore(earlier)) && !chosen[i..].Any(later => later?.IsBefore(decoy) is true));
                decoys.Remove(chosen[i]!);
            }

            return [.. chosen.Select(commit => commit!)];
        }

        public PlannedCommit Place(LibraryCommit commit, double atS) => new(
            _canonical && commit.Sha is { } known && _taken.Add(known) ? known : FreshSha(),
            commit.Role,
            Math.Round(atS),
            commit.Author,
            commit.Message,
            commit.PullRequest,
            commit.Diff,
            commit.Files,
            commit.Sets);

        private LibraryCommit OfRole(string role, IReadOnlyList<LibraryCommit?> chosen)
        {
            List<LibraryCommit> variants = [.. _library.OfRole(role).Where(commit => commit.Reverts is null || chosen.Any(other => other?.Id == commit.Reverts))];
            return _canonical ? variants[0] : _variants.Of(variants);
        }

        private string FreshSha()
        {
            string sha;
            do
            {
                sha = (_shas.Next() >> 36).ToString("x7", CultureInfo.InvariantCulture);
            }
            while (!_taken.Add(sha));
            return sha;
        }
    }
}
