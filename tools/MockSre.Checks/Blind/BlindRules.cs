using MockSre.Testing;

namespace MockSre.Checks.Blind;

/// <summary>The forbidden words and the allowed fields and headers of a blind run, from two fixture files.</summary>
/// <param name="Allowed">Fields as <c>part path</c>, such as <c>commits commits[].sha</c>, and headers as <c>header name</c>.</param>
internal sealed record BlindRules(ForbiddenWords Forbidden, IReadOnlySet<string> Allowed)
{
    /// <summary>Reads the fixtures of a service.</summary>
    public static BlindRules Read(string service)
    {
        var directory = Path.Combine(Path.GetDirectoryName(service)!, "fixtures", "blind");
        return new BlindRules(
            ForbiddenWords.Read(Path.Combine(directory, "forbidden-words.txt")),
            File.ReadLines(Path.Combine(directory, "allowed-fields.txt")).Where(line => line.Length > 0 && line[0] != '#').ToHashSet());
    }
}
