namespace MockSre.Domain.Signals;

/// <summary>An issue as Sentry groups errors: one exception type thrown from one method, or one message.</summary>
/// <param name="Title">Type and message of the latest error.</param>
/// <param name="Type">The exception's type with its namespace; null for messages without an exception.</param>
/// <param name="Tags">At most 50, those on most errors first.</param>
/// <param name="Releases">At most 20, most errors first.</param>
public sealed record IssueGroup(
    string Title, string? Type, string? Culprit, int Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen,
    string? LatestEventId, IReadOnlyList<TagDistribution> Tags, IReadOnlyList<ValueShare> Releases)
{
    public const int MaxTags = 50;
    public const int MaxValues = 20;

    /// <summary>Groups the errors of the entries, the most recent first.</summary>
    public static IReadOnlyList<IssueGroup> Of(IEnumerable<SignalEntry> entries) =>
    [
        .. entries.SelectMany(entry => entry.Signals.OfType<ErrorSignal>().Select(error => (entry.Sequence, Error: error)))
            .OrderBy(seen => seen.Error.At)
            .ThenBy(seen => seen.Sequence)
            .Select(seen => seen.Error)
            .GroupBy(error => (error.Type, error.ThrownFrom, Message: error.Type is null ? error.Message : null))
            .Select(group => Group([.. group]))
            .OrderByDescending(group => group.LastSeen)
            .ThenBy(group => group.Title, StringComparer.Ordinal),
    ];

    public static string TitleOf(ErrorSignal error)
    {
        var message = error.Message.AsSpan().Trim();
        var lineEnd = message.IndexOfAny('\r', '\n');
        var line = (lineEnd < 0 ? message : message[..lineEnd]).ToString();
        return error.ShortType is not { } type ? (line.Length == 0 ? "(no message)" : line)
            : line.Length == 0 ? type
            : $"{type}: {line}";
    }

    private static IssueGroup Group(ErrorSignal[] errors)
    {
        var latest = errors[^1];
        return new IssueGroup(
            TitleOf(latest),
            latest.Type,
            latest.ThrownFrom,
            errors.Length,
            errors[0].At,
            latest.At,
            latest.EventId,
            [
                .. errors.SelectMany(error => error.Tags)
                    .GroupBy(tag => tag.Key, tag => tag.Value)
                    .OrderByDescending(values => values.Count())
                    .ThenBy(values => values.Key, StringComparer.Ordinal)
                    .Take(MaxTags)
                    .Select(Distribution),
            ],
            [.. Shares(errors.Select(error => error.Release).OfType<string>()).Take(MaxValues)]);
    }

    private static TagDistribution Distribution(IGrouping<string, string> values)
    {
        var shares = Shares(values);
        return new TagDistribution(
            values.Key,
            [.. shares.Take(MaxValues)],
            Math.Max(0, shares.Length - MaxValues),
            shares.Skip(MaxValues).Sum(share => share.Count));
    }

    private static ValueShare[] Shares(IEnumerable<string> values)
    {
        var counts = values.CountBy(value => value).ToArray();
        var all = counts.Sum(count => count.Value);
        return
        [
            .. counts.OrderByDescending(count => count.Value)
                .ThenBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => new ValueShare(count.Key, count.Value, (double)count.Value / all)),
        ];
    }
}

/// <param name="Values">At most 20, most errors first.</param>
/// <param name="OtherValues">Values beyond those listed.</param>
/// <param name="OtherCount">Events with one of those values.</param>
public sealed record TagDistribution(string Key, IReadOnlyList<ValueShare> Values, int OtherValues, int OtherCount);

/// <param name="Share">Their share of the errors that have any value, 0 to 1.</param>
public sealed record ValueShare(string Value, int Count, double Share);
