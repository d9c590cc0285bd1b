using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;

namespace MockSre.Domain.Incidents;

/// <summary>An action as an investigator submits it, before any check.</summary>
public sealed record ActionSubmission(RepairKind? Kind, string? Target, string? Value)
{
    /// <summary>Checks what can be checked without the run.</summary>
    /// <param name="at">Where the action stands in a diagnosis, such as <c>repair[0].</c></param>
    /// <exception cref="RefusedException">A value is missing, or is not for this kind of action.</exception>
    public RepairAction Check(string at = "")
    {
        var kind = Kind ?? throw RefusedException.NotUnderstood($"{at}kind is one of {IncidentWords.List<RepairKind>()}.");
        RefusedException.Require(
            (Target is null) == (kind == RepairKind.Restart),
            kind == RepairKind.Restart ? $"{at}target is not for a restart." : $"{at}target is missing.");
        RefusedException.Require(
            (Value is null) == (kind != RepairKind.SetConfig),
            kind == RepairKind.SetConfig ? $"{at}value is missing." : $"{at}value is for set_config only.");
        return new RepairAction(kind, Target, Value);
    }
}

/// <summary>A diagnosis as an investigator submits it, before any check.</summary>
public sealed record DiagnosisSubmission(
    Verdict? Verdict, DateTimeOffset? Onset, IReadOnlyList<string>? Commits, string? Component, string? Mechanism,
    IReadOnlyList<string>? Evidence, IReadOnlyList<ActionSubmission>? Repair)
{
    /// <summary>Checks what can be checked without the run.</summary>
    /// <exception cref="RefusedException">A value is missing or unknown, or a list is too long.</exception>
    public Diagnosis Check(Vocabulary vocabulary)
    {
        RefusedException.Require(
            Component is not null && vocabulary.Components.Contains(Component),
            $"component is one of {string.Join(", ", vocabulary.Components)}.");
        RefusedException.Require(
            Mechanism is not null && vocabulary.Mechanisms.Contains(Mechanism),
            $"mechanism is one of {string.Join(", ", vocabulary.Mechanisms)}.");
        RefusedException.Require(Verdict is not null, $"verdict is one of {IncidentWords.List<Verdict>()}.");
        return new Diagnosis(
            Verdict!.Value,
            Onset,
            Within(Commits, Diagnosis.MaxCommits, "commits"),
            Component!,
            Mechanism!,
            Within(Evidence, Diagnosis.MaxEvidence, "evidence"),
            [.. Within(Repair, Diagnosis.MaxRepair, "repair").Select((action, i) => action.Check($"repair[{i}]."))]);

        static IReadOnlyList<T> Within<T>(IReadOnlyList<T>? list, int most, string name)
        {
            RefusedException.Require(
                list is null || (list.Count <= most && list.All(item => item is not null)),
                $"{name} has at most {most}, and none of them is null.");
            return list ?? [];
        }
    }
}
