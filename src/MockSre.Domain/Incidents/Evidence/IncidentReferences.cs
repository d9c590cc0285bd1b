using MockSre.Domain.Incidents.Planning;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>Resolves references to commits, deploys and releases. Case does not matter.</summary>
/// <remarks>A reference is a SHA in full or abbreviated, the number of a deploy, or an evidence id such as <c>commit:d40f3b2</c>.</remarks>
public static class IncidentReferences
{
    /// <summary>The fewest digits of an abbreviated SHA, as in git.</summary>
    public const int LeastShaDigits = 4;

    private const int MaxShownReference = 60;

    /// <summary>Finds a commit by its SHA or the id of its evidence.</summary>
    /// <param name="now">Newer commits do not exist yet.</param>
    /// <exception cref="RefusedException">Several commits begin with these digits.</exception>
    public static PlannedCommit? FindCommit(this IncidentRecord incident, string? reference, DateTimeOffset now)
    {
        var commits = incident.Plan.Commits.Where(commit => incident.At(commit.AtS) <= now).ToList();
        var sha = FindSha(Strip(reference, "commit:"), commits.Select(commit => commit.Sha));
        return commits.Find(commit => commit.Sha == sha);
    }

    public static Deployed? FindDeploy(this IncidentRecord incident, string? reference) =>
        int.TryParse(Strip(reference, "deploy:"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? incident.Deploys.FirstOrDefault(deploy => deploy.Number == number)
            : null;

    /// <exception cref="RefusedException">Several SHAs begin with these digits.</exception>
    public static string? FindSha(string? digits, IEnumerable<string> shas)
    {
        if (digits is not { Length: >= LeastShaDigits and <= FullSha.Digits } || !digits.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var matching = shas.Distinct().Where(sha => FullSha.Of(sha).StartsWith(digits, StringComparison.OrdinalIgnoreCase)).ToList();
        return matching.Count <= 1
            ? matching.FirstOrDefault()
            : throw new RefusedException(
                RefusalKind.Invalid, "Ambiguous SHA", $"{digits} begins {string.Join(", ", matching)}. Give more digits.");
    }

    /// <summary>Resolves the target of an action to the number of a deploy, the SHA of a commit or the name of a setting.</summary>
    /// <exception cref="RefusedException">The run has no such commit or deploy, or several commits match.</exception>
    public static RepairAction Resolve(this IncidentRecord incident, RepairAction action, DateTimeOffset now) => action with
    {
        Target = action.Kind switch
        {
            RepairKind.Rollback => incident.FindDeploy(action.Target)?.Number.ToString(CultureInfo.InvariantCulture)
                ?? throw UnknownDeploy(action.Target),
            RepairKind.Revert => incident.FindCommit(action.Target, now)?.Sha ?? throw UnknownCommit(action.Target),
            RepairKind.SetConfig => Strip(action.Target, "config:")?.ToLowerInvariant(),
            _ => action.Target,
        },
    };

    public static RefusedException UnknownCommit(string? reference) =>
        Unknown("commit", reference, $"Name it by its SHA, or by at least the first {LeastShaDigits} digits of it.");

    public static RefusedException UnknownRelease(string reference) =>
        Unknown("release", reference, $"Name it by at least the first {LeastShaDigits} digits that evidence has of it.");

    public static RefusedException UnknownEvidence(string id) => Unknown("evidence", id, "Cite it by the id that the answers have.");

    private static RefusedException UnknownDeploy(string? reference) => Unknown("deploy", reference, "Name it by its number.");

    private static RefusedException Unknown(string kind, string? reference, string advice)
    {
        var shown = reference?.Length > MaxShownReference ? reference[..MaxShownReference] + "…" : reference;
        return new RefusedException(RefusalKind.Invalid, $"Unknown {kind}", $"There is no {kind} '{shown}'. {advice}");
    }

    private static string? Strip(string? reference, string prefix) =>
        reference?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true ? reference[prefix.Length..] : reference;
}
