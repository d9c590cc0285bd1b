using System.Globalization;
using System.Text.RegularExpressions;

namespace MockSre.Investigator;

/// <summary>The effects of a commit that its diff shows.</summary>
internal sealed partial class Diff
{
    private readonly List<string> _removed = [];
    private readonly List<string> _added = [];

    /// <param name="unified">A unified diff. Tests, documents and comments are ignored.</param>
    public Diff(string unified)
    {
        var isCode = false;
        foreach (var line in unified.Split('\n'))
        {
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                isCode = !Inert().IsMatch(line);
            }
            else if (isCode && IsChange(line) && !Comment().IsMatch(line))
            {
                (line[0] == '-' ? _removed : _added).Add(line[1..]);
            }
        }
    }

    /// <summary>Whether the diff removes calls to a cache.</summary>
    public bool TakesCacheAway => Count(_added, CacheCall()) < Count(_removed, CacheCall());

    /// <summary>Whether a query compares a function of a column, so that no index helps.</summary>
    public bool WrapsColumn => Count(_added, ColumnInFunction()) > Count(_removed, ColumnInFunction());

    /// <summary>Whether an added loop awaits a call in each iteration.</summary>
    public bool AwaitsInALoop => _added.SkipWhile(line => !Loop().IsMatch(line)).Any(Awaited().IsMatch);

    public bool DropsIndex => Count(_added, DroppedIndex()) > 0 || Count(_added, Index()) < Count(_removed, Index());

    /// <summary>Whether a lease is no longer disposed.</summary>
    public bool LeaksLease => Count(_added, Lease()) < Count(_removed, Lease());

    /// <summary>The new size of the pool as a share of the old one; 1 if it does not shrink.</summary>
    public double ShrinksPool => Shrinks(name => Pool().IsMatch(name) && Size().IsMatch(name));

    /// <summary>The new wait for a connection as a share of the old one; 1 if it does not shrink.</summary>
    public double ShortensWait => Shrinks(name => Pool().IsMatch(name) && Wait().IsMatch(name));

    private static bool IsChange(string line) =>
        line is ['-' or '+', ..]
        && !line.StartsWith("---", StringComparison.Ordinal)
        && !line.StartsWith("+++", StringComparison.Ordinal);

    private double Shrinks(Func<string, bool> isMeant) => Numbers(_removed)
        .Join(Numbers(_added), old => old.Name, now => now.Name, (old, now) => (old.Name, Factor: now.Value / old.Value))
        .Where(change => isMeant(change.Name) && change.Factor < 1)
        .Select(change => change.Factor)
        .DefaultIfEmpty(1)
        .Min();

    private static IEnumerable<(string Name, double Value)> Numbers(IEnumerable<string> lines) =>
        from line in lines
        from Match match in Assigned().Matches(line)
        let value = double.Parse(match.Groups[2].Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
        where value > 0
        select (match.Groups[1].Value, value);

    private static int Count(IEnumerable<string> lines, Regex pattern) => lines.Count(pattern.IsMatch);

    [GeneratedRegex(@" b/(.*tests?/|docs?/|.*\.(md|txt)$)", RegexOptions.IgnoreCase)]
    private static partial Regex Inert();

    [GeneratedRegex(@"^.\s*(//|/?\*|#|--)")]
    private static partial Regex Comment();

    [GeneratedRegex(@"cache\w*\??\.(Get|Set|Try|Look|Put|Add|Find)|\b(LookUp|Get|Set|Try)\w*Cache\w*\(", RegexOptions.IgnoreCase)]
    private static partial Regex CacheCall();

    [GeneratedRegex(
        @"\w\(\s*\w+\.\w+[^()]*\)\s*(==|=|LIKE)|\w+\.\w+\.\w+\([^()]*\)\s*==|(WHERE|AND)\s+\w+\s*\(|AsEnumerable\(",
        RegexOptions.IgnoreCase)]
    private static partial Regex ColumnInFunction();

    [GeneratedRegex(@"\.HasIndex\(|CREATE (UNIQUE )?INDEX|CreateIndex\(", RegexOptions.IgnoreCase)]
    private static partial Regex Index();

    [GeneratedRegex(@"DROP INDEX|DropIndex\(", RegexOptions.IgnoreCase)]
    private static partial Regex DroppedIndex();

    [GeneratedRegex(@"using .*(lease|connection|acquir)|(lease|connection)\w*\.Dispose", RegexOptions.IgnoreCase)]
    private static partial Regex Lease();

    [GeneratedRegex(@"\b(foreach|for|while)\s*\(")]
    private static partial Regex Loop();

    [GeneratedRegex(@"\bawait\b.*\w\(")]
    private static partial Regex Awaited();

    [GeneratedRegex("pool|connection", RegexOptions.IgnoreCase)]
    private static partial Regex Pool();

    [GeneratedRegex("limit|size|max|capacity|count", RegexOptions.IgnoreCase)]
    private static partial Regex Size();

    [GeneratedRegex("timeout|wait", RegexOptions.IgnoreCase)]
    private static partial Regex Wait();

    [GeneratedRegex("\"?(\\w+)\"?\\s*[=:]\\s*\"?([\\d_]+(?:\\.\\d+)?)\\b")]
    private static partial Regex Assigned();
}
