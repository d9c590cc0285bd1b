using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Planning;

/// <summary>Plans runs. The same seed gives the same plan.</summary>
public sealed class IncidentPlanner(ScenarioCatalog catalog)
{
    private const double Hour = 3600;

    /// <summary>The precision of the figures, in seconds at any pace.</summary>
    private const double OnsetToleranceS = IncidentPlan.FiguresS;

    /// <summary>The age of a fresh commit at its deploy, in seconds at <see cref="Pace.Real"/>.</summary>
    private const double FreshAgeS = 60;

    /// <summary>The longest delay of a random scenario, in seconds at <see cref="Pace.Demo"/>.</summary>
    private const double MaxDelayS = 15;

    public IncidentPlan? Plan(string name, int seed, Pace pace, bool blind)
    {
        if (catalog.Draws.FirstOrDefault(draw => draw.Name == name) is { } drawn)
        {
            var draw = SeededDraw.For(seed, "scenario");
            var chosen = draw.Of(drawn.DrawsFrom);
            var scenario = catalog.Scenarios.Single(scenario => scenario.Name == chosen);
            return Plan(name, Shuffle(scenario, draw), seed, pace, blind, isDrawn: true);
        }

        var known = catalog.Scenarios.FirstOrDefault(scenario => scenario.Name == name);
        return known is null ? null : Plan(name, known, seed, pace, blind, isDrawn: false);
    }

    // The order of the faults, the number of decoys and the time before the first fault are random.
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
            Phases = [.. phases.Select(Later)],
            Alert = scenario.Alert with { EarliestS = scenario.Alert.EarliestS + delay, LatestS = scenario.Alert.LatestS + delay },
            InvestigationBeginsS = scenario.InvestigationBeginsS + delay,
            Decoys = new ScenarioDecoys(scenario.Decoys.Older + draw.Below(3), scenario.Decoys.Waiting + draw.Below(2)),
        };

        ScenarioPhase Later(ScenarioPhase phase) =>
            phase with { BeginsS = phase.BeginsS + delay, Commits = [.. Surround(phase.Commits, phase.Fresh, draw)] };
    }

    private static List<ScenarioPhase> ShuffleFaults(IReadOnlyList<ScenarioPhase> phases, AnswerKey key, SeededDraw draw)
    {
        var faults = new Queue<string>(draw.Shuffle(phases.SelectMany(phase => phase.Commits).Where(role => IsAtFault(key, role))));
        return [.. phases.Select(phase => phase with { Commits = [.. phase.Commits.Select(Replace)] })];

        string Replace(string role) => IsAtFault(key, role) ? faults.Dequeue() : role;
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

        // In the order in which the commits were made: fresh ones are newer than those that wait for a deploy.
        List<string> usual = [.. scenario.Phases.Where(phase => !phase.Fresh).SelectMany(phase => phase.Commits)];
        List<string> fresh = [.. scenario.Phases.Where(phase => phase.Fresh).SelectMany(phase => phase.Commits)];
        List<string> roles = [.. Decoys(scenario.Decoys.Older), .. usual, .. Decoys(scenario.Decoys.Waiting), .. fresh];
        var made = new Queue<LibraryCommit>(choice.InOrder(roles));
        var older = Take(scenario.Decoys.Older);
        var shippedLater = new Queue<LibraryCommit>(Take(usual.Count));
        var waiting = Take(scenario.Decoys.Waiting);

        var commits = new List<PlannedCommit>();
        var deploys = new List<PlannedDeploy>();

        // Two deploys before the run: yesterday and this morning.
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
            Enumerable.Range(0, waiting.Count).Select(_ => times.Between(-1.8 * Hour, -0.2 * Hour)).Order(), choice.Place));
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

    // The first phase whose commits break the service level, by the measured effects, or the time at which a growing table breaks it.
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

    /// <summary>Chooses commits of the library, none of them twice.</summary>
    /// <param name="canonical">Whether to choose the commits and SHAs of Incident B.</param>
    private sealed class Choice(CommitLibrary library, int seed, bool canonical)
    {
        private readonly SeededDraw _variants = SeededDraw.For(seed, "commits");
        private readonly SeededDraw _shas = SeededDraw.For(seed, "shas");
        private readonly HashSet<string> _taken = [];

        /// <summary>Chooses a commit for each role. No diff shows lines that an earlier commit has removed.</summary>
        /// <param name="roles">In the order in which the commits are made.</param>
        public List<LibraryCommit> InOrder(List<string> roles)
        {
            // Named roles first: a decoy must fit the commits before and after it.
            var chosen = new LibraryCommit?[roles.Count];
            for (var i = 0; i < roles.Count; i++)
            {
                chosen[i] = roles[i] == ScenarioPhase.Decoy ? null : OfRole(roles[i], chosen);
            }

            // The first decoys share a file with each named commit, so that the files do not give away the fault. They fit anywhere.
            List<LibraryCommit> decoys = [.. _variants.Shuffle(library.Decoys.Where(decoy => !roles.Contains(decoy.Role)))];
            var apart = decoys.FindAll(decoy => !decoys.Exists(other => other.IsBefore(decoy) || decoy.IsBefore(other)));
            var alike = chosen.OfType<LibraryCommit>().Select(named => apart.Find(named.SharesFileWith)).OfType<LibraryCommit>();
            decoys = [.. alike.Union(decoys)];
            foreach (var i in _variants.Shuffle(Enumerable.Range(0, roles.Count).Where(i => chosen[i] is null)))
            {
                chosen[i] = decoys.First(decoy =>
                    !chosen[..i].Any(earlier => earlier is not null && decoy.IsBefore(earlier))
                    && !chosen[i..].Any(later => later?.IsBefore(decoy) is true));
                decoys.Remove(chosen[i]!);
            }

            return [.. chosen.Select(commit => commit!)];
        }

        public PlannedCommit Place(LibraryCommit commit, double atS) => new(
            canonical && commit.Sha is { } known && _taken.Add(known) ? known : FreshSha(),
            commit.Role, Math.Round(atS), commit.Author, commit.Message, commit.PullRequest, commit.Diff, commit.Files, commit.Sets);

        private LibraryCommit OfRole(string role, IReadOnlyList<LibraryCommit?> chosen)
        {
            var variants = library.OfRole(role)
                .Where(commit => commit.Reverts is null || chosen.Any(other => other?.Id == commit.Reverts))
                .ToList();
            return canonical ? variants[0] : _variants.Of(variants);
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
