using System.Collections.Immutable;
using MockSre.Domain.Incidents;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>A diagnosis while it is filled in.</summary>
public sealed record DiagnosisDraft
{
    private static readonly string[] Times = ["HH:mm:ss", "HH:mm"];

    /// <summary>Null until it is chosen.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>A time of day, UTC, as it was typed. Empty for none.</summary>
    public string Onset { get; init; } = "";

    public ImmutableList<string> Commits { get; init; } = [];

    /// <summary>Empty until it is chosen.</summary>
    public string Component { get; init; } = "";

    /// <summary>Empty until it is chosen.</summary>
    public string Mechanism { get; init; } = "";

    public ImmutableList<string> Evidence { get; init; } = [];

    public ImmutableList<RepairAction> Repair { get; init; } = [];

    public bool IsEvidenceFull => Evidence.Count >= Diagnosis.MaxEvidence;

    public bool IsRepairFull => Repair.Count >= Diagnosis.MaxRepair;

    /// <summary>Cites evidence, or removes the citation. Beyond the limit nothing is added.</summary>
    public DiagnosisDraft Cite(string id) => this with { Evidence = Toggle(Evidence, id, Diagnosis.MaxEvidence) };

    /// <summary>Blames a commit, or stops blaming it. Beyond the limit nothing is added.</summary>
    public DiagnosisDraft Blame(string sha) => this with { Commits = Toggle(Commits, sha, Diagnosis.MaxCommits) };

    /// <summary>Adds an action once. Beyond the limit nothing is added.</summary>
    public DiagnosisDraft Repairing(RepairAction action) =>
        IsRepairFull || Repair.Contains(action) ? this : this with { Repair = Repair.Add(action) };

    /// <summary>Why the onset cannot be read. Null for a valid or an empty onset.</summary>
    public string? OnsetProblem => Onset.Trim().Length > 0 && !TryParse(Onset, out _)
        ? "The onset is a time of day such as 09:31:05, UTC, or empty."
        : null;

    /// <summary>Why it cannot be submitted yet. Null for a complete diagnosis.</summary>
    public string? Problem =>
        Verdict is null ? "Choose a verdict."
        : OnsetProblem is { } unreadable ? unreadable
        : Component.Length == 0 ? "Choose a component."
        : Mechanism.Length == 0 ? "Choose a mechanism."
        : null;

    /// <summary>Call only without a <see cref="Problem"/>.</summary>
    /// <param name="startedAt">When the run began. The onset is the nearest such time of day.</param>
    public DiagnosisSubmission ToSubmission(DateTimeOffset startedAt) => new(
        Verdict, TryParse(Onset, out var time) ? Nearest(time, startedAt) : null, Commits, Component, Mechanism, Evidence,
        [.. Repair.Select(action => new ActionSubmission(action.Kind, action.Target, action.Value))]);

    private static ImmutableList<string> Toggle(ImmutableList<string> list, string item, int most) =>
        list.Contains(item) ? list.Remove(item)
        : list.Count >= most ? list
        : list.Add(item);

    private static bool TryParse(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text.Trim(), Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    // A run may go on past midnight.
    private static DateTimeOffset Nearest(TimeOnly time, DateTimeOffset to) => new[] { -1, 0, 1 }
        .Select(day => new DateTimeOffset(to.UtcDateTime.Date.AddDays(day) + time.ToTimeSpan(), TimeSpan.Zero))
        .MinBy(at => (at - to).Duration());
}
