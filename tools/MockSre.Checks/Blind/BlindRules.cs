using MockSre.Testing;

namespace MockSre.Checks.Blind;

/// <summary>What must not be said in a blind run, and which fields and headers there may be, as two files of the fixtures list them.</summary>
/// <param name="Forbidden">Words that would tell.</param>
/// <param name="Allowed">Fields as <c>part path</c>, such as <c>commits commits[].sha</c>, and headers as <c>header name</c>.</param>
internal sealed record BlindRules(ForbiddenWords Forbidden, IReadOnlySet<string> Allowed)
{
    /// <summary>Reads them beside a service.</summary>
    public static BlindRules Read(string service)
    {
        var directory = Path.Combine(Path.GetDirectoryName(service)!, "fixtures", "blind");
        return new BlindRules(
            ForbiddenWords.Read(Path.Combine(directory, "forbidden-words.txt")),
            File.ReadLines(Path.Combine(directory, "allowed-fields.txt")).Where(line => line.Length > 0 && line[0] != '#').ToHashSet());
    }
}
