namespace MockSre.Investigator;

/// <summary>The parts of an incident that this program reads.</summary>
internal sealed record Incident(string Id, string Status, Alert? Alert, ServiceLevel ServiceLevel, Score? Score);

internal sealed record Alert(string Name, string Summary, DateTimeOffset FiredAt, string Measure);

internal sealed record ServiceLevel(double ErrorRate, double P95Ms)
{
    public bool IsBrokenBy(Figures figures) => figures.ErrorRate > ErrorRate || figures.P95Ms > P95Ms;
}

internal sealed record Score(double Total, IReadOnlyList<ScorePart> Parts, IReadOnlyList<TrivialScore> Beside);

internal sealed record ScorePart(string Name, double Weight, double Value, string Reason);

internal sealed record TrivialScore(string Name, double Total);

/// <summary>Commits and deploys, newest first.</summary>
internal sealed record Changes(IReadOnlyList<Commit> Commits, IReadOnlyList<Deploy> Deploys);

internal sealed record Commit(string Id, string Sha, DateTimeOffset At, string Message, string Diff)
{
    public string Title => Message.Split('\n')[0];
}

internal sealed record Deploy(string Id, int Number, DateTimeOffset At, string Release, string Cause, IReadOnlyList<string> Commits);

/// <param name="ByRelease">Figures of each release, in the order of their first requests.</param>
/// <param name="ByTime">Figures of ten seconds each, oldest first.</param>
internal sealed record Metrics(IReadOnlyList<Figures> ByRelease, IReadOnlyList<Figures> ByTime);

/// <summary>Figures of a release, or of ten seconds.</summary>
/// <param name="CacheHitRate">Null without a cache.</param>
internal sealed record Figures(
    string Id,
    string? Release,
    DateTimeOffset From,
    DateTimeOffset To,
    int Requests,
    double ErrorRate,
    double? P50Ms,
    double? P95Ms,
    int DbReads,
    int PoolTimeouts,
    double? CacheHitRate);

internal sealed record Signals(IReadOnlyList<Issue> Issues, IReadOnlyList<Transaction> Transactions);

internal sealed record Issue(string Id, string Type, IReadOnlyDictionary<string, int> Releases);

internal sealed record Transaction(string Id, DateTimeOffset At, string Release, double DurationMs, IReadOnlyList<Span> Spans)
{
    /// <summary>The longest span of an operation, such as <c>db.query</c>, in milliseconds.</summary>
    public double Longest(string operation) =>
        Spans.Where(span => span.Operation == operation).Select(span => span.DurationMs).DefaultIfEmpty().Max();

    public int Count(string operation) => Spans.Count(span => span.Operation == operation);
}

internal sealed record Span(string Operation, double DurationMs);

internal sealed record LogLine(string Id, DateTimeOffset At, string? Release, int? Status, double? DurationMs);

internal sealed record RepairAction(string Kind, string? Target);

internal sealed record Diagnosis(
    string Verdict,
    DateTimeOffset? Onset,
    IReadOnlyList<string> Commits,
    string Component,
    string Mechanism,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<RepairAction> Repair);
