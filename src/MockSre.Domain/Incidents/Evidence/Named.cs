using System.Globalization;
using MockSre.Domain.Incidents.Planning;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>
/// Finds what an investigator names: commits by SHA, in full or abbreviated, deploys by number, and both by the id of their evidence. Upper and lower case
/// mean the same.
/// </summary>
public static class Named
{
    /// <summary>The fewest digits of an abbreviated SHA, as in git.</summary>
    public const int LeastShaDigits = 4;

    private const int MaxShownName = 60;

    /// <summary>Finds a commit.</summary>
    /// <param name="incident">The run.</param>
    /// <param name="name">Such as <c>d40f3b2</c>, <c>D40F</c> or <c>commit:d40f3b2</c>.</param>
    /// <param name="now">Newer commits do not exist yet.</param>
    /// <returns>Null for an unknown one.</returns>
    /// <exception cref="IncidentRefusedException">Several commits have these digits.</exception>
    public static PlannedCommit? Commit(IncidentRecord incident, string? name, DateTimeOffset now)
    {
        var commits = incident.Plan.Commits.Where(commit => incident.At(commit.AtS) <= now).ToList();
        return Sha(Strip(name, "commit:"), commits.Select(commit => commit.Sha)) is { } sha ? commits.Find(commit => commit.Sha == sha) : null;
    }

    /// <summary>Finds a deploy.</summary>
    /// <param name="incident">The run.</param>
    /// <param name="name">Such as <c>1</c> or <c>deploy:1</c>.</param>
    /// <returns>Null for an unknown one.</returns>
    public static Deployed? Deploy(IncidentRecord incident, string? name) =>
        int.TryParse(Strip(name, "deploy:"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? incident.Deploys.FirstOrDefault(deploy => deploy.Number == number)
            : null;

    /// <summary>Finds one of some SHAs by its digits.</summary>
    /// <returns>Null where none has them.</returns>
    /// <exception cref="IncidentRefusedException">Several have them.</exception>
    public static string? Sha(string? digits, IEnumerable<string> shas)
    {
        if (digits is not { Length: >= LeastShaDigits and <= FullSha.Digits } || !digits.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var matching = shas.Distinct().Where(sha => FullSha.Of(sha).StartsWith(digits, StringComparison.OrdinalIgnoreCase)).ToList();
        return matching.Count <= 1
            ? matching.FirstOrDefault()
            : throw new IncidentRefusedException(
                RefusalKind.Invalid, "Ambiguous SHA", $"{digits} begins {string.Join(", ", matching)}. Give more digits.");
    }

    /// <summary>An action with its target as it is recorded: the number of a deploy, the SHA of a commit, the name of a setting.</summary>
    /// <exception cref="IncidentRefusedException">The run has no such commit or deploy, or several commits fit.</exception>
    public static RepairAction Canonical(IncidentRecord incident, RepairAction action, DateTimeOffset now) => action with
    {
        Target = action.Kind switch
        {
            RepairKind.Rollback => Deploy(incident, action.Target)?.Number.ToString(CultureInfo.InvariantCulture)
                ?? throw UnknownDeploy(action.Target),
            RepairKind.Revert => Commit(incident, action.Target, now)?.Sha ?? throw UnknownCommit(action.Target),
            RepairKind.SetConfig => Strip(action.Target, "config:")?.ToLowerInvariant(),
            _ => action.Target,
        },
    };

    /// <summary>The refusal of an unknown commit.</summary>
    public static IncidentRefusedException UnknownCommit(string? name) =>
        Unknown("commit", name, $"Name it by its SHA, or by at least the first {LeastShaDigits} digits of it.");

    /// <summary>The refusal of an unknown release.</summary>
    public static IncidentRefusedException UnknownRelease(string name) =>
        Unknown("release", name, $"Name it by at least the first {LeastShaDigits} digits that evidence has of it.");

    /// <summary>The refusal of an unknown evidence id.</summary>
    public static IncidentRefusedException UnknownEvidence(string id) => Unknown("evidence", id, "Cite it by the id that the answers have.");

    private static IncidentRefusedException UnknownDeploy(string? name) => Unknown("deploy", name, "Name it by its number.");

    private static IncidentRefusedException Unknown(string kind, string? name, string advice)
    {
        var shown = name?.Length > MaxShownName ? name[..MaxShownName] + "…" : name;
        return new IncidentRefusedException(RefusalKind.Invalid, $"Unknown {kind}", $"There is no {kind} '{shown}'. {advice}");
    }

    private static string? Strip(string? name, string kind) =>
        name?.StartsWith(kind, StringComparison.OrdinalIgnoreCase) == true ? name[kind.Length..] : name;
}
